#include "datasets/synthetic/head/colour.h"

#include <algorithm>
#include <cmath>

namespace rppg::datasets {

Color operator*(const Color& a, const Color& b) { return {a[0] * b[0], a[1] * b[1], a[2] * b[2]}; }

Color operator*(const Color& a, double factor) {
  return {a[0] * factor, a[1] * factor, a[2] * factor};
}

Color operator+(const Color& a, const Color& b) { return {a[0] + b[0], a[1] + b[1], a[2] + b[2]}; }

Color mix(const Color& a, const Color& b, double share) { return a * (1 - share) + b * share; }

double luminance(const Color& a) { return 0.2126 * a[0] + 0.7152 * a[1] + 0.0722 * a[2]; }

double srgb_encoded(double linear) {
  if (linear <= 0.0031308) return 12.92 * std::max(linear, 0.0);
  return 1.055 * std::pow(std::min(linear, 1.0), 1 / 2.4) - 0.055;
}

double srgb_decoded(double encoded) {
  return encoded <= 0.04045 ? encoded / 12.92 : std::pow((encoded + 0.055) / 1.055, 2.4);
}

Color from_srgb(double r, double g, double b) {
  return {srgb_decoded(r / 255), srgb_decoded(g / 255), srgb_decoded(b / 255)};
}

double ramp(double value, double low, double high) {
  const double t = std::clamp((value - low) / (high - low), 0.0, 1.0);
  return t * t * (3 - 2 * t);
}

}  // namespace rppg::datasets
