/// What the presets say of the picture. The physics is the same in all of them; only these amounts
/// make a set hard. "easy" has the defaults of the traits.
#pragma once

#include "datasets/synthetic/scene/scene_traits.h"

namespace rppg::datasets::picture {

struct Picture {
  SceneTraits scene;
  CameraTraits camera;
};

/// People who sit before a webcam and know that they are filmed.
inline constexpr Picture realistic{.scene = {.pulse_amplitude = {0.006, 0.016},
                                             .sway = {0.02, 0.06},
                                             .unrest = {0.002, 0.008},
                                             .task_gain = 1,
                                             .recoil = 0.004,
                                             .light_drift = {0.01, 0.04},
                                             .light_unrest = {0.001, 0.004},
                                             .light_turn = {0, 0.03},
                                             .screen_light = {0, 0.012},
                                             .shadow = {0, 0.10},
                                             .flicker = {0, 0.004},
                                             .framing = 0.24},
                                   .camera = {.noise = {0.9, 1.4}, .exposure_steps = {0, 0.03}}};

/// Moving heads, coloured light that changes, a weak pulse and much noise: POS fails on some
/// recordings.
inline constexpr Picture hard{.scene = {.pulse_amplitude = {0.004, 0.014},
                                        .sway = {0.03, 0.12},
                                        .unrest = {0.004, 0.02},
                                        .task_gain = 1,
                                        .recoil = 0.006,
                                        .light_drift = {0.02, 0.08},
                                        .light_unrest = {0.002, 0.01},
                                        .light_turn = {0.02, 0.10},
                                        .screen_light = {0.003, 0.03},
                                        .screen_hue = 0.45,
                                        .shadow = {0, 0.30},
                                        .flicker = {0, 0.01},
                                        .framing = 0.23},
                              .camera = {.noise = {1.5, 3}, .exposure_steps = {0, 0.08}}};

/// Bobbia et al., Pattern Recognit. Lett. 124:82 (2019): students play a game on the screen before
/// them, lit by daylight and lamps; Logitech C920, raw.
inline constexpr Picture ubfc_like{.scene = {.skin_tones = 4,
                                             .pulse_amplitude = {0.0042, 0.0125},
                                             .sway = {0.05, 0.14},
                                             .unrest = {0, 0.0045},
                                             .task_gain = 1,
                                             .recoil = 0.005,
                                             .light_drift = {0.04, 0.16},
                                             .light_unrest = {0.0008, 0.0042},
                                             .light_turn = {0.01, 0.10},
                                             .screen_light = {0, 0.11},
                                             .screen_contrast = 0.1,
                                             .screen_tint = 0.55,
                                             .shadow = {0, 0.05},
                                             .flicker = {0, 0.004},
                                             .framing = 0.23},
                                   .camera = {.noise = {0.25, 0.35}}};

/// Stricker et al., RO-MAN 2014: six tasks before an industrial camera, by daylight through a
/// window, with clouds that pass.
inline constexpr Picture pure_like{.scene = {.skin_tones = 4,
                                             .pulse_amplitude = {0.0225, 0.038},
                                             .sway = {0.02, 0.042},
                                             .unrest = {0, 0.002},
                                             .task_gain = 1,
                                             .recoil = 0.001,
                                             .light_drift = {0.0005, 0.004},
                                             .light_unrest = {0.004, 0.012},
                                             .light_colour = {0.004, 0.006},
                                             .framing = 0.15},
                                   .camera = {.noise = {0.5, 1.0}}};

/// Egorov et al., ACM MM 2025: rest and after squats before three cameras that expose
/// automatically, strongly compressed.
inline constexpr Picture mcd_like{.scene = {.skin_tones = 4,
                                            .pulse_amplitude = {0.007, 0.018},
                                            .sway = {0.02, 0.07},
                                            .unrest = {0.002, 0.010},
                                            .task_gain = 1,
                                            .recoil = 0.006,
                                            .light_drift = {0.01, 0.04},
                                            .light_unrest = {0.001, 0.004},
                                            .light_turn = {0.01, 0.05},
                                            .screen_light = {0, 0.012},
                                            .shadow = {0, 0.08},
                                            .flicker = {0, 0.006},
                                            .framing = 0.19,
                                            .side_view_degrees = 60},
                                  .camera = {.noise = {0.7, 1.1}, .exposure_steps = {0.02, 0.10}}};

}  // namespace rppg::datasets::picture
