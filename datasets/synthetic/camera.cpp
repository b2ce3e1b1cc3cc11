#include "datasets/synthetic/camera.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

namespace rppg::datasets {
namespace {

constexpr std::size_t noise_starts = std::size_t{1} << 16;

/// Bilinear look-up at one fraction of a pixel, the same for a whole frame.
struct Taps {
  std::size_t row_stride;
  std::array<float, 4> weights;

  float operator()(const float* values) const {
    return weights[0] * values[0] + weights[1] * values[3] + weights[2] * values[row_stride] +
           weights[3] * values[row_stride + 3];
  }
};

std::uint8_t code(float value) {
  return static_cast<std::uint8_t>(std::clamp(value + 0.5F, 0.0F, 255.0F));
}

}  // namespace

Camera::Camera(Portrait portrait, double noise_codes, const Random& random)
    : portrait_(std::move(portrait)), random_(random) {
  const std::size_t row = 3 * static_cast<std::size_t>(portrait_.view.width);
  noise_.reserve(noise_starts + row);
  for (std::size_t i = 0; i < noise_starts + row; ++i) {
    noise_.push_back(static_cast<float>(noise_codes * random_.normal(i)));
  }
}

void Camera::expose(std::int64_t frame, const Moment& moment, video::Image& image) const {
  const View& view = portrait_.view;
  const std::size_t row_length = 3 * static_cast<std::size_t>(view.width);
  image.width = view.width;
  image.height = view.height;
  image.rgb.resize(row_length * static_cast<std::size_t>(view.height));

  const double left = view.margin - moment.shift_x;
  const double top = view.margin - moment.shift_y;
  const double u = left - std::floor(left);
  const double v = top - std::floor(top);
  const std::size_t stride = 3 * static_cast<std::size_t>(view.width + 2 * view.margin);
  const Taps taps{stride,
                  {static_cast<float>((1 - u) * (1 - v)), static_cast<float>(u * (1 - v)),
                   static_cast<float>((1 - u) * v), static_cast<float>(u * v)}};
  const std::size_t origin = static_cast<std::size_t>(std::floor(top)) * stride +
                             3 * static_cast<std::size_t>(std::floor(left));
  const float light = static_cast<float>(moment.light);
  std::array<float, 3> darkening{};
  for (std::size_t c = 0; c < 3; ++c) {
    darkening[c] = static_cast<float>(moment.blood * pulse_signature[c] / pulse_signature[1]);
  }

  // Numbers below noise_.size() made the table.
  const auto first_row = noise_.size() + static_cast<std::uint64_t>(frame * view.height);
  for (std::size_t row = 0; row < static_cast<std::size_t>(view.height); ++row) {
    const std::size_t source = origin + row * stride;
    const float* subject = portrait_.subject.data() + source;
    const float* pulsatile = portrait_.pulsatile.data() + source;
    const float* cover = portrait_.cover.data() + source;
    const float* wall = portrait_.wall.data() + row * row_length;
    const float* noise = noise_.data() + random_.bits(first_row + row) % noise_starts;
    std::uint8_t* out = image.rgb.data() + row * row_length;
    for (std::size_t i = 0; i < row_length; i += 3) {
      const float uncovered = 1 - taps(cover + i);
      for (std::size_t c = 0; c < 3; ++c) {
        const std::size_t j = i + c;
        const float seen =
            wall[j] * uncovered + taps(subject + j) - taps(pulsatile + j) * darkening[c];
        out[j] = code(light * seen + noise[j]);
      }
    }
  }
}

}  // namespace rppg::datasets
