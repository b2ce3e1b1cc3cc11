#include "data/frame_scale.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <stdexcept>

#include "signal/filter.h"

namespace rppg::data {
namespace {

constexpr std::size_t byte_values = 256;
constexpr std::size_t pair_values = byte_values * byte_values;

/// (next - now) / (next + now + 1e-7) at [next * 256 + now], computed in double precision.
const std::array<float, pair_values>& normalized_differences() {
  static const std::array<float, pair_values> table = [] {
    std::array<float, pair_values> values{};
    for (std::size_t i = 0; i < pair_values; ++i) {
      const std::size_t next_byte = i / byte_values;
      const auto next = static_cast<double>(next_byte);
      const auto now = static_cast<double>(i % byte_values);
      values[i] = static_cast<float>((next - now) / (next + now + 1e-7));
    }
    return values;
  }();
  return table;
}

std::size_t pair_of(std::uint8_t now, std::uint8_t next) {
  return std::size_t{next} * byte_values + now;
}

/// Mean and population standard deviation of values that occur `counts` times each.
template <class Value>
FrameScale moments(VideoScale kind, std::span<const std::uint64_t> counts, Value value) {
  double n = 0;
  double sum = 0;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    n += static_cast<double>(counts[i]);
    sum += static_cast<double>(counts[i]) * value(i);
  }
  if (!(n > 0)) return {kind, 0, 0};
  const double mean = sum / n;
  double squares = 0;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    const double deviation = value(i) - mean;
    squares += static_cast<double>(counts[i]) * deviation * deviation;
  }
  return {kind, mean, std::sqrt(squares / n)};
}

void scale_bytes(const FrameScale& scale, std::span<const std::uint8_t> frames,
                 std::span<float> scaled) {
  std::array<float, byte_values> table{};
  for (std::size_t i = 0; i < byte_values; ++i) {
    const auto value = static_cast<double>(i);
    const bool raw = scale.kind == VideoScale::raw;
    const double standard = scale.deviation > 0 ? (value - scale.mean) / scale.deviation : 0;
    table[i] = static_cast<float>(raw ? value : standard);
  }
  std::transform(frames.begin(), frames.begin() + static_cast<std::ptrdiff_t>(scaled.size()),
                 scaled.begin(), [&](std::uint8_t value) { return table[value]; });
}

void scale_differences(const FrameScale& scale, std::span<const std::uint8_t> frames,
                       std::size_t frame_bytes, std::span<float> scaled) {
  const std::size_t pairs = std::min(scaled.size(), frames.size() - frame_bytes);
  const auto& table = normalized_differences();
  const auto deviation = static_cast<float>(scale.deviation);
  for (std::size_t i = 0; i < pairs; ++i) {
    scaled[i] = deviation > 0 ? table[pair_of(frames[i], frames[i + frame_bytes])] / deviation : 0;
  }
  std::fill(scaled.begin() + static_cast<std::ptrdiff_t>(pairs), scaled.end(), 0.0F);
}

}  // namespace

FrameScale measure_scale(VideoScale kind, std::span<const std::uint8_t> frames,
                         std::size_t frame_bytes) {
  if (kind == VideoScale::raw) return {};
  if (kind == VideoScale::standardized) {
    std::vector<std::uint64_t> counts(byte_values);
    for (const std::uint8_t value : frames) ++counts[value];
    return moments(kind, counts, [](std::size_t i) { return static_cast<double>(i); });
  }
  std::vector<std::uint64_t> counts(pair_values);
  for (std::size_t i = frame_bytes; i < frames.size(); ++i) {
    ++counts[pair_of(frames[i - frame_bytes], frames[i])];
  }
  const auto& table = normalized_differences();
  return moments(kind, counts, [&](std::size_t i) { return static_cast<double>(table[i]); });
}

void scale_frames(const FrameScale& scale, std::span<const std::uint8_t> frames,
                  std::size_t frame_bytes, std::span<float> scaled) {
  if (frames.size() < scaled.size()) throw std::logic_error("scale_frames: too few frames");
  if (scale.kind == VideoScale::diff_normalized) {
    scale_differences(scale, frames, frame_bytes, scaled);
  } else {
    scale_bytes(scale, frames, scaled);
  }
}

std::vector<float> scale_labels(LabelScale kind, std::span<const double> labels) {
  std::vector<double> scaled;
  if (kind == LabelScale::standardized) {
    scaled = signal::standardize(labels);
  } else {
    scaled.assign(labels.size(), 0.0);
    for (std::size_t t = 1; t < labels.size(); ++t) scaled[t - 1] = labels[t] - labels[t - 1];
    const double deviation =
        signal::standard_deviation(std::span(scaled).first(labels.empty() ? 0 : labels.size() - 1));
    for (double& value : scaled) value = deviation > 0 ? value / deviation : 0;
  }
  return {scaled.begin(), scaled.end()};
}

}  // namespace rppg::data
