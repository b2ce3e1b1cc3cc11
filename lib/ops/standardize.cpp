#include "ops/standardize.h"

#include <cmath>
#include <span>
#include <stdexcept>

#include "ops/row_loss.h"

namespace rppg::ops {
namespace {

struct Moments {
  double mean = 0;
  double deviation = 0;
};

Moments moments_of(std::span<const float> row) {
  const auto n = static_cast<double>(row.size());
  Moments moments;
  for (const float value : row) moments.mean += static_cast<double>(value) / n;
  double squares = 0;
  for (const float value : row) {
    const double centered = static_cast<double>(value) - moments.mean;
    squares += centered * centered;
  }
  moments.deviation = std::sqrt(squares / (n - 1));
  return moments;
}

/// With z = (x - mean) / (s + epsilon) and the slope ds/dx = (x - mean) / ((n - 1) s):
/// dx = (dz - mean of dz - (x - mean) sum(dz z) / ((n - 1) s)) / (s + epsilon).
void add_row_gradient(std::span<const float> x, std::span<const float> dz, const Moments& moments,
                      double epsilon, std::span<float> dx) {
  const auto n = static_cast<double>(x.size());
  const double scale = 1 / (moments.deviation + epsilon);
  double mean = 0, product = 0;
  for (std::size_t t = 0; t < x.size(); ++t) {
    const double upstream = static_cast<double>(dz[t]);
    mean += upstream / n;
    product += upstream * (static_cast<double>(x[t]) - moments.mean) * scale;
  }
  const double spread = moments.deviation > 0 ? product / ((n - 1) * moments.deviation) : 0;
  for (std::size_t t = 0; t < x.size(); ++t) {
    const double centered = static_cast<double>(x[t]) - moments.mean;
    dx[t] += static_cast<float>((static_cast<double>(dz[t]) - mean - centered * spread) * scale);
  }
}

}  // namespace

Tensor standardize(Tensor x, double epsilon) {
  const Index clips = x.shape()[0], frames = x.shape()[1];
  require_shape("standardize", x.shape(), {clips, frames});
  if (frames < 2) throw std::logic_error("standardize: a single frame");
  Tape& tape = x.tape();
  const Tensor y = tape.output(x.shape(), {x});
  const std::span<Moments> moments = tape.scratch<Moments>(clips);
  for (Index b = 0; b < clips; ++b) {
    const std::span<const float> row = row_of(x.values(), b, frames);
    const std::span<float> to = row_of(y.mutable_values(), b, frames);
    const Moments own = moments_of(row);
    for (std::size_t t = 0; t < row.size(); ++t) {
      to[t] =
          static_cast<float>((static_cast<double>(row[t]) - own.mean) / (own.deviation + epsilon));
    }
    moments[static_cast<std::size_t>(b)] = own;
  }
  return tape.record("standardize", y, [=] {
    const std::span<const float> dy = y.gradient();
    for (Index b = 0; b < clips; ++b) {
      add_row_gradient(row_of(x.values(), b, frames), row_of(dy, b, frames),
                       moments[static_cast<std::size_t>(b)], epsilon,
                       row_of(x.gradient(), b, frames));
    }
  });
}

}  // namespace rppg::ops
