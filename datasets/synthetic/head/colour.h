/// Colours in linear light.
#pragma once

#include <array>
#include <cstddef>

namespace rppg::datasets {

/// Linear light, R, G, B; 1 = a white surface in steady light.
using Color = std::array<double, 3>;

Color operator*(const Color& a, const Color& b);
Color operator*(const Color& a, double factor);
Color operator+(const Color& a, const Color& b);
/// a at share 0, b at share 1.
Color mix(const Color& a, const Color& b, double share);
double luminance(const Color& a);

/// The transfer curve of sRGB (IEC 61966-2-1), from linear light and back; 0..1.
double srgb_encoded(double linear);
double srgb_decoded(double encoded);
/// From code values 0..255.
Color from_srgb(double r, double g, double b);

/// 0 where value <= low, 1 where value >= high, smooth between.
double ramp(double value, double low, double high);

}  // namespace rppg::datasets
