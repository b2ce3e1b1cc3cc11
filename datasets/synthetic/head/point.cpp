#include "datasets/synthetic/head/point.h"

#include <cmath>

namespace rppg::datasets {
namespace {

/// Hash of a lattice point, -1..1 (multipliers of xxHash32, final mix of MurmurHash3).
double lattice(std::uint32_t x, std::uint32_t y, std::uint32_t z, std::uint32_t seed) {
  std::uint32_t h = seed + x * 0x9E3779B1U + y * 0x85EBCA77U + z * 0xC2B2AE3DU;
  h = (h ^ (h >> 16)) * 0x85EBCA6BU;
  h = (h ^ (h >> 13)) * 0xC2B2AE35U;
  h ^= h >> 16;
  return h * 0x1p-31 - 1;
}

double eased(double t) { return t * t * (3 - 2 * t); }

}  // namespace

double value_noise(Point p, std::uint64_t seed) {
  const double fx = std::floor(p.x), fy = std::floor(p.y), fz = std::floor(p.z);
  const auto whole = [](double v) {
    return static_cast<std::uint32_t>(static_cast<std::int64_t>(v));
  };
  const std::uint32_t x = whole(fx), y = whole(fy), z = whole(fz);
  const auto key = static_cast<std::uint32_t>(seed ^ (seed >> 32));
  const double u = eased(p.x - fx), v = eased(p.y - fy), w = eased(p.z - fz);
  const auto row = [&](std::uint32_t j, std::uint32_t k) {
    const double left = lattice(x, y + j, z + k, key), right = lattice(x + 1, y + j, z + k, key);
    return left + (right - left) * u;
  };
  const double near = row(0, 0) + (row(1, 0) - row(0, 0)) * v;
  const double far = row(0, 1) + (row(1, 1) - row(0, 1)) * v;
  return near + (far - near) * w;
}

double fractal_noise(Point p, int octaves, std::uint64_t seed) {
  double sum = 0, height = 0.5;
  for (int i = 0; i < octaves; ++i) {
    sum += height * value_noise(p, seed + static_cast<std::uint64_t>(i));
    p = p * 2.03;
    height *= 0.5;
  }
  return sum * 1.4;
}

}  // namespace rppg::datasets
