/// The table of data-set layouts.
#pragma once

#include <span>
#include <string_view>

#include "data/dataset.h"

namespace rppg::datasets {

/// All layouts. datasets/registry.cpp is the list.
std::span<const data::Layout> layouts();

/// Throws Error(usage), with the nearest name, when there is no such layout.
const data::Layout& find_layout(std::string_view name);

}  // namespace rppg::datasets
