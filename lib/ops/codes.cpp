#include "ops/codes.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "ops/row_loss.h"

namespace rppg::ops {
namespace {

/// Numbers that are worked on together: a few microseconds with 8 codes.
constexpr Index grain = 128;

double sign(double x) { return x > 0 ? 1 : x < 0 ? -1 : 0; }

/// Sums over the codes with the weights exp(d - |v - c_j|), d the smallest distance: the softmax
/// before its division.
struct CodeSums {
  double weights = 0;
  double codes = 0;
  double signs = 0;
  double signed_codes = 0;
  double nearest = std::numeric_limits<double>::infinity();

  CodeSums(double v, std::span<const double> book) {
    for (const double code : book) nearest = std::min(nearest, std::abs(v - code));
    for (const double code : book) {
      const double weight = std::exp(nearest - std::abs(v - code));
      const double side = weight * sign(v - code);
      weights += weight;
      codes += weight * code;
      signs += side;
      signed_codes += side * code;
    }
  }
};

void require_codes(const char* name, Tensor v, Tensor codes) {
  if (codes.count() == 0 || v.count() == 0) {
    throw std::logic_error(std::string(name) + ": numbers " + to_string(v.shape()) + ", codes " +
                           to_string(codes.shape()));
  }
}

}  // namespace

ValueAndSlope soft_code(double v, std::span<const double> codes) {
  const CodeSums sums(v, codes);
  const double value = sums.codes / sums.weights;
  return {value, (value * sums.signs - sums.signed_codes) / sums.weights};
}

ValueAndSlope token_surprise(double v, std::span<const double> codes, std::size_t token) {
  const CodeSums sums(v, codes);
  return {std::log(sums.weights) + std::abs(v - codes[token]) - sums.nearest,
          sign(v - codes[token]) - sums.signs / sums.weights};
}

Tensor soft_reconstruction(Tensor v, Tensor codes) {
  require_codes("soft_reconstruction", v, codes);
  Tape& tape = v.tape();
  const std::span<const double> book = widened(tape, codes);
  const Tensor y = tape.output(v.shape(), {v});
  const std::span<const float> in = v.values();
  const std::span<float> out = y.mutable_values();
  const std::span<double> slopes = gradient_room(tape, v);
  const Index blocks = block_count(v.count(), grain);
  for_blocks(tape.threads(), blocks, [&](Index block, int) {
    const Range range = part_of(v.count(), blocks, block);
    for (auto i = static_cast<std::size_t>(range.begin); i < static_cast<std::size_t>(range.end);
         ++i) {
      const ValueAndSlope soft = soft_code(static_cast<double>(in[i]), book);
      out[i] = static_cast<float>(soft.value);
      if (!slopes.empty()) slopes[i] = soft.slope;
    }
  });
  return tape.record("soft_reconstruction", y, [=] {
    const std::span<const float> upstream = y.gradient();
    const std::span<float> gradient = v.gradient();
    for (std::size_t i = 0; i < gradient.size(); ++i) {
      gradient[i] += static_cast<float>(static_cast<double>(upstream[i]) * slopes[i]);
    }
  });
}

Tensor token_cross_entropy(Tensor v, Tensor codes, std::span<const std::int32_t> tokens) {
  constexpr const char* name = "token_cross_entropy";
  require_codes(name, v, codes);
  require_shape(name, {static_cast<Index>(tokens.size())}, {v.count()});
  const auto outside = [&](std::int32_t token) { return token < 0 || token >= codes.count(); };
  if (std::any_of(tokens.begin(), tokens.end(), outside)) {
    throw std::logic_error(std::string(name) + ": a token that is not in the code book");
  }
  Tape& tape = v.tape();
  const std::span<const double> book = widened(tape, codes);
  const std::span<const float> in = v.values();
  const std::span<double> values = tape.scratch<double>(v.count());
  const std::span<double> slopes = gradient_room(tape, v);
  const Index blocks = block_count(v.count(), grain);
  for_blocks(tape.threads(), blocks, [&](Index block, int) {
    const Range range = part_of(v.count(), blocks, block);
    for (auto i = static_cast<std::size_t>(range.begin); i < static_cast<std::size_t>(range.end);
         ++i) {
      const auto token = static_cast<std::size_t>(tokens[i]);
      const ValueAndSlope surprise = token_surprise(static_cast<double>(in[i]), book, token);
      values[i] = surprise.value;
      if (!slopes.empty()) slopes[i] = surprise.slope;
    }
  });
  const Tensor y = tape.output(Shape(), {v});
  y.mutable_values()[0] = static_cast<float>(mean_of(values));
  return tape.record(name, y, [=] {
    const double upstream = static_cast<double>(y.gradient()[0]);
    add_gradient(v, upstream / static_cast<double>(v.count()), slopes);
  });
}

}  // namespace rppg::ops
