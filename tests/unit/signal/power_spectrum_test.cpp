#include "signal/power_spectrum.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numbers>
#include <stdexcept>
#include <vector>

#include <doctest/doctest.h>

#include "base/random.h"
#include "signal/distance.h"
#include "signal/spectral_distance.h"
#include "support/compare.h"

namespace rppg::signal {
namespace {

using Values = std::vector<double>;

Values random_values(std::size_t count, std::uint64_t stream) {
  const Random random(5, stream);
  Values values(count);
  for (std::size_t i = 0; i < count; ++i) values[i] = random.normal(i);
  return values;
}

/// Derivative of f for each of x, by central differences.
Values differences(const std::function<double(const Values&)>& f, Values x) {
  constexpr double step = 1e-5;
  Values result;
  for (double& value : x) {
    const double before = value;
    value = before + step;
    const double above = f(x);
    value = before - step;
    result.push_back((above - f(x)) / (2 * step));
    value = before;
  }
  return result;
}

struct Analyzed {
  Analyzed(const Values& x, const BandAnalysis& analysis)
      : spectrum(analysis.frequencies.count), shares(analysis.frequencies.count) {
    result = {.spectrum = spectrum, .shares = shares};
    analyze(x, analysis, result);
  }
  std::vector<Complex> spectrum;
  Values shares;
  PowerShares result;
};

/// Two waveforms whose divergence was computed elsewhere.
Values teacher_wave() {
  Values wave(180);
  for (std::size_t n = 0; n < wave.size(); ++n) {
    wave[n] = std::sin(2 * std::numbers::pi * 1.2 * static_cast<double>(n) / 30);
  }
  return wave;
}
Values student_wave() {
  Values wave(180);
  for (std::size_t n = 0; n < wave.size(); ++n) {
    const double t = 2 * std::numbers::pi * static_cast<double>(n) / 30;
    wave[n] = std::sin(1.5 * t) + 0.5 * std::sin(0.8 * t);
  }
  return wave;
}

struct Divergence {
  double value = 0;
  Values gradient;
};

/// Of the spectrum of y from that of x, and its gradient for y.
Divergence divergence_of(const Values& x, const Values& y, std::size_t points) {
  constexpr double epsilon = 1e-8;
  const Values weights = window(Window::hann_symmetric, x.size());
  const BandAnalysis analysis{.window = weights,
                              .frequencies = bins_in_band({0.5, 3.0}, 30, points),
                              .centered = true,
                              .epsilon = epsilon};
  const Analyzed p(x, analysis);
  const Analyzed q(y, analysis);
  Values d_shares(q.shares.size());
  Divergence result{.gradient = Values(y.size())};
  result.value = divergence(p.shares, q.shares, epsilon, {}, d_shares);
  shares_gradient(q.result, d_shares, analysis, result.gradient);
  return result;
}

double norm_of(const Values& x) {
  double sum = 0;
  for (const double value : x) sum += value * value;
  return std::sqrt(sum);
}

}  // namespace

TEST_CASE("bins of a band include its ends") {
  const FrequencyGrid bins = bins_in_band({0.5, 3.0}, 30, 180);
  CHECK(bins.count == 16);
  CHECK(bins.first * 30 == doctest::Approx(0.5));
  CHECK(bins_in_band({0.51, 2.99}, 30, 180).count == 14);
  CHECK(bins_in_band({0.5, 3.0}, 30, 1024).count == 85);
  CHECK(bins_in_band({0.51, 0.55}, 30, 180).count == 0);
  CHECK(bins_in_band({0, 100}, 30, 180).count == 91);  // not beyond half the rate
}

TEST_CASE("sums at single frequencies agree with the fast transform") {
  for (const std::size_t length : {1, 2, 31, 180, 301}) {
    CAPTURE(length);
    const Values x = random_values(length, length);
    const std::size_t points = next_power_of_two(length);
    const Values weights = window(Window::hann_periodic, length);
    const BandAnalysis analysis{
        .window = weights, .frequencies = {0, 1 / static_cast<double>(points), points / 2 + 1}};
    const Analyzed direct(x, analysis);
    Values weighted(length);
    std::transform(x.begin(), x.end(), weights.begin(), weighted.begin(), std::multiplies<>());
    const std::vector<Complex> fast = real_fft(weighted, points);
    for (std::size_t k = 0; k < fast.size(); ++k) {
      CHECK(std::abs(direct.spectrum[k] - fast[k]) < 1e-11);
    }
  }
}

TEST_CASE("the gradient of power shares agrees with differences") {
  for (const bool centered : {false, true}) {
    for (const std::size_t count : {1, 8, 13}) {
      const Values weights = window(Window::hann_symmetric, 40);
      const BandAnalysis analysis{.window = weights,
                                  .frequencies = {0.031, 0.017, count},
                                  .centered = centered,
                                  .epsilon = 0.5};
      const Values cotangent = random_values(count, 3);
      const auto function = [&](const Values& x) {
        const Analyzed at(x, analysis);
        double sum = 0;
        for (std::size_t k = 0; k < count; ++k) sum += cotangent[k] * at.shares[k];
        return sum;
      };
      const Values x = random_values(40, 4);
      const Analyzed at(x, analysis);
      Values d_shares = cotangent;
      Values gradient(40, 9.0);
      shares_gradient(at.result, d_shares, analysis, gradient);
      CHECK(test::relative_difference(gradient, differences(function, x)) < 1e-8);
    }
  }
}

TEST_CASE("a signal without power has no shares and no gradient") {
  const Values weights(16, 1.0);
  const BandAnalysis analysis{.window = weights, .frequencies = {0.1, 0.01, 5}};
  const Analyzed at(Values(16), analysis);
  CHECK(at.shares == Values(5));
  Values d_shares(5, 1.0);
  Values gradient(16, 9.0);
  shares_gradient(at.result, d_shares, analysis, gradient);
  CHECK(gradient == Values(16));
}

TEST_CASE("whole power spectra, their gradient, and zero padding") {
  for (const std::size_t points : {60, 64, 100, 135}) {
    CAPTURE(points);
    const std::size_t length = 60;
    const PowerSpectrum transform(length, points);
    REQUIRE(transform.bins() == points / 2 + 1);
    std::vector<Complex> spectrum(transform.bins()), scratch(transform.scratch_size());
    Values power(transform.bins());
    const Values cotangent = random_values(transform.bins(), 8);
    const auto function = [&](const Values& x) {
      transform.power(x, spectrum, power, scratch);
      double sum = 0;
      for (std::size_t k = 0; k < power.size(); ++k) sum += cotangent[k] * power[k];
      return sum;
    };
    const Values x = random_values(length, 9);
    const Values wanted = differences(function, x);
    function(x);
    Values gradient(length, 9.0);
    transform.gradient(spectrum, cotangent, gradient, scratch);
    CHECK(test::relative_difference(gradient, wanted) < 1e-8);

    const Values weights = window(Window::hann_symmetric, length);
    const Analyzed direct(x, {.window = weights,
                              .frequencies = {0, 1 / static_cast<double>(points), transform.bins()},
                              .centered = true});
    Values from_shares = direct.shares;
    for (double& value : from_shares) value *= direct.result.divisor;
    CHECK(test::relative_difference(power, from_shares) < 1e-12);
  }
}

TEST_CASE("lengths that the fast transform does not take") {
  CHECK_THROWS_AS(PowerSpectrum(0, 16), std::logic_error);
  CHECK_THROWS_AS(PowerSpectrum(17, 16), std::logic_error);
  CHECK_THROWS_AS(PowerSpectrum(10, 14), std::logic_error);
}

TEST_CASE("divergence of two known waveforms") {
  // Values to the digits that are stated; made with another program.
  const Divergence coarse = divergence_of(teacher_wave(), student_wave(), 180);
  CHECK(coarse.value == doctest::Approx(6.3549293).epsilon(1e-8));
  CHECK(norm_of(coarse.gradient) == doctest::Approx(17.7455636).epsilon(1e-8));
  CHECK(coarse.gradient[45] == doctest::Approx(-1.173878585).epsilon(1e-8));
  CHECK(coarse.gradient[90] == doctest::Approx(1.956883758).epsilon(1e-8));
  CHECK(divergence_of(student_wave(), teacher_wave(), 180).value ==
        doctest::Approx(5.1494799).epsilon(1e-8));
  const Divergence fine = divergence_of(teacher_wave(), student_wave(), 1024);
  CHECK(fine.value == doctest::Approx(5.1264848).epsilon(1e-8));
  CHECK(norm_of(fine.gradient) == doctest::Approx(4.1492155).epsilon(1e-8));
  CHECK(fine.gradient[135] == doctest::Approx(0.280442438).epsilon(1e-7));
  CHECK(divergence_of(student_wave(), teacher_wave(), 1024).value ==
        doctest::Approx(5.1189215).epsilon(1e-8));
}

TEST_CASE("divergence does not see scale, nor offset") {
  const Values teacher = teacher_wave();
  const Values student = student_wave();
  Values louder = teacher;
  for (double& value : louder) value = 3 * value + 7;
  CHECK(std::abs(divergence_of(teacher, louder, 180).value) < 1e-9);
  const Divergence at = divergence_of(teacher, student, 180);
  double along = 0;
  double total = 0;
  for (std::size_t n = 0; n < student.size(); ++n) {
    along += at.gradient[n] * student[n];
    total += at.gradient[n];
  }
  CHECK(std::abs(along) < 1e-6);  // but for epsilon
  CHECK(std::abs(total) < 1e-12);
}

TEST_CASE("divergence has gradients for both of its sides") {
  Values p = {0.1, 0.2, 0.3, 0.4};
  Values q = {0.4, 0.1, 0.25, 0.25};
  Values d_p(4), d_q(4);
  divergence(p, q, 1e-3, d_p, d_q);
  const auto of_p = [&](const Values& x) { return divergence(x, q, 1e-3, {}, {}); };
  const auto of_q = [&](const Values& x) { return divergence(p, x, 1e-3, {}, {}); };
  CHECK(test::relative_difference(d_p, differences(of_p, p)) < 1e-8);
  CHECK(test::relative_difference(d_q, differences(of_q, q)) < 1e-8);
  CHECK(divergence(p, p, 1e-8, {}, {}) == 0);
}

TEST_CASE("distances in time agree with differences") {
  const Values x = random_values(25, 1);
  const Values y = random_values(25, 2);
  Values gradient(25, 9.0);
  mean_squared_error(x, y, gradient);
  const auto squared = [&](const Values& at) { return mean_squared_error(at, y, {}); };
  CHECK(test::relative_difference(gradient, differences(squared, x)) < 1e-8);
  for (const double epsilon : {0.0, 0.3}) {
    correlation_distance(x, y, epsilon, gradient);
    const auto distance = [&](const Values& at) {
      return correlation_distance(at, y, epsilon, {});
    };
    CHECK(test::relative_difference(gradient, differences(distance, x)) < 1e-8);
  }
  CHECK(correlation_distance(x, x, 0, {}) == doctest::Approx(0));
}

TEST_CASE("a constant waveform is uncorrelated and gets no gradient") {
  const Values flat(25, 0.1);
  const Values y = random_values(25, 2);
  Values gradient(25, 9.0);
  CHECK(correlation_distance(flat, y, 0, gradient) == 1);
  CHECK(gradient == Values(25));
  CHECK(correlation_distance(y, flat, 0, gradient) == 1);
  CHECK(gradient == Values(25));
}

}  // namespace rppg::signal
