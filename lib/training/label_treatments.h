/// Ways to make labels coarser or smoother, side by side.
#pragma once

#include <map>
#include <vector>

#include "results/label_analysis.h"
#include "signal/pulse_label.h"
#include "training/quantizer_training.h"

namespace rppg::training {

/// What each treatment keeps of labels and loses. The untreated (band-passed) label first, then
/// learned quantisers, then what anyone could do instead: smoothing alone (moving average over 5
/// samples; wavelets, soft threshold over 3 octaves), and equal steps, of the label in the pulse
/// band and of smoothed ones, at the bit rates of the quantisers. The last keep the whole band:
/// they stand for labels that nobody filtered.
std::vector<results::LabelAnalysis> analyze_treatments(
    const signal::LabelClips& clips, const std::map<int, Quantizer>& quantizers_by_bits);

}  // namespace rppg::training
