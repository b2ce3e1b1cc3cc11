#include "datasets/synthetic/scene/camera.h"

#include <algorithm>
#include <cmath>

#include "datasets/synthetic/head/colour.h"

namespace rppg::datasets {
namespace {

constexpr std::size_t noise_starts = std::size_t{1} << 16;
constexpr double exposure_interval_s = 6;
constexpr double exposure_rise_s = 0.25;

Random branch(const Random& random, std::uint64_t index) { return {random.bits(index), index}; }

}  // namespace

Camera::Camera(CameraKind kind, const CameraTraits& traits, double base_gain, int width,
               const Random& random)
    : row_length_(3 * static_cast<std::size_t>(width)),
      base_gain_(base_gain),
      exposure_steps_(traits.exposure_steps.draw(random, 1)),
      exposure_(branch(random, 2), exposure_interval_s, exposure_rise_s),
      random_(branch(random, 3)) {
  const double strength = traits.noise.draw(random, 0);
  shot_ = static_cast<float>(strength * strength * sensor(kind).shot_noise);
  read_ = static_cast<float>(std::pow(strength * sensor(kind).read_noise, 2));
  noise_.reserve(noise_starts + row_length_);
  for (std::size_t i = 0; i < noise_starts + row_length_; ++i) {
    noise_.push_back(static_cast<float>(random_.normal(i)));
  }
  for (std::size_t i = 0; i < levels; ++i) {
    const double light = static_cast<double>(i) / (levels - 1);
    curve_[i] = static_cast<std::uint8_t>(std::lround(255 * srgb_encoded(light)));
  }
}

double Camera::gain(double time_s) const {
  return base_gain_ * (1 + exposure_steps_ * (2 * exposure_.at(time_s) - 1));
}

void Camera::develop(std::int64_t frame, int row, double gain, const float* light,
                     std::uint8_t* codes) const {
  // Numbers below noise_.size() made the table.
  const auto index = noise_.size() + static_cast<std::uint64_t>((frame << 14) + row);
  const float* noise = noise_.data() + random_.bits(index) % noise_starts;
  const auto factor = static_cast<float>(gain);
  const float shot = shot_ * factor, read = read_ * factor * factor;
  constexpr std::size_t block = 256;
  std::array<std::int32_t, block> level{};
  for (std::size_t begin = 0; begin < row_length_; begin += block) {
    const std::size_t count = std::min(block, row_length_ - begin);
    for (std::size_t i = 0; i < count; ++i) {
      const float signal = light[begin + i] * factor;
      const float noisy = signal + std::sqrt(signal * shot + read) * noise[begin + i];
      const float scaled = noisy * (levels - 1) + 0.5F;
      level[i] = static_cast<std::int32_t>(std::clamp(scaled, 0.0F, levels - 1.0F));
    }
    for (std::size_t i = 0; i < count; ++i) {
      codes[begin + i] = curve_[static_cast<std::size_t>(level[i])];
    }
  }
}

}  // namespace rppg::datasets
