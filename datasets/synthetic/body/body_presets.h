/// Heart, labels, clocks and files of the presets beyond "easy".
#pragma once

#include <array>

#include "datasets/synthetic/body/body_traits.h"

namespace rppg::datasets::body {

struct Body {
  HeartTraits heart;
  FingerTraits finger;
  TimingTraits timing;
  FileTraits file;
};

/// Short-term variability of healthy adults: SDNN about 50 ms, RMSSD about 40 ms (Nunan et al.,
/// PACE 33:1407, 2010).
inline constexpr HeartTraits adult_heart{.rate_bpm = {78, 14, 50, 125},
                                         .resting_rate_bpm = {72, 10, 50, 100},
                                         .exercise_rise_bpm = {15, 45},
                                         .recovery_s = {40, 100},
                                         .respiratory_swing_bpm = {0.8, 2.8},
                                         .mayer_swing_bpm = {0.8, 2.2},
                                         .slow_swing_bpm = {1.2, 3.0},
                                         .ectopic_per_min = {0, 0.3},
                                         .age_years = {18, 70}};

inline constexpr Body realistic{
    .heart = adult_heart,
    .finger = {.delay_s = {0.12, 0.30},
               .noise = {.noise = 0.01, .breathing = 0.08, .wander = 0.08, .drift = 0.2}},
    .timing = {.jitter_s = 0.004, .slowness = 0.01, .dropped = 0.002}};

inline constexpr Body hard{.heart = adult_heart,
                           .finger = {.delay_s = {0.12, 0.30},
                                      .noise = {.noise = 0.02,
                                                .breathing = 0.10,
                                                .wander = 0.15,
                                                .bursts = 0.03,
                                                .drift = 0.4,
                                                .dropouts = 0.01}},
                           .timing = {.jitter_s = 0.004, .slowness = 0.01, .dropped = 0.005}};

/// Students who play a mathematical game against the clock, with high rates; fitted to the public
/// label files with bench_labels.
inline constexpr Body ubfc_like{.heart = {.rate_bpm = {110, 16, 62, 134},
                                          .respiratory_swing_bpm = {1.1, 3.8},
                                          .mayer_swing_bpm = {1.1, 3.4},
                                          .slow_swing_bpm = {1.7, 4.6},
                                          .ectopic_per_min = {0, 0.2},
                                          .age_years = {20, 45}},
                                .finger = {.delay_s = {0.12, 0.28},
                                           .noise = {.noise = 0.008,
                                                     .breathing = 0.06,
                                                     .wander = 0.07,
                                                     .bursts = 0.004,
                                                     .drift = 0.85}},
                                .timing = {.jitter_s = 0.011, .slowness = 0.010, .dropped = 0.005},
                                .file = {.quirks = true}};

/// The ten subjects of PURE by the reference that Boccignone et al. (PeerJ Comput. Sci. 8:e929,
/// 2022) publish with their results, not in their order. Within a minute their rates move by about
/// 4 % (standard deviation of windows of 8 s).
inline constexpr std::array<double, 10> pure_rates_bpm{66, 52, 73, 130, 51, 80, 56, 69, 48, 73};

inline constexpr Body pure_like{
    .heart = {.known_rates_bpm = pure_rates_bpm,
              .respiratory_swing_bpm = {0.8, 2.8},
              .mayer_swing_bpm = {0.8, 2.2},
              .slow_swing_bpm = {1.8, 4.2},
              .ectopic_per_min = {0, 0.2},
              .age_years = {20, 45}},
    .finger = {.delay_s = {0.12, 0.28},
               .noise = {.noise = 0.008, .breathing = 0.06, .wander = 0.08, .drift = 0.2}},
    .timing = {.jitter_s = 0.001, .slowness = 0.003, .dropped = 0.001},
    .file = {.quirks = true}};

inline constexpr Body mcd_like{
    .heart = {.resting_rate_bpm = {76, 11, 52, 105},
              .exercise_rise_bpm = {10, 40},
              .recovery_s = {40, 100},
              .respiratory_swing_bpm = {0.8, 2.8},
              .mayer_swing_bpm = {0.8, 2.2},
              .slow_swing_bpm = {1.2, 3.0},
              .ectopic_per_min = {0, 0.5},
              .age_years = {18, 75}},
    .finger =
        {.delay_s = {0.12, 0.30},
         .noise = {.noise = 0.01, .breathing = 0.08, .wander = 0.12, .bursts = 0.01, .drift = 0.3}},
    .timing =
        {.jitter_s = 0.002, .slowness = 0.003, .dropped = 0.001, .doubled = 0.002, .poll_s = 0.016},
    .file = {.bits_per_pixel = 0.39, .quirks = true}};

}  // namespace rppg::datasets::body
