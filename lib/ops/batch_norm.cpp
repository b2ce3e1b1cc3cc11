#include "ops/batch_norm.h"

#include <cmath>
#include <stdexcept>

#include "kernels/kernels.h"
#include "ops/channel_periods.h"

namespace rppg::ops {
namespace {

/// Of each channel.
struct Statistics {
  std::span<double> mean;
  std::span<double> variance;
};

Statistics batch_statistics(Tape& tape, const ChannelPeriods& periods, Tensor x) {
  const float* in = x.values().data();
  // Sums of differences from the first number of each channel: a large mean does no harm.
  const std::span<const float> pivot = periods.repeat(tape, [&](Index c) { return in[c]; });
  const std::span<const double> sums =
      periods.sum(tape, 2, [&](Index begin, Index end, double* partial) {
        kernels().norm.moments(in + begin, pivot.data(), periods.length, end - begin, partial);
      });
  const Statistics batch{tape.scratch<double>(periods.channels),
                         tape.scratch<double>(periods.channels)};
  const auto channels = static_cast<std::size_t>(periods.channels);
  const double count = static_cast<double>(periods.n) / static_cast<double>(channels);
  for (std::size_t c = 0; c < channels; ++c) {
    const double shift = sums[c] / count;
    const double variance = sums[channels + c] / count - shift * shift;
    batch.mean[c] = double{pivot[c]} + shift;
    batch.variance[c] = variance < 0 ? 0 : variance;  // NaN stays
  }
  return batch;
}

Statistics running_statistics(Tape& tape, Tensor mean, Tensor variance) {
  const Statistics running{tape.scratch<double>(mean.count()), tape.scratch<double>(mean.count())};
  for (std::size_t c = 0; c < running.mean.size(); ++c) {
    running.mean[c] = double{mean.values()[c]};
    running.variance[c] = double{variance.values()[c]};
  }
  return running;
}

void follow(std::span<float> average, std::span<const double> batch, double factor,
            float momentum) {
  for (std::size_t c = 0; c < average.size(); ++c) {
    const double step = double{momentum} * (factor * batch[c] - double{average[c]});
    average[c] = static_cast<float>(double{average[c]} + step);
  }
}

/// What the backward pass keeps.
struct Normalization {
  ChannelPeriods periods;
  BatchNormPeriod period;
  std::span<const double> scale;  ///< 1 / sqrt(variance + epsilon)
  bool from_batch;                ///< mean and variance depend on x
};

Normalization make_normalization(Tape& tape, const ChannelPeriods& periods,
                                 const Statistics& statistics, Tensor weight, Tensor bias,
                                 const BatchNormOptions& options) {
  const std::span<double> scale = tape.scratch<double>(periods.channels);
  for (std::size_t c = 0; c < scale.size(); ++c) {
    scale[c] = 1 / std::sqrt(statistics.variance[c] + double{options.epsilon});
  }
  const auto at = [](Index c) { return static_cast<std::size_t>(c); };
  const std::span<const float> weights = weight.values();
  const std::span<const float> biases = bias.values();
  const BatchNormPeriod period{
      options.activation, periods.length,
      periods.repeat(tape, [&](Index c) { return statistics.mean[at(c)]; }).data(),
      periods.repeat(tape, [&](Index c) { return scale[at(c)] * double{weights[at(c)]}; }).data(),
      periods.repeat(tape, [&](Index c) { return biases[at(c)]; }).data()};
  return {periods, period, scale, tape.options().training};
}

/// Sums of dz and of dz (x - mean) for each channel, where dz is the gradient before the
/// activation.
std::span<const double> gradient_sums(const Normalization& norm, Tensor x, Tensor y) {
  const float* in = x.values().data();
  const float* dy = y.gradient().data();
  return norm.periods.sum(y.tape(), 2, [&](Index begin, Index end, double* sums) {
    kernels().norm.batch_norm_sums(norm.period, in + begin, dy + begin, end - begin, sums);
  });
}

void add_input_gradient(const Normalization& norm, std::span<const double> sums, Tensor x,
                        Tensor y) {
  Tape& tape = y.tape();
  const ChannelPeriods& periods = norm.periods;
  const double share = static_cast<double>(periods.channels) / static_cast<double>(periods.n);
  const std::span<const float> offset = periods.repeat(tape, [&](Index c) {
    return norm.from_batch
               ? double{norm.period.factor[c]} * share * sums[static_cast<std::size_t>(c)]
               : 0;
  });
  const std::span<const float> lean = periods.repeat(tape, [&](Index c) {
    if (!norm.from_batch) return 0.0;
    const double scale = norm.scale[static_cast<std::size_t>(c)];
    return double{norm.period.factor[c]} * share * scale * scale *
           sums[static_cast<std::size_t>(periods.channels + c)];
  });
  const float* in = x.values().data();
  const float* dy = y.gradient().data();
  float* dx = x.gradient().data();
  for_blocks(tape.threads(), periods.blocks, [&](Index block, int) {
    const Range range = periods.block(block);
    kernels().norm.add_batch_norm_gradient(norm.period, offset.data(), lean.data(),
                                           in + range.begin, dy + range.begin,
                                           range.end - range.begin, dx + range.begin);
  });
}

void add_gradients(const Normalization& norm, Tensor x, Tensor weight, Tensor bias, Tensor y) {
  const bool parameters = weight.wants_gradient() || bias.wants_gradient();
  std::span<const double> sums;
  if (parameters || norm.from_batch) sums = gradient_sums(norm, x, y);
  const auto channels = static_cast<std::size_t>(norm.periods.channels);
  for (std::size_t c = 0; c < channels && bias.wants_gradient(); ++c) {
    bias.gradient()[c] += static_cast<float>(sums[c]);
  }
  for (std::size_t c = 0; c < channels && weight.wants_gradient(); ++c) {
    weight.gradient()[c] += static_cast<float>(sums[channels + c] * norm.scale[c]);
  }
  if (x.wants_gradient()) add_input_gradient(norm, sums, x, y);
}

void check(Tensor x, Tensor weight, Tensor bias, Tensor running_mean, Tensor running_var,
           Tensor counter, const BatchNormOptions& options) {
  const Shape channels{x.shape()[-1]};
  require_shape("batch_norm: weight", weight.shape(), channels);
  require_shape("batch_norm: bias", bias.shape(), channels);
  require_shape("batch_norm: running_mean", running_mean.shape(), channels);
  require_shape("batch_norm: running_var", running_var.shape(), channels);
  require_shape("batch_norm: counter", {counter.count()}, {1});
  if (options.activation != Activation::none && options.activation != Activation::relu &&
      options.activation != Activation::elu) {
    throw std::logic_error("batch_norm: this activation is not fused");
  }
  if (x.tape().options().training && x.count() <= weight.count()) {
    throw std::logic_error("batch_norm: more than one number per channel is needed in training");
  }
}

}  // namespace

Tensor batch_norm(Tensor x, Tensor weight, Tensor bias, Tensor running_mean, Tensor running_var,
                  Tensor counter, const BatchNormOptions& options) {
  check(x, weight, bias, running_mean, running_var, counter, options);
  Tape& tape = x.tape();
  const ChannelPeriods periods(weight.count(), x.count());
  const Tensor y = tape.output(x.shape(), {x, weight, bias});
  tape.count_cost("batch_norm", weight, y, 0);
  Statistics statistics;
  if (tape.options().training) {
    statistics = batch_statistics(tape, periods, x);
    const double count = static_cast<double>(x.count()) / static_cast<double>(weight.count());
    follow(running_mean.mutable_values(), statistics.mean, 1, options.momentum);
    follow(running_var.mutable_values(), statistics.variance, count / (count - 1),
           options.momentum);
    counter.mutable_values()[0] += 1;
  } else {
    statistics = running_statistics(tape, running_mean, running_var);
  }
  const Normalization norm = make_normalization(tape, periods, statistics, weight, bias, options);
  const float* in = x.values().data();
  float* out = y.mutable_values().data();
  for_blocks(tape.threads(), periods.blocks, [&](Index block, int) {
    const Range range = periods.block(block);
    kernels().norm.batch_norm(norm.period, in + range.begin, range.end - range.begin,
                              out + range.begin);
  });
  return tape.record("batch_norm", y, [=] { add_gradients(norm, x, weight, bias, y); });
}

WeightAndBias absorb_batch_norm(Tape& tape, const WeightAndBias& linear, Tensor weight, Tensor bias,
                                Tensor running_mean, Tensor running_var, float epsilon) {
  const Shape channels{linear.weight.shape()[0]};
  require_shape("absorb_batch_norm: linear bias", linear.bias.shape(), channels);
  require_shape("absorb_batch_norm: weight", weight.shape(), channels);
  const WeightAndBias absorbed{tape.output(linear.weight.shape(), {}), tape.output(channels, {})};
  const auto count = static_cast<std::size_t>(channels[0]);
  const std::size_t size = linear.weight.values().size() / count;
  for (std::size_t c = 0; c < count; ++c) {
    const double scale =
        double{weight.values()[c]} / std::sqrt(double{running_var.values()[c]} + double{epsilon});
    const double centred = double{linear.bias.values()[c]} - double{running_mean.values()[c]};
    absorbed.bias.mutable_values()[c] =
        static_cast<float>(centred * scale + double{bias.values()[c]});
    for (std::size_t i = c * size; i < (c + 1) * size; ++i) {
      absorbed.weight.mutable_values()[i] =
          static_cast<float>(double{linear.weight.values()[i]} * scale);
    }
  }
  return absorbed;
}

}  // namespace rppg::ops
