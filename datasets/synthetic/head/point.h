/// Points and directions in three dimensions.
#pragma once

#include <cmath>
#include <cstdint>

namespace rppg::datasets {

/// In head units: half the height of the face is about 1 (11 cm); x to the right of the picture
/// and y up when the face looks into the camera, z towards the camera.
struct Point {
  double x = 0;
  double y = 0;
  double z = 0;
};

inline Point operator+(Point a, Point b) { return {a.x + b.x, a.y + b.y, a.z + b.z}; }
inline Point operator-(Point a, Point b) { return {a.x - b.x, a.y - b.y, a.z - b.z}; }
inline Point operator*(Point a, double factor) {
  return {a.x * factor, a.y * factor, a.z * factor};
}
inline double dot(Point a, Point b) { return a.x * b.x + a.y * b.y + a.z * b.z; }
inline double length(Point a) { return std::sqrt(dot(a, a)); }
inline Point normalized(Point a) { return a * (1 / length(a)); }
/// a at share 0, b at share 1.
inline Point mix(Point a, Point b, double share) { return a + (b - a) * share; }

/// Smooth random field in -1..1 with features of about unit size; depends on seed alone.
double value_noise(Point p, std::uint64_t seed);
/// Sum of `octaves` fields, each of half the size and half the height of the one before; about
/// -1..1.
double fractal_noise(Point p, int octaves, std::uint64_t seed);

}  // namespace rppg::datasets
