/// Colour of skin and of its pulse, from pigments through a camera.
#pragma once

#include <vector>

#include "datasets/synthetic/head/colour.h"
#include "datasets/synthetic/scene/sensor.h"

namespace rppg::datasets {

/// Pigments at one place of the skin.
struct Pigment {
  double melanin = 0.05;  ///< volume share of melanosomes in the epidermis: 1.3 % (fair) .. 43 %
  double blood = 0.02;    ///< volume share in the dermis
};

/// Diffuse reflection: light passes the epidermis (Beer-Lambert), is scattered back by the dermis
/// (Kubelka-Munk, half-space) and passes the epidermis again; the rough surface adds a little
/// white.
class SkinOptics {
 public:
  explicit SkinOptics(CameraKind kind);

  /// Share of white, linear light, R, G, B.
  Color reflectance(const Pigment& pigment) const;
  /// Relative darkening of R, G, B by the same added arterial blood; green = 1 for fair skin.
  /// Pulsating vessels lie below the capillary loops, where less of the blue and green light
  /// arrives.
  Color pulse_signature(const Pigment& pigment) const;

 private:
  Color darkening(const Pigment& pigment) const;
  Spectrum reflected(const Pigment& pigment) const;
  Spectrum reached(const Pigment& pigment) const;

  const Sensor& sensor_;
};

/// reflectance() tabulated for fast painting: bilinear over the logarithms of both pigments.
class SkinPalette {
 public:
  explicit SkinPalette(const SkinOptics& optics);

  Color operator()(const Pigment& pigment) const;

 private:
  std::vector<Color> colours_;
};

}  // namespace rppg::datasets
