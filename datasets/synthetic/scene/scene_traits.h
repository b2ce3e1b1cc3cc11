/// What a preset says of the picture: movement, light and camera.
#pragma once

#include "datasets/synthetic/body/body_traits.h"

namespace rppg::datasets {

// The defaults are the preset "easy".

struct SceneTraits {
  int skin_tones = 6;  ///< Fitzpatrick's types from I on, which subjects take in turn
  /// Green light of fair skin, linear, peak to peak, where blood flows best; 0.1-2 % in real faces.
  Range pulse_amplitude{0.018, 0.020};
  double delay_s = 0.03;  ///< of the pulse over the face, longest
  // Movement; shifts in head units (about 11 cm).
  Range sway{0.004, 0.012};  ///< slow drift of a person who sits still
  Range unrest{0, 0};        ///< standard deviation of quick movements, 0.3-3 Hz
  double task_gain = 0.15;   ///< of talking, translation and rotation, times PURE's
  double recoil = 0;         ///< ballistocardiographic, peak to peak
  // Light, as a share of the steady light.
  Range light_drift{0.005, 0.02};  ///< slow, of all colours alike
  Range light_unrest{0, 0};        ///< standard deviation, 0.1-4 Hz, of all colours alike
  Range light_colour{0, 0};        ///< standard deviation, 0.3-4 Hz, of blue daylight
  Range light_turn{0, 0};          ///< of the lamp's direction, radians, standard deviation
  Range screen_light{0, 0};        ///< of a display, whose picture changes by the scene:
  double screen_contrast = 1;      ///<   between dark and bright, as a share of the display's light
  double screen_tint = 0;          ///<   between yellow and blue, the same
  double screen_hue = 0.05;        ///<   of each colour by itself, as a share of the brightness
  Range shadow{0, 0};              ///< that moves over one side of the face
  Range flicker{0, 0};             ///< of the mains, which frames alias
  // Framing.
  double framing = 0.26;  ///< head unit as a share of the picture's height
  double side_view_degrees = 45;
};

struct CameraTraits {
  Range noise{0.5, 0.9};       ///< standard deviation, times that of the kind of camera
  Range exposure_steps{0, 0};  ///< of the automatic exposure, as a share of the level
};

}  // namespace rppg::datasets
