/// The methods themselves; registry.cpp makes the table of them. Equations: docs/methods.md.
#pragma once

#include <vector>

#include "signal/waveform.h"

namespace rppg::classical {

std::vector<double> pos(const RgbTrace& trace);
std::vector<double> chrom(const RgbTrace& trace);
std::vector<double> pbv(const RgbTrace& trace);
std::vector<double> green(const RgbTrace& trace);
std::vector<double> lgi(const RgbTrace& trace);
std::vector<double> ica(const RgbTrace& trace);
std::vector<double> omit(const RgbTrace& trace);

}  // namespace rppg::classical
