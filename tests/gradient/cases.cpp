// One function and one line of the table per op.
#include "gradient/cases.h"

#include <array>
#include <cmath>
#include <cstdint>

#include "ops/activation.h"
#include "ops/arithmetic.h"
#include "ops/batch_norm.h"
#include "ops/codes.h"
#include "ops/convolution.h"
#include "ops/convolution1d.h"
#include "ops/depthwise_convolution.h"
#include "ops/dropout.h"
#include "ops/frames.h"
#include "ops/frequency_filter.h"
#include "ops/layer_norm.h"
#include "ops/layout.h"
#include "ops/linear.h"
#include "ops/losses.h"
#include "ops/pooling.h"
#include "ops/positions.h"
#include "ops/selective_scan.h"
#include "ops/softmax.h"
#include "ops/spectral_losses.h"
#include "ops/standardize.h"
#include "ops/time_segments.h"

namespace rppg::test {
namespace {

using Tensors = std::vector<Tensor>;

Tensor relu(const Tensors& x) { return ops::relu(x[0]); }
Tensor elu(const Tensors& x) { return ops::elu(x[0]); }
Tensor tanh(const Tensors& x) { return ops::tanh(x[0]); }
Tensor sigmoid(const Tensors& x) { return ops::sigmoid(x[0]); }
Tensor silu(const Tensors& x) { return ops::silu(x[0]); }
Tensor gelu(const Tensors& x) { return ops::gelu(x[0]); }
Tensor softplus(const Tensors& x) { return ops::softplus(x[0]); }
Tensor softmax(const Tensors& x) { return ops::softmax(x[0]); }

Tensor add(const Tensors& x) { return ops::add(x[0], x[1]); }
Tensor add_twice(const Tensors& x) { return ops::add(x[0], x[0]); }
Tensor subtract(const Tensors& x) { return ops::subtract(x[0], x[1]); }
Tensor multiply(const Tensors& x) { return ops::multiply(x[0], x[1]); }
Tensor square(const Tensors& x) { return ops::multiply(x[0], x[0]); }
Tensor scale(const Tensors& x) { return ops::scale(x[0], -2.5F); }
Tensor add_bias(const Tensors& x) { return ops::add_bias(x[0], x[1]); }
Tensor add_positions(const Tensors& x) { return ops::add_positions(x[0], x[1]); }
Tensor slice(const Tensors& x) { return ops::slice(x[0], 2, 19); }
Tensor concatenate(const Tensors& x) { return ops::concatenate(x[0], x[1]); }
Tensor flip_time(const Tensors& x) { return ops::flip_time(x[0]); }

Tensor layer_norm(const Tensors& x) { return ops::layer_norm(x[0], x[1], x[2], 0.1F); }

/// Running averages (for up to 64 channels) that are forgotten with each call.
template <Activation activation>
Tensor batch_norm(const Tensors& x) {
  std::array<float, 64> mean;
  std::array<float, 64> variance;
  mean.fill(0.3F);
  variance.fill(0.7F);
  float count = 0;
  const Shape channels = x[1].shape();
  TensorNode nodes[3];
  nodes[0] = {.shape = channels, .values = mean.data()};
  nodes[1] = {.shape = channels, .values = variance.data()};
  nodes[2] = {.shape = {}, .values = &count};
  return ops::batch_norm(x[0], x[1], x[2], Tensor(&nodes[0]), Tensor(&nodes[1]), Tensor(&nodes[2]),
                         {.epsilon = 0.01F, .activation = activation});
}

Tensor dropout(const Tensors& x) { return ops::dropout(x[0], 0.3); }
Tensor dropout_chosen(const Tensors& x) {
  const std::array<std::uint8_t, 6> keep{1, 0, 1, 1, 0, 1};
  return ops::dropout(x[0], 0.3, keep);
}

Tensor linear(const Tensors& x) { return ops::linear(x[0], x[1], x[2]); }
Tensor linear_columns(const Tensors& x) { return ops::linear({x[0], 2, 5}, x[1]); }

Tensor convolution1d(const Tensors& x) {
  return ops::convolution1d(x[0], x[1], x[2], {.padding = 1});
}
Tensor convolution1d_dilated(const Tensors& x) {
  return ops::convolution1d(x[0], x[1], x[2], {.dilation = 4, .padding = 8});
}
Tensor depthwise_forward(const Tensors& x) {
  return ops::depthwise_convolution(x[0], x[1], x[2], {.silu = true});
}
Tensor depthwise_backward(const Tensors& x) {
  return ops::depthwise_convolution({x[0], 3, 2}, x[1], x[2],
                                    {.direction = ops::TimeDirection::backward});
}

/// x: the scan's input, delta, (b | c | gate), a_log, skip.
template <ops::TimeDirection direction>
Tensor selective_scan(const Tensors& x) {
  const Index channels = x[4].shape()[0], states = x[3].shape()[1];
  return ops::selective_scan({.x = x[0],
                              .delta = x[1],
                              .b = {x[2], 0, states},
                              .c = {x[2], states, states},
                              .gate = {x[2], 2 * states, channels},
                              .a_log = x[3],
                              .skip = x[4]},
                             direction);
}

Tensor convolution_same(const Tensors& x) {
  return ops::convolution(x[0], x[1], x[2], {.padding = 1, .activation = Activation::tanh});
}
Tensor convolution_shift(const Tensors& x) {
  return ops::convolution(x[0], x[1], x[2], {.reach = ops::TimeReach::shift, .segment = 2});
}
Tensor convolution_frames(const Tensors& x) {
  return ops::convolution(x[0], x[1], x[2], {.padding = 1, .reach = ops::TimeReach::kernel});
}
Tensor convolution_stride(const Tensors& x) {
  return ops::convolution(
      x[0], x[1], x[2],
      {.stride = 2, .padding = 3, .reach = ops::TimeReach::stack, .offsets = {-1, 0, 1, 2}});
}
Tensor convolution_pair(const Tensors& x) {
  return ops::convolution(x[0], x[1], x[2], {.padding = 2, .reach = ops::TimeReach::pair});
}
Tensor convolution_pair_stride(const Tensors& x) {
  return ops::convolution(x[0], x[1], x[2],
                          {.stride = 2, .padding = 1, .reach = ops::TimeReach::pair});
}
Tensor attention_pool(const Tensors& x) { return ops::attention_pool(x[0], x[1], x[2]); }
Tensor max_pool(const Tensors& x) { return ops::max_pool(x[0], 2); }
Tensor fold_pixels(const Tensors& x) { return ops::fold_pixels(x[0], 2); }
Tensor flatten_channels_first(const Tensors& x) { return ops::flatten_channels_first(x[0]); }
Tensor gated_mean(const Tensors& x) { return ops::gated_mean(x[0]); }
Tensor picture_mean(const Tensors& x) { return ops::picture_mean(x[0]); }
Tensor forward_differences(const Tensors& x) { return ops::forward_differences(x[0]); }
Tensor backward_differences(const Tensors& x) { return ops::backward_differences(x[0]); }
Tensor pair_frames(const Tensors& x) { return ops::pair_frames(x[0]); }
Tensor repeat_frames(const Tensors& x) { return ops::repeat_frames(x[0]); }
Tensor shifted_copies(const Tensors& x) { return ops::shifted_copies(x[0], 4); }
Tensor mean_of_copies(const Tensors& x) { return ops::mean_of_copies(x[0], 3); }
/// `factor` times numbers in [-1, 1), plus those of `around`.
Tensor near(Tensor x, float factor, std::span<const float> around) {
  const std::span<float> numbers = x.tape().scratch(x.count());
  for (std::size_t i = 0; i < numbers.size(); ++i) numbers[i] = around[i % around.size()];
  return ops::add(ops::scale(x, factor), x.tape().input(numbers, x.shape()));
}
/// Two channels whose real and imaginary parts stay far from the kinks at all frequencies, on
/// either side of them.
Tensor frequency_filter(const Tensors& x) {
  static constexpr std::array<float, 10> odd{-2, 2, -9, 9, -4, 4, 9, -9, -6, 6};
  static constexpr std::array<float, 12> even{0, 0, 7, -7, -9, 9, -4, 4, 9, -9, 9, -9};
  static constexpr std::array<float, 1> zero{0}, one{1}, bias{1.5F};
  const bool is_even = x[0].shape()[1] % 2 == 0;
  return ops::frequency_filter(
      near(x[0], 0.3F, is_even ? std::span<const float>(even) : std::span<const float>(odd)),
      {near(x[1], 0.1F, one), near(x[2], 0.1F, zero), near(x[3], 0.1F, zero),
       near(x[4], 0.1F, bias)});
}
Tensor upsample_frames(const Tensors& x) { return ops::upsample_frames(x[0], x[1], x[2]); }

/// Three clips of 60 frames, for waveform losses.
constexpr Index wave_count = 180;
Tensor constant_waves(Tape& tape) {
  static const auto waves = [] {
    std::array<float, wave_count> values;
    for (std::size_t i = 0; i < values.size(); ++i) {
      const float frame = static_cast<float>(i % 60);
      values[i] = std::sin(0.25F * frame) + 0.3F * std::sin(0.4F * frame + 1.0F);
    }
    return values;
  }();
  return tape.input(waves, {3, 60});
}

Tensor mean_squared_error(const Tensors& x) {
  return ops::mean_squared_error(x[0], constant_waves(x[0].tape()));
}
Tensor negative_pearson(const Tensors& x) {
  return ops::negative_pearson(x[0], constant_waves(x[0].tape()));
}
Tensor negative_pearson_bounded(const Tensors& x) {
  return ops::negative_pearson(x[0], constant_waves(x[0].tape()), 10);
}
Tensor rate_cross_entropy(const Tensors& x) {
  return ops::rate_cross_entropy(x[0], constant_waves(x[0].tape()), 30);
}
Tensor hybrid_loss(const Tensors& x) {
  return ops::hybrid_loss(x[0], constant_waves(x[0].tape()), 25);
}
Tensor spectral_divergence(const Tensors& x) {
  return ops::spectral_divergence(x[0], x[1], 30, {.points = 128, .epsilon = 1, .delta = 0.01});
}
Tensor power_spectrum(const Tensors& x) {
  static const signal::PowerSpectrum spectrum(60, 64);
  return ops::power_spectrum(x[0], spectrum);
}

/// Between the numbers of Values::spread, away from the kinks.
Tensor constant_codes(Tape& tape) {
  static constexpr std::array<float, 4> codes{-1.5F, 0.2F, 0.8F, -0.3F};
  return tape.input(codes, {4, 1});
}
Tensor standardize(const Tensors& x) { return ops::standardize(x[0], 0.1); }

Tensor soft_reconstruction(const Tensors& x) {
  return ops::soft_reconstruction(x[0], constant_codes(x[0].tape()));
}
Tensor token_cross_entropy(const Tensors& x) {
  static constexpr std::array<std::int32_t, 12> tokens{0, 1, 2, 3, 3, 2, 1, 0, 0, 2, 1, 3};
  return ops::token_cross_entropy(x[0], constant_codes(x[0].tape()), tokens);
}

}  // namespace

const std::vector<GradientCase>& gradient_cases() {
  static const std::vector<GradientCase> cases{
      {"relu", {{3, 37}}, relu, Values::spread},
      {"elu", {{3, 37}}, elu, Values::spread},
      {"tanh", {{3, 37}}, tanh},
      {"sigmoid", {{3, 37}}, sigmoid, Values::smooth, -4, 4},
      {"silu", {{3, 37}}, silu, Values::smooth, -4, 4},
      {"gelu", {{3, 37}}, gelu, Values::smooth, -4, 4},
      {"softplus", {{3, 37}}, softplus, Values::smooth, -4, 4},
      {"softmax", {{7, 5}}, softmax},
      {"softmax", {{2, 3, 37}}, softmax, Values::smooth, -3, 3},
      {"add", {{2, 19}, {2, 19}}, add},
      {"add", {{2, 19}}, add_twice},
      {"subtract", {{2, 19}, {2, 19}}, subtract},
      {"multiply", {{2, 19}, {2, 19}}, multiply},
      {"multiply", {{2, 19}}, square},
      {"scale", {{2, 19}}, scale},
      {"add_bias", {{2, 5, 3}, {3}}, add_bias},
      {"add_bias", {{3, 70, 5}, {70, 5}}, add_bias},
      {"add_positions", {{2, 5, 3}, {1, 7, 3}}, add_positions},
      {"slice", {{3, 23}}, slice},
      {"concatenate", {{2, 3, 5}, {2, 3, 18}}, concatenate},
      {"flip_time", {{2, 5, 7}}, flip_time},
      {"layer_norm", {{6, 21}, {21}, {21}}, layer_norm},
      {"layer_norm", {{2, 3, 64}, {64}, {64}}, layer_norm},
      {"layer_norm", {{9, 1}, {1}, {1}}, layer_norm},
      {"batch_norm", {{2, 11, 3}, {3}, {3}}, batch_norm<Activation::none>},
      {"batch_norm", {{2, 3, 2, 8}, {8}, {8}}, batch_norm<Activation::elu>},
      {"batch_norm", {{9, 64}, {64}, {64}}, batch_norm<Activation::none>},
      {.name = "batch_norm",
       .inputs = {{5, 17}, {17}, {17}},
       .function = batch_norm<Activation::elu>,
       .training = false},
      {.name = "batch_norm",
       .inputs = {{5, 17}, {17}, {17}},
       .function = batch_norm<Activation::relu>,
       .training = false,
       .tolerance = 5e-3,
       .step = 1e-4},
      {.name = "batch_norm",
       .inputs = {{5, 17}, {17}, {17}},
       .function = batch_norm<Activation::relu>,
       .tolerance = 5e-3,
       .step = 1e-4},
      {"dropout", {{300}}, dropout},
      {"dropout", {{6}}, dropout_chosen},
      {"convolution", {{1, 2, 6, 7, 8}, {9, 8, 3, 3}, {9}}, convolution_same},
      {"convolution", {{1, 4, 5, 5, 6}, {4, 6, 3, 3}, {4}}, convolution_shift},
      {"convolution", {{2, 3, 4, 4, 8}, {8, 8, 3, 3, 3}, {8}}, convolution_frames},
      {"convolution", {{1, 4, 8, 8, 2}, {3, 8, 7, 7}, {3}}, convolution_stride},
      {"convolution", {{1, 4, 9, 8, 3}, {8, 12, 7, 7}, {8}}, convolution_stride},
      {"convolution", {{1, 2, 7, 7, 16}, {9, 8, 2, 5, 5}, {9}}, convolution_pair},
      {"convolution", {{1, 2, 6, 6, 6}, {4, 3, 2, 3, 3}, {4}}, convolution_pair_stride},
      {"linear", {{7, 19}, {5, 19}, {5}}, linear},
      {"linear", {{2, 3, 9}, {4, 5}}, linear_columns},
      {"convolution1d", {{2, 9, 3}, {5, 3, 3}, {5}}, convolution1d},
      {"convolution1d", {{2, 11, 1}, {1, 1, 5}, {1}}, convolution1d_dilated},
      {"depthwise_convolution", {{2, 9, 19}, {19, 1, 4}, {19}}, depthwise_forward},
      {"depthwise_convolution", {{2, 3, 7}, {2, 1, 4}, {2}}, depthwise_backward},
      {"selective_scan",
       {{2, 19, 2}, {2, 19, 2}, {2, 19, 98}, {2, 48}, {2}},
       selective_scan<ops::TimeDirection::forward>},
      {"selective_scan",
       {{1, 18, 19}, {1, 18, 19}, {1, 18, 37}, {19, 9}, {19}},
       selective_scan<ops::TimeDirection::backward>},
      {"attention_pool", {{1, 2, 5, 7, 18}, {1, 18, 1, 1}, {1}}, attention_pool},
      {"max_pool", {{1, 4, 5, 6, 19}}, max_pool, Values::spread},
      {"flatten_channels_first", {{1, 2, 3, 4, 5}}, flatten_channels_first},
      {"fold_pixels", {{2, 1, 5, 7, 3}}, fold_pixels},
      {"gated_mean", {{2, 2, 3, 4, 19}}, gated_mean},
      {"picture_mean", {{1, 2, 3, 4, 5}}, picture_mean},
      {"forward_differences", {{2, 4, 3, 5}}, forward_differences},
      {"backward_differences", {{2, 4, 3, 5}}, backward_differences},
      {"pair_frames", {{2, 4, 3, 2, 5}}, pair_frames},
      {"repeat_frames", {{2, 3, 19}}, repeat_frames},
      {"shifted_copies", {{2, 11, 3}}, shifted_copies},
      {"mean_of_copies", {{6, 10, 3}}, mean_of_copies},
      {"frequency_filter", {{2, 5, 2}, {2, 2}, {2, 2}, {2}, {2}}, frequency_filter},
      {"frequency_filter", {{1, 6, 2}, {2, 2}, {2, 2}, {2}, {2}}, frequency_filter},
      {"upsample_frames", {{2, 3, 2, 2, 5}, {5, 6, 4, 1, 1}, {6}}, upsample_frames},
      {"standardize", {{3, 60}}, standardize},
      {"mean_squared_error", {{3, 60}}, mean_squared_error},
      {"negative_pearson", {{3, 60}}, negative_pearson},
      {"negative_pearson", {{3, 60}}, negative_pearson_bounded},
      {"rate_cross_entropy", {{3, 60}}, rate_cross_entropy},
      {"hybrid_loss", {{3, 60}}, hybrid_loss},
      {"spectral_divergence", {{3, 60}, {3, 60}}, spectral_divergence},
      {"power_spectrum", {{3, 60}}, power_spectrum},
      {"soft_reconstruction", {{2, 19}}, soft_reconstruction, Values::spread},
      {"token_cross_entropy", {{2, 6}}, token_cross_entropy, Values::spread},
  };
  return cases;
}

}  // namespace rppg::test
