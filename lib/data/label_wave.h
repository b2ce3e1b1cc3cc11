/// Contact PPG alone, on an even grid: what label quantisers see. No video is opened.
#pragma once

#include "data/alignment.h"
#include "data/recording.h"
#include "signal/waveform.h"

namespace rppg::data {

/// timestamps: linear interpolation of the labels at rate_hz, on their own clock. index: one sample
/// per frame, as LQ-rPPG takes them: labels per frame are taken as they are, others are resampled
/// over their index to as many samples as there are frames (known from frame_time_s, else from the
/// span of the labels and rate_hz); what comes out is called rate_hz.
/// start_s is the time of sample 0 on the labels' clock. Throws Error(malformed) as
/// require_usable() does, and for labels shorter than two samples at that rate.
struct LabelWave {
  Waveform wave;
  double start_s = 0;
};
LabelWave label_wave(const Recording& recording, const Labels& labels, Alignment alignment,
                     double rate_hz);

}  // namespace rppg::data
