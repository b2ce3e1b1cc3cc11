/// What a command works on: recordings of data sets, and plain videos.
#pragma once

#include <string>
#include <vector>

#include "data/dataset.h"

namespace rppg::cli {

/// A recording and the layout that reads its labels (null for a plain video).
struct Item {
  const data::Layout* layout = nullptr;
  data::Recording recording;
};

/// All recordings of the named data sets, within their subject ranges, sorted by id. With more than
/// one data set, ids are prefixed by the layout name. Throws Error as discovery does, and
/// Error(malformed) for ids that are not unique.
std::vector<Item> select_items(const std::vector<std::string>& dataset_names);

/// The same for data sets and plain videos together. A video's id is its file name, with its
/// folder's name before it where several videos are called the same.
std::vector<Item> select_inputs(const std::vector<std::string>& inputs);

std::vector<data::Recording> recordings_of(const std::vector<Item>& items);

/// Sorts by id. Throws Error(malformed) for ids that are not unique.
void sort_by_id(std::vector<Item>& items);

}  // namespace rppg::cli
