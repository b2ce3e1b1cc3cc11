// Normalisation of channels over a batch and of rows.
#pragma once

#include "kernels/activation.inc.h"
#include "kernels/norm.h"
#include "kernels/periodic.inc.h"

namespace rppg {
namespace {

void moments(const float* x, const float* pivot, Index length, Index n, double* sums) {
  sum_by_place<2>(length, n, sums, [&](Index i, Index p, Index width, Vec* totals) {
    const Vec d = load_width(x + i, width) - load_width(pivot + p, width);
    totals[0] += d;
    totals[1] += d * d;
  });
}

[[gnu::always_inline]] inline Vec normalized(const BatchNormPeriod& period, Vec centred, Index p,
                                             Index width) {
  return centred * load_width(period.factor + p, width) + load_width(period.bias + p, width);
}

template <Activation activation>
void batch_norm_as(const BatchNormPeriod& period, const float* x, Index n, float* y) {
  for_places(period.length, n, [&](Index i, Index p, Index width) {
    const Vec centred = load_width(x + i, width) - load_width(period.mean + p, width);
    store_width(y + i, activation_of<activation>(normalized(period, centred, p, width)), width);
  });
}

/// dy times the slope of the activation of z.
template <Activation activation>
[[gnu::always_inline]] inline Vec before_activation(Vec dy, Vec z) {
  if constexpr (activation == Activation::relu) return z > 0.0F ? dy : Vec{};
  if constexpr (activation == Activation::elu) return dy * exp_in_range(clamp(z, -87.0F, 0.0F));
  return dy;
}

template <Activation activation>
void batch_norm_sums_as(const BatchNormPeriod& period, const float* x, const float* dy, Index n,
                        double* sums) {
  sum_by_place<2>(period.length, n, sums, [&](Index i, Index p, Index width, Vec* totals) {
    const Vec centred = load_width(x + i, width) - load_width(period.mean + p, width);
    const Vec z = normalized(period, centred, p, width);
    const Vec dz = before_activation<activation>(load_width(dy + i, width), z);
    totals[0] += dz;
    totals[1] += dz * centred;
  });
}

template <Activation activation>
void add_batch_norm_gradient_as(const BatchNormPeriod& period, const float* offset,
                                const float* lean, const float* x, const float* dy, Index n,
                                float* dx) {
  for_places(period.length, n, [&](Index i, Index p, Index width) {
    const Vec centred = load_width(x + i, width) - load_width(period.mean + p, width);
    const Vec z = normalized(period, centred, p, width);
    const Vec dz = before_activation<activation>(load_width(dy + i, width), z);
    const Vec change = dz * load_width(period.factor + p, width) - load_width(offset + p, width) -
                       centred * load_width(lean + p, width);
    store_width(dx + i, load_width(dx + i, width) + change, width);
  });
}

void batch_norm(const BatchNormPeriod& period, const float* x, Index n, float* y) {
  if (period.activation == Activation::relu)
    return batch_norm_as<Activation::relu>(period, x, n, y);
  if (period.activation == Activation::elu) return batch_norm_as<Activation::elu>(period, x, n, y);
  batch_norm_as<Activation::none>(period, x, n, y);
}

void batch_norm_sums(const BatchNormPeriod& period, const float* x, const float* dy, Index n,
                     double* sums) {
  if (period.activation == Activation::relu) {
    return batch_norm_sums_as<Activation::relu>(period, x, dy, n, sums);
  }
  if (period.activation == Activation::elu) {
    return batch_norm_sums_as<Activation::elu>(period, x, dy, n, sums);
  }
  batch_norm_sums_as<Activation::none>(period, x, dy, n, sums);
}

void add_batch_norm_gradient(const BatchNormPeriod& period, const float* offset, const float* lean,
                             const float* x, const float* dy, Index n, float* dx) {
  if (period.activation == Activation::relu) {
    return add_batch_norm_gradient_as<Activation::relu>(period, offset, lean, x, dy, n, dx);
  }
  if (period.activation == Activation::elu) {
    return add_batch_norm_gradient_as<Activation::elu>(period, offset, lean, x, dy, n, dx);
  }
  add_batch_norm_gradient_as<Activation::none>(period, offset, lean, x, dy, n, dx);
}

/// Sum of value(c, width) over a row; lanes beyond the row do not count.
template <class Value>
[[gnu::always_inline]] inline float sum_row(Index width, const Value& value) {
  Vec total{};
  Index c = 0;
  for (; c + lanes <= width; c += lanes) total += value(c, lanes);
  if (c < width) total += first_lanes(value(c, width - c), width - c);
  return sum_lanes(total);
}

void layer_norm(const float* x, const float* weight, const float* bias, float epsilon, Index rows,
                Index width, float* y, float* mean, float* rstd) {
  const auto count = static_cast<float>(width);
  for (Index row = 0; row < rows; ++row, x += width, y += width) {
    const float m = sum_row(width, [&](Index c, Index n) { return load_width(x + c, n); }) / count;
    const float squares = sum_row(width, [&](Index c, Index n) {
      const Vec d = load_width(x + c, n) - m;
      return d * d;
    });
    const float r = 1.0F / __builtin_sqrtf(squares / count + epsilon);
    for_places(width, width, [&](Index c, Index, Index n) {
      const Vec normal = (load_width(x + c, n) - m) * r;
      store_width(y + c, normal * load_width(weight + c, n) + load_width(bias + c, n), n);
    });
    mean[row] = m;
    rstd[row] = r;
  }
}

void layer_norm_sums(const float* x, const float* mean, const float* rstd, const float* dy,
                     Index rows, Index width, float* sums) {
  for_places(width, width, [&](Index c, Index, Index n) {
    Vec weight_sum = load_width(sums + c, n);
    Vec bias_sum = load_width(sums + width + c, n);
    for (Index row = 0; row < rows; ++row) {
      const Vec d = load_width(dy + row * width + c, n);
      weight_sum += d * ((load_width(x + row * width + c, n) - mean[row]) * rstd[row]);
      bias_sum += d;
    }
    store_width(sums + c, weight_sum, n);
    store_width(sums + width + c, bias_sum, n);
  });
}

void add_layer_norm_gradient(const float* x, const float* weight, const float* mean,
                             const float* rstd, const float* dy, Index rows, Index width,
                             float* dx) {
  const auto count = static_cast<float>(width);
  for (Index row = 0; row < rows; ++row, x += width, dy += width, dx += width) {
    const float m = mean[row];
    const float r = rstd[row];
    const auto slope = [&](Index c, Index n) {
      return load_width(dy + c, n) * load_width(weight + c, n);
    };
    const auto normal = [&](Index c, Index n) { return (load_width(x + c, n) - m) * r; };
    const float offset = sum_row(width, slope) / count;
    const float lean =
        sum_row(width, [&](Index c, Index n) { return slope(c, n) * normal(c, n); }) / count;
    for_places(width, width, [&](Index c, Index, Index n) {
      const Vec change = r * (slope(c, n) - offset - normal(c, n) * lean);
      store_width(dx + c, load_width(dx + c, n) + change, n);
    });
  }
}

constexpr NormKernels norm_kernels{.moments = moments,
                                   .batch_norm = batch_norm,
                                   .batch_norm_sums = batch_norm_sums,
                                   .add_batch_norm_gradient = add_batch_norm_gradient,
                                   .layer_norm = layer_norm,
                                   .layer_norm_sums = layer_norm_sums,
                                   .add_layer_norm_gradient = add_layer_norm_gradient};

}  // namespace
}  // namespace rppg
