/// What a data-set layout provides, and how data sets are named on the command line.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "data/recording.h"

namespace rppg::data {

/// One public layout: a table entry of functions.
struct Layout {
  std::string_view name;         ///< as on the command line, "ubfc-rppg"
  std::string_view title;        ///< as in tables, "UBFC-rPPG"
  std::string_view description;  ///< folders and files it expects, one line
  std::string_view reference;    ///< author, year, venue

  /// All recordings below root, sorted by subject (numbers by value), then id. A recording that is
  /// incomplete is listed with its `problem`, never left out. Throws Error(missing) when root does
  /// not exist, Error(malformed) when nothing of this layout is found (the text says what was
  /// expected).
  std::vector<Recording> (*discover)(const std::filesystem::path& root);

  /// The labels of one recording. Throws Error(missing) or Error(malformed) naming file and line.
  Labels (*read_labels)(const Recording& recording);
};

/// "LAYOUT:PATH[@BEGIN-END]", BEGIN and END fractions of the sorted subjects.
struct DatasetName {
  std::string layout;
  std::filesystem::path path;
  double begin = 0;
  double end = 1;
};

/// Throws Error(usage) with the expected form. An '@' that is not followed by a range belongs to
/// the path.
DatasetName parse_dataset_name(std::string_view text);

}  // namespace rppg::data
