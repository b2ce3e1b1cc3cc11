/// The kinds of camera that synthetic recordings are made with.
#pragma once

#include <array>

#include "datasets/synthetic/head/spectrum.h"

namespace rppg::datasets {

enum class CameraKind {
  webcam,      ///< as UBFC-rPPG's and the frontal one of MCD-rPPG
  industrial,  ///< as PURE's: wide, clean colour filters, no processing
  phone,       ///< small pixels, strong colour correction
};

/// What sets one kind apart; values for a well-lit frame.
struct Sensor {
  std::array<Spectrum, 3> sensitivity;  ///< R, G, B after colour correction, white balanced: the
                                        ///< integral over daylight is 1
  double white_balance[3];              ///< what is left of a colour cast, factors
  double shot_noise;                    ///< variance over signal, white = 1, at unit gain
  double read_noise;                    ///< standard deviation, white = 1, at unit gain
  double readout_s;                     ///< of the rolling shutter, first row to last
};

const Sensor& sensor(CameraKind kind);

}  // namespace rppg::datasets
