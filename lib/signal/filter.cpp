#include "signal/filter.h"

#include <algorithm>
#include <cmath>
#include <complex>
#include <limits>
#include <numbers>
#include <numeric>
#include <utility>

#include <Eigen/Dense>

#include "base/error.h"
#include "base/text.h"
#include "signal/fft.h"

namespace rppg::signal {
namespace {

/// Coefficients of prod (z - root), highest power first; the roots come in conjugate pairs.
std::vector<double> polynomial(const std::vector<Complex>& roots) {
  std::vector<Complex> coefficients{1.0};
  for (const Complex& root : roots) {
    coefficients.push_back(0.0);
    for (std::size_t i = coefficients.size() - 1; i > 0; --i) {
      coefficients[i] -= root * coefficients[i - 1];
    }
  }
  std::vector<double> real(coefficients.size());
  std::transform(coefficients.begin(), coefficients.end(), real.begin(),
                 [](const Complex& c) { return c.real(); });
  return real;
}

/// Direct form II transposed, in place; `state` is updated.
void filter(const FilterCoefficients& f, std::span<double> samples, std::span<double> state) {
  const std::size_t order = f.a.size() - 1;
  for (double& sample : samples) {
    const double x = sample;
    const double y = f.b[0] * x + state[0];
    for (std::size_t i = 0; i + 1 < order; ++i) {
      state[i] = f.b[i + 1] * x + state[i + 1] - f.a[i + 1] * y;
    }
    state[order - 1] = f.b[order] * x - f.a[order] * y;
    sample = y;
  }
}

/// State for which a constant input of one gives a constant output (scipy.signal.lfilter_zi).
std::vector<double> steady_state(const FilterCoefficients& f) {
  const auto order = static_cast<Eigen::Index>(f.a.size() - 1);
  Eigen::MatrixXd system = Eigen::MatrixXd::Identity(order, order);
  Eigen::VectorXd right(order);
  for (Eigen::Index i = 0; i < order; ++i) {
    const auto k = static_cast<std::size_t>(i + 1);
    system(i, 0) += f.a[k];
    if (i + 1 < order) system(i, i + 1) -= 1;
    right(i) = f.b[k] - f.a[k] * f.b[0];
  }
  const Eigen::VectorXd state = system.partialPivLu().solve(right);
  return {state.data(), state.data() + order};
}

std::vector<double> scaled(std::vector<double> values, double factor) {
  for (double& value : values) value *= factor;
  return values;
}

}  // namespace

std::vector<double> detrend(std::span<const double> samples, double lambda) {
  const std::size_t n = samples.size();
  if (n < 3) return std::vector<double>(n, 0.0);
  // A = I + lambda^2 D'D is symmetric with five diagonals; A = L diag(d) L' by columns.
  const double weight = lambda * lambda;
  std::vector<double> main(n, 1.0), first(n, 0.0), second(n, 0.0);
  constexpr double row[] = {1, -2, 1};
  for (std::size_t k = 0; k + 2 < n; ++k) {
    for (std::size_t i = 0; i < 3; ++i) main[k + i] += weight * row[i] * row[i];
    for (std::size_t i = 0; i < 2; ++i) first[k + i] += weight * row[i] * row[i + 1];
    second[k] += weight * row[0] * row[2];
  }
  std::vector<double> d(n), l1(n, 0.0), l2(n, 0.0);
  for (std::size_t i = 0; i < n; ++i) {
    d[i] = main[i];
    if (i >= 1) d[i] -= l1[i - 1] * l1[i - 1] * d[i - 1];
    if (i >= 2) d[i] -= l2[i - 2] * l2[i - 2] * d[i - 2];
    if (i + 1 < n) l1[i] = (first[i] - (i >= 1 ? l2[i - 1] * l1[i - 1] * d[i - 1] : 0)) / d[i];
    if (i + 2 < n) l2[i] = second[i] / d[i];
  }
  // A constant is its own trend: without it a constant gives exact zeros.
  std::vector<double> rest(samples.begin(), samples.end());
  for (double& value : rest) value -= samples.front();
  std::vector<double> trend = rest;
  for (std::size_t i = 0; i < n; ++i) {
    if (i >= 1) trend[i] -= l1[i - 1] * trend[i - 1];
    if (i >= 2) trend[i] -= l2[i - 2] * trend[i - 2];
  }
  for (std::size_t i = 0; i < n; ++i) trend[i] /= d[i];
  for (std::size_t i = n; i-- > 0;) {
    if (i + 1 < n) trend[i] -= l1[i] * trend[i + 1];
    if (i + 2 < n) trend[i] -= l2[i] * trend[i + 2];
  }
  std::transform(rest.begin(), rest.end(), trend.begin(), rest.begin(), std::minus<>());
  return rest;
}

FilterCoefficients butterworth_bandpass(int order, Band band, double rate_hz) {
  if (!(band.low_hz > 0 && band.low_hz < band.high_hz && band.high_hz < rate_hz / 2) || order < 1) {
    throw Error(Status::usage, concat("band-pass ", band.low_hz, "-", band.high_hz,
                                      " Hz is not possible at ", rate_hz, " Hz"));
  }
  // Analogue prototype at twice the (normalised) sampling rate of one: s = 4 (z - 1) / (z + 1).
  const auto prewarp = [&](double f) { return 4 * std::tan(std::numbers::pi * f / rate_hz); };
  const double low = prewarp(band.low_hz);
  const double high = prewarp(band.high_hz);
  const double width = high - low;
  const double center = std::sqrt(low * high);

  std::vector<Complex> poles;
  for (int k = -order + 1; k < order; k += 2) {
    const Complex prototype =
        -std::exp(Complex(0, std::numbers::pi * k / (2.0 * order))) * (width / 2);
    const Complex root = std::sqrt(prototype * prototype - center * center);
    poles.push_back(prototype + root);
    poles.push_back(prototype - root);
  }
  Complex gain = std::pow(width, order);
  for (int k = 0; k < order; ++k) gain *= 4.0;  // the zeros at s = 0
  std::vector<Complex> zeros(static_cast<std::size_t>(order), 1.0);
  zeros.resize(2 * zeros.size(), -1.0);
  for (Complex& pole : poles) {
    gain /= 4.0 - pole;
    pole = (4.0 + pole) / (4.0 - pole);
  }
  return {scaled(polynomial(zeros), gain.real()), polynomial(poles)};
}

ZeroPhaseFilter::ZeroPhaseFilter(FilterCoefficients filter)
    : filter_(std::move(filter)),
      steady_state_(steady_state(filter_)),
      padding_(3 * std::max(filter_.a.size(), filter_.b.size())) {}

std::size_t ZeroPhaseFilter::room(std::size_t samples) const {
  return samples + 2 * padding_ + steady_state_.size();
}

void ZeroPhaseFilter::operator()(std::span<double> samples, std::span<double> room) const {
  const std::size_t n = samples.size();
  if (n <= padding_) {
    throw Error(Status::malformed,
                concat("too short: ", n, " samples, the filter needs more than ", padding_));
  }
  const std::span<double> extended = room.first(n + 2 * padding_);
  const std::span<double> state = room.subspan(extended.size(), steady_state_.size());
  const std::span<double> middle = extended.subspan(padding_, n);
  std::copy(samples.begin(), samples.end(), middle.begin());
  for (std::size_t i = 1; i <= padding_; ++i) {
    extended[padding_ - i] = 2 * samples[0] - samples[i];
    extended[padding_ + n - 1 + i] = 2 * samples[n - 1] - samples[n - 1 - i];
  }
  for (int pass = 0; pass < 2; ++pass) {
    std::transform(steady_state_.begin(), steady_state_.end(), state.begin(),
                   [&](double value) { return value * extended.front(); });
    filter(filter_, extended, state);
    std::reverse(extended.begin(), extended.end());
  }
  std::copy(middle.begin(), middle.end(), samples.begin());
}

std::vector<double> filtfilt(const FilterCoefficients& filter, std::span<const double> samples) {
  const ZeroPhaseFilter zero_phase(filter);
  std::vector<double> filtered(samples.begin(), samples.end());
  std::vector<double> room(zero_phase.room(samples.size()));
  zero_phase(filtered, room);
  return filtered;
}

std::vector<double> interpolate(std::span<const double> times, std::span<const double> values,
                                std::span<const double> at) {
  if (times.empty()) throw Error(Status::malformed, "interpolation: no points");
  std::vector<double> result(at.size());
  for (std::size_t k = 0; k < at.size(); ++k) {
    const auto after = std::upper_bound(times.begin(), times.end(), at[k]);
    if (after == times.begin()) {
      result[k] = values.front();
    } else if (after == times.end()) {
      result[k] = values.back();
    } else {
      const auto i = static_cast<std::size_t>(after - times.begin());
      const double weight = (at[k] - times[i - 1]) / (times[i] - times[i - 1]);
      result[k] = values[i - 1] + weight * (values[i] - values[i - 1]);
    }
  }
  return result;
}

std::vector<double> resample_index(std::span<const double> samples, std::size_t count) {
  if (samples.empty()) throw Error(Status::malformed, "resampling: no samples");
  std::vector<double> places(samples.size()), at(count, 0.0);
  std::iota(places.begin(), places.end(), 0.0);
  const double step =
      count > 1 ? static_cast<double>(samples.size() - 1) / static_cast<double>(count - 1) : 0;
  for (std::size_t i = 0; i < count; ++i) at[i] = static_cast<double>(i) * step;
  return interpolate(places, samples, at);
}

std::vector<double> standardize(std::span<const double> samples) {
  const double center = mean(samples);
  const double scale = standard_deviation(samples);
  std::vector<double> result(samples.size(), 0.0);
  if (!(scale > 0)) return result;
  std::transform(samples.begin(), samples.end(), result.begin(),
                 [&](double x) { return (x - center) / scale; });
  return result;
}

std::vector<double> cumulative_sum(std::span<const double> samples, bool in_float32) {
  std::vector<double> sums(samples.size());
  double sum = 0;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    sum = in_float32 ? static_cast<double>(static_cast<float>(sum) + static_cast<float>(samples[i]))
                     : sum + samples[i];
    sums[i] = sum;
  }
  return sums;
}

std::vector<double> envelope(std::span<const double> samples) {
  const std::size_t n = samples.size();
  std::vector<Complex> bins = fft(std::vector<Complex>(samples.begin(), samples.end()));
  for (std::size_t k = 1; k < n; ++k) {
    if (2 * k < n) bins[k] *= 2.0;
    if (2 * k > n) bins[k] = 0.0;
  }
  std::vector<double> magnitude(n);
  const std::vector<Complex> analytic = inverse_fft(bins);
  std::transform(analytic.begin(), analytic.end(), magnitude.begin(),
                 [](const Complex& z) { return std::abs(z); });
  return magnitude;
}

double mean(std::span<const double> samples) {
  if (samples.empty()) return std::numeric_limits<double>::quiet_NaN();
  // Relative to the first sample, so that no rounding makes a constant look as if it varied.
  const double origin = samples.front();
  double sum = 0;
  for (const double sample : samples) sum += sample - origin;
  return origin + sum / static_cast<double>(samples.size());
}

double standard_deviation(std::span<const double> samples) {
  const double center = mean(samples);
  double sum = 0;
  for (const double sample : samples) sum += (sample - center) * (sample - center);
  return std::sqrt(sum / static_cast<double>(samples.size()));
}

}  // namespace rppg::signal
