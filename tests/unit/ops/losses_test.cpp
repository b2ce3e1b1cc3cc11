#include "ops/losses.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <functional>
#include <numbers>
#include <stdexcept>
#include <string_view>
#include <vector>

#include <doctest/doctest.h>

#include "base/random.h"
#include "kernels/kernels.h"
#include "ops/codes.h"
#include "ops/spectral_losses.h"
#include "signal/power_spectrum.h"
#include "tensor/tape.h"

namespace rppg {
namespace {

constexpr double rate_hz = 30;
const Shape clips{5, 90};

std::vector<float> random_values(Index count, std::uint64_t stream) {
  const Random random(7, stream);
  std::vector<float> values(static_cast<std::size_t>(count));
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = static_cast<float>(random.normal(i));
  return values;
}

/// Five sines, at rates of their own, with noise.
std::vector<float> waves() {
  std::vector<float> values = random_values(clips.count(), 3);
  for (std::size_t i = 0; i < values.size(); ++i) {
    const double rate = 1.0 + 0.3 * static_cast<double>(i / 90);
    const double angle = 2 * std::numbers::pi * rate * static_cast<double>(i % 90) / rate_hz;
    values[i] = 0.1F * values[i] + static_cast<float>(std::sin(angle));
  }
  return values;
}

const signal::PowerSpectrum& transform() {
  static const signal::PowerSpectrum spectrum(90, 128);
  return spectrum;
}

struct Outcome {
  std::vector<float> values;
  std::vector<float> gradient;

