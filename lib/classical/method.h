/// Classical methods: mean-colour trace -> pulse waveform, without training.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "signal/waveform.h"

namespace rppg::classical {

/// One method. The waveform has the length of the trace (CHROM: at most that, see docs/methods.md).
struct Method {
  std::string_view name;       ///< as on the command line: "pos"
  std::string_view title;      ///< as in tables: "POS"
  std::string_view reference;  ///< author, year, venue
  /// Never gives a value that is not finite: throws Error(malformed) when the trace is too short
  /// for the method's window or filter, is not finite, or is black where the method divides by it.
  /// A constant trace gives a waveform without variation, or that error (ICA, PBV).
  std::vector<double> (*extract)(const RgbTrace& trace);
};

/// All methods, in the order of tables. lib/classical/registry.cpp is the list.
std::span<const Method> methods();

/// Throws Error(usage), with the nearest name, when there is no such method.
const Method& find_method(std::string_view name);

}  // namespace rppg::classical
