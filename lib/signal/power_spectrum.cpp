#include "signal/power_spectrum.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>
#include <stdexcept>

#include "signal/filter.h"

namespace rppg::signal {
namespace {

/// Frequencies that are worked on together: constant, for the vectoriser.
constexpr std::size_t block = 8;

/// exp(-2 pi i f n) at `block` frequencies of a grid, for one n after the other.
class Rotation {
 public:
  Rotation(const FrequencyGrid& grid, std::size_t first) {
    for (std::size_t j = 0; j < block; ++j) {
      const double frequency = grid.first + grid.step * static_cast<double>(first + j);
      const double angle = -2 * std::numbers::pi * frequency;
      step_real_[j] = std::cos(angle);
      step_imaginary_[j] = std::sin(angle);
    }
  }

  double real(std::size_t j) const { return real_[j]; }
  double imaginary(std::size_t j) const { return imaginary_[j]; }

  void advance() {
    for (std::size_t j = 0; j < block; ++j) {
      const double real = real_[j] * step_real_[j] - imaginary_[j] * step_imaginary_[j];
      imaginary_[j] = real_[j] * step_imaginary_[j] + imaginary_[j] * step_real_[j];
      real_[j] = real;
    }
  }

 private:
  double real_[block] = {1, 1, 1, 1, 1, 1, 1, 1};
  double imaginary_[block] = {};
  double step_real_[block] = {};
  double step_imaginary_[block] = {};
};

/// Sums over the samples for the frequencies from `first` on.
void sum_block(std::span<const double> x, double center, const BandAnalysis& analysis,
               std::size_t first, std::span<Complex> spectrum) {
  Rotation rotation(analysis.frequencies, first);
  double real[block] = {};
  double imaginary[block] = {};
  for (std::size_t n = 0; n < x.size(); ++n) {
    const double sample = analysis.window[n] * (x[n] - center);
    for (std::size_t j = 0; j < block; ++j) {
      real[j] += sample * rotation.real(j);
      imaginary[j] += sample * rotation.imaginary(j);
    }
    rotation.advance();
  }
  const std::size_t count = std::min(block, spectrum.size() - first);
  for (std::size_t j = 0; j < count; ++j) spectrum[first + j] = {real[j], imaginary[j]};
}

/// gradient[n] += w_n 2 Re sum_k g_k X_k exp(2 pi i f_k n) over the frequencies from `first` on.
void add_block_gradient(std::span<const Complex> spectrum, std::span<const double> d_power,
                        const BandAnalysis& analysis, std::size_t first,
                        std::span<double> gradient) {
  double real[block] = {};
  double imaginary[block] = {};
  const std::size_t count = std::min(block, spectrum.size() - first);
  for (std::size_t j = 0; j < count; ++j) {
    real[j] = 2 * d_power[first + j] * spectrum[first + j].real();
    imaginary[j] = 2 * d_power[first + j] * spectrum[first + j].imag();
  }
  Rotation rotation(analysis.frequencies, first);
  for (std::size_t n = 0; n < gradient.size(); ++n) {
    double parts[block];
    for (std::size_t j = 0; j < block; ++j) {
      parts[j] = real[j] * rotation.real(j) + imaginary[j] * rotation.imaginary(j);
    }
    for (std::size_t half = block / 2; half > 0; half /= 2) {
      for (std::size_t j = 0; j < half; ++j) parts[j] += parts[j + half];
    }
    gradient[n] += analysis.window[n] * parts[0];
    rotation.advance();
  }
}

/// The way back through taking away the mean.
void subtract_mean(std::span<double> gradient) {
  const double center = mean(gradient);
  for (double& value : gradient) value -= center;
}

bool only_small_factors(std::size_t n) {
  for (const std::size_t prime : {2, 3, 5}) {
    while (n % prime == 0) n /= prime;
  }
  return n == 1;
}

std::size_t checked_points(std::size_t length, std::size_t points) {
  if (length == 0 || length > points || !only_small_factors(points)) {
    throw std::logic_error("PowerSpectrum: no transform of " + std::to_string(points) +
                           " points for " + std::to_string(length) + " samples");
  }
  return points;
}

}  // namespace

FrequencyGrid bins_in_band(Band band, double rate_hz, std::size_t points) {
  constexpr double tolerance_hz = 1e-9;
  const double bin_hz = rate_hz / static_cast<double>(points);
  const double half = std::floor(static_cast<double>(points) / 2);  // the last frequency
  const double first = std::max(0.0, std::ceil((band.low_hz - tolerance_hz) / bin_hz));
  const double last = std::min(std::floor((band.high_hz + tolerance_hz) / bin_hz), half);
  const double step = 1 / static_cast<double>(points);
  return {first * step, step, last < first ? 0 : static_cast<std::size_t>(last - first) + 1};
}

void analyze(std::span<const double> x, const BandAnalysis& analysis, PowerShares& result) {
  const double center = analysis.centered ? mean(x) : 0;
  for (std::size_t first = 0; first < result.spectrum.size(); first += block) {
    sum_block(x, center, analysis, first, result.spectrum);
  }
  std::transform(result.spectrum.begin(), result.spectrum.end(), result.shares.begin(),
                 [](const Complex& value) { return std::norm(value); });
  result.divisor =
      std::accumulate(result.shares.begin(), result.shares.end(), 0.0) + analysis.epsilon;
  if (result.divisor == 0) return;
  for (double& share : result.shares) share /= result.divisor;
}

void shares_gradient(const PowerShares& analyzed, std::span<double> d_shares,
                     const BandAnalysis& analysis, std::span<double> gradient) {
  std::fill(gradient.begin(), gradient.end(), 0.0);
  if (analyzed.divisor == 0) return;
  const double common =
      std::inner_product(d_shares.begin(), d_shares.end(), analyzed.shares.begin(), 0.0);
  for (double& value : d_shares) value = (value - common) / analyzed.divisor;
  for (std::size_t first = 0; first < d_shares.size(); first += block) {
    add_block_gradient(analyzed.spectrum, d_shares, analysis, first, gradient);
  }
  if (analysis.centered) subtract_mean(gradient);
}

PowerSpectrum::PowerSpectrum(std::size_t length, std::size_t points, Window window)
    : transform_(checked_points(length, points)), weights_(signal::window(window, length)) {}

void PowerSpectrum::power(std::span<const double> x, std::span<Complex> spectrum,
                          std::span<double> power, std::span<Complex> scratch) const {
  const std::span<Complex> padded = scratch.first(transform_.length());
  const std::span<Complex> all = scratch.subspan(transform_.length(), transform_.length());
  const double center = mean(x);
  for (std::size_t n = 0; n < x.size(); ++n) padded[n] = weights_[n] * (x[n] - center);
  std::fill(padded.begin() + static_cast<std::ptrdiff_t>(x.size()), padded.end(), 0.0);
  transform_.forward(padded, all);
  std::copy_n(all.begin(), bins(), spectrum.begin());
  std::transform(spectrum.begin(), spectrum.end(), power.begin(),
                 [](const Complex& value) { return std::norm(value); });
}

void PowerSpectrum::gradient(std::span<const Complex> spectrum, std::span<const double> d_power,
                             std::span<double> gradient, std::span<Complex> scratch) const {
  const std::span<Complex> padded = scratch.first(transform_.length());
  const std::span<Complex> all = scratch.subspan(transform_.length(), transform_.length());
  // Re sum_k Z_k exp(+i t) = Re sum_k conj(Z_k) exp(-i t): the forward transform goes back, too.
  std::fill(padded.begin(), padded.end(), 0.0);
  for (std::size_t k = 0; k < bins(); ++k) padded[k] = std::conj(spectrum[k]) * d_power[k];
  transform_.forward(padded, all);
  for (std::size_t n = 0; n < length(); ++n) gradient[n] = 2 * weights_[n] * all[n].real();
  subtract_mean(gradient);
}

}  // namespace rppg::signal