  bool operator==(const Outcome&) const = default;
};

using Function = std::function<Tensor(Tensor x, Tensor target)>;

Outcome run(const Function& function, const std::vector<float>& x, int threads = 1) {
  const std::vector<float> target = waves();
  Arena arena;
  Tape tape(arena, {.training = true, .gradients = true, .threads = threads});
  const Tensor input = tape.input(x, clips, true);
  const Tensor y = function(input, tape.input(target, clips));
  tape.backward(y, random_values(y.count(), 8));
  return {{y.values().begin(), y.values().end()},
          {input.gradient().begin(), input.gradient().end()}};
}

bool all_finite(const std::vector<float>& values) {
  for (const float value : values) {
    if (!std::isfinite(value)) return false;
  }
  return true;
}

struct Named {
  const char* name;
  Function function;
};

std::vector<Named> all_losses() {
  return {
      {"mean_squared_error", [](Tensor x, Tensor t) { return ops::mean_squared_error(x, t); }},
      {"negative_pearson", [](Tensor x, Tensor t) { return ops::negative_pearson(x, t); }},
      {"rate_cross_entropy",
       [](Tensor x, Tensor t) { return ops::rate_cross_entropy(x, t, rate_hz); }},
      {"hybrid_loss", [](Tensor x, Tensor t) { return ops::hybrid_loss(x, t, rate_hz); }},
      {"spectral_divergence",
       [](Tensor x, Tensor t) { return ops::spectral_divergence(t, x, rate_hz); }},
      {"power_spectrum", [](Tensor x, Tensor) { return ops::power_spectrum(x, transform()); }},
      {"soft_reconstruction",
       [](Tensor x, Tensor) {
         static const std::vector<float> codes{-1.5F, 0.2F, 0.9F};
         return ops::soft_reconstruction(x, x.tape().input(codes, {3, 1}));
       }},
      {"token_cross_entropy",
       [](Tensor x, Tensor) {
         static const std::vector<float> codes{-1.5F, 0.2F, 0.9F};
         const std::vector<std::int32_t> tokens(static_cast<std::size_t>(x.count()), 2);
         return ops::token_cross_entropy(x, x.tape().input(codes, {3}), tokens);
       }},
  };
}

}  // namespace

TEST_CASE("losses give the same bits whatever threads and instruction set") {
  const std::vector<float> x = random_values(clips.count(), 1);
  for (const Named& loss : all_losses()) {
    CAPTURE(loss.name);
    const Outcome wanted = run(loss.function, x);
    CHECK(all_finite(wanted.values));
    CHECK(all_finite(wanted.gradient));
    for (const Kernels* table : available_kernels()) {
      const KernelsOverride in_use(*table);
      for (const int threads : {1, 2, 3}) CHECK(run(loss.function, x, threads) == wanted);
    }
  }
}

TEST_CASE("waveforms without any power have finite losses and gradients") {
  const std::vector<float> silence(static_cast<std::size_t>(clips.count()), 0.0F);
  for (const Named& loss : all_losses()) {
    CAPTURE(loss.name);
    const Outcome outcome = run(loss.function, silence);
    CHECK(all_finite(outcome.values));
    CHECK(all_finite(outcome.gradient));
  }
}

TEST_CASE("losses at their target") {
  const std::vector<float> target = waves();
  const std::vector<float> other = random_values(clips.count(), 1);
  for (const Named& loss : all_losses()) {
    if (std::string_view(loss.name) == "power_spectrum") break;  // no distances from here on
    CAPTURE(loss.name);
    CHECK(run(loss.function, target).values[0] < run(loss.function, other).values[0]);
  }
  const std::vector<Named> losses = all_losses();
  CHECK(run(losses[0].function, target).values[0] == 0);
  CHECK(std::abs(run(losses[1].function, target).values[0]) < 1e-6F);
}

TEST_CASE("the teacher behind stop_gradient gets exactly none") {
  const std::vector<float> teacher = waves();
  const std::vector<float> student = random_values(clips.count(), 1);
  const auto gradients = [&](bool stopped, bool reversed) {
    Arena arena;
    Tape tape(arena, {.training = true, .gradients = true});
    const Tensor t = tape.input(teacher, clips, true);
    const Tensor s = tape.input(student, clips, true);
    const Tensor fixed = stopped ? ops::stop_gradient(t) : t;
    tape.backward(reversed ? ops::spectral_divergence(s, fixed, rate_hz)
                           : ops::spectral_divergence(fixed, s, rate_hz));
    const auto energy = [](Tensor x) {
      double sum = 0;
      for (const float g : x.gradient()) sum += static_cast<double>(g) * static_cast<double>(g);
      return sum;
    };
    return std::pair(energy(t), energy(s));
  };
  for (const bool reversed : {false, true}) {
    const auto [of_stopped, of_student] = gradients(true, reversed);
    CHECK(of_stopped == 0);
    CHECK(of_student > 0);
    const auto [of_teacher, of_other] = gradients(false, reversed);
    CHECK(of_teacher > 0);
    CHECK(of_other == of_student);
  }
}

TEST_CASE("a constant clip counts as uncorrelated") {
  std::vector<float> x = waves();
  for (std::size_t n = 0; n < 90; ++n) x[n] = 0.3F;
  const auto pearson = [](Tensor a, Tensor t) { return ops::negative_pearson(a, t); };
  const Outcome outcome = run(pearson, x);
  CHECK(outcome.values[0] == doctest::Approx(0.2));  // one of five clips
  for (std::size_t n = 0; n < 90; ++n) CHECK(outcome.gradient[n] == 0);
}

TEST_CASE("a power spectrum has its peak where the wave is") {
  std::vector<float> wave(static_cast<std::size_t>(clips.count()));
  for (std::size_t i = 0; i < wave.size(); ++i) {
    const double angle = 2 * std::numbers::pi * 10 * static_cast<double>(i % 90) / 128;
    wave[i] = 5 + static_cast<float>(std::cos(angle));
  }
  const Outcome outcome =
      run([](Tensor x, Tensor) { return ops::power_spectrum(x, transform()); }, wave);
  REQUIRE(outcome.values.size() == 5 * 65);
  const auto peak = std::max_element(outcome.values.begin(), outcome.values.begin() + 65);
  CHECK(peak - outcome.values.begin() == 10);
  CHECK(*peak == doctest::Approx(std::pow(89.0 / 4, 2)).epsilon(0.01));  // (sum w / 2)^2
}

TEST_CASE("clips may have rates of their own") {
  const std::vector<float> x = random_values(clips.count(), 1),
                           target = random_values(clips.count(), 2);
  const Index count = clips[0], frames = clips[1];
  std::vector<double> rates;
  double expected = 0;
  Arena arena;
  Tape tape(arena, {});
  for (Index clip = 0; clip < count; ++clip) {
    rates.push_back(20 + static_cast<double>(clip));
    const auto row = [&](const std::vector<float>& numbers) {
      const auto all = std::span(numbers);
      return tape.input(
          all.subspan(static_cast<std::size_t>(clip * frames), static_cast<std::size_t>(frames)),
          {1, frames});
    };
    const Tensor loss = ops::hybrid_loss(row(x), row(target), rates.back());
    expected += static_cast<double>(loss.values()[0]) / static_cast<double>(count);
  }
  const Tensor all = ops::hybrid_loss(tape.input(x, clips), tape.input(target, clips),
                                      std::span<const double>(rates));
  CHECK(static_cast<double>(all.values()[0]) == doctest::Approx(expected).epsilon(1e-6));
  rates.pop_back();
  CHECK_THROWS_AS(ops::hybrid_loss(tape.input(x, clips), tape.input(target, clips),
                                   std::span<const double>(rates)),
                  std::logic_error);
}

TEST_CASE("wrong shapes and tokens are refused") {
  Arena arena;
  Tape tape(arena, {.training = true, .gradients = true});
  const std::vector<float> numbers(100, 1.0F);
  const Tensor x = tape.input(numbers, {4, 25}, true);
  const Tensor other = tape.input(numbers, {5, 20});
  const Tensor flat = tape.input(numbers, {100});
  const Tensor none = tape.input({}, {0, 25});
  CHECK_THROWS_AS(ops::mean_squared_error(x, other), std::logic_error);
  CHECK_THROWS_AS(ops::negative_pearson(flat, flat), std::logic_error);
  CHECK_THROWS_AS(ops::mean_squared_error(none, none), std::logic_error);
  CHECK_THROWS_AS(ops::hybrid_loss(x, other, 30), std::logic_error);
  CHECK_THROWS_AS(ops::spectral_divergence(x, x, 30, {.points = 20}), std::logic_error);
  CHECK_THROWS_AS(ops::spectral_divergence(x, x, 30, {.band = {0.1, 0.2}}), std::logic_error);
  CHECK_THROWS_AS(ops::power_spectrum(x, transform()), std::logic_error);
  const Tensor codes = tape.input(std::span(numbers).first(3), {3});
  std::vector<std::int32_t> tokens(100, 0);
  tokens[7] = 3;
  CHECK_THROWS_AS(ops::token_cross_entropy(x, codes, tokens), std::logic_error);
  tokens[7] = -1;
  CHECK_THROWS_AS(ops::token_cross_entropy(x, codes, tokens), std::logic_error);
  CHECK_THROWS_AS(ops::token_cross_entropy(x, codes, std::span(tokens).first(99)),
                  std::logic_error);
  CHECK_THROWS_AS(ops::soft_reconstruction(x, none), std::logic_error);
}

}  // namespace rppg
