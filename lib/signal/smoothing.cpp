#include "signal/smoothing.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <stdexcept>

namespace rppg::signal {
namespace {

/// Low-pass filter of Daubechies wavelets with four vanishing moments (Daubechies, "Ten lectures on
/// wavelets", 1992, table 6.1).
constexpr std::array<double, 8> low_pass{
    0.23037781330885523,  0.71484657055254153,  0.63088076792959036,  -0.02798376941698385,
    -0.18703481171888114, 0.030841381835986965, 0.032883011666982945, -0.010597401784997278};

double high_pass(std::size_t k) {
  const double tap = low_pass[low_pass.size() - 1 - k];
  return k % 2 == 0 ? tap : -tap;
}

/// One octave of a periodic signal of even length.
struct Octave {
  std::vector<double> smooth;
  std::vector<double> details;
};

Octave analyze(const std::vector<double>& x) {
  const std::size_t n = x.size(), half = n / 2;
  Octave octave{std::vector<double>(half), std::vector<double>(half)};
  for (std::size_t i = 0; i < half; ++i) {
    for (std::size_t k = 0; k < low_pass.size(); ++k) {
      const double value = x[(2 * i + k) % n];
      octave.smooth[i] += low_pass[k] * value;
      octave.details[i] += high_pass(k) * value;
    }
  }
  return octave;
}

/// The transform is orthogonal: its inverse is its adjoint.
std::vector<double> synthesize(const Octave& octave) {
  const std::size_t n = 2 * octave.smooth.size();
  std::vector<double> x(n);
  for (std::size_t i = 0; i < octave.smooth.size(); ++i) {
    for (std::size_t k = 0; k < low_pass.size(); ++k) {
      x[(2 * i + k) % n] += low_pass[k] * octave.smooth[i] + high_pass(k) * octave.details[i];
    }
  }
  return x;
}

double median_magnitude(std::vector<double> values) {
  for (double& value : values) value = std::abs(value);
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

/// Moved towards zero by `threshold`.
double shrunk(double value, double threshold) {
  return std::copysign(std::max(std::abs(value) - threshold, 0.0), value);
}

}  // namespace

std::vector<double> moving_average(std::span<const double> samples, std::size_t width) {
  if (width % 2 == 0) throw std::logic_error("moving_average: the width must be odd");
  const std::size_t reach = width / 2;
  std::vector<double> result;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    const std::size_t begin = i < reach ? 0 : i - reach;
    const std::size_t end = std::min(i + reach + 1, samples.size());
    double sum = 0;
    for (std::size_t j = begin; j < end; ++j) sum += samples[j];
    result.push_back(sum / static_cast<double>(end - begin));
  }
  return result;
}

std::vector<double> shrink_wavelets(std::span<const double> samples, int levels) {
  constexpr std::size_t shortest = 16;
  if (samples.size() < shortest) return {samples.begin(), samples.end()};
  // The signal and its mirror image make a period without a jump.
  std::vector<double> smooth(samples.begin(), samples.end());
  smooth.insert(smooth.end(), samples.rbegin(), samples.rend());

  std::vector<Octave> octaves;
  while (std::ssize(octaves) < levels && smooth.size() % 2 == 0 && smooth.size() >= shortest) {
    octaves.push_back(analyze(smooth));
    smooth = octaves.back().smooth;
  }
  const double sigma = median_magnitude(octaves.front().details) / 0.6745;
  const double threshold = sigma * std::sqrt(2 * std::log(static_cast<double>(samples.size())));
  for (auto octave = octaves.rbegin(); octave != octaves.rend(); ++octave) {
    octave->smooth = smooth;
    for (double& detail : octave->details) detail = shrunk(detail, threshold);
    smooth = synthesize(*octave);
  }
  smooth.resize(samples.size());
  return smooth;
}

}  // namespace rppg::signal
