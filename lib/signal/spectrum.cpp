#include "signal/spectrum.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>

#include "base/error.h"
#include "base/text.h"
#include "signal/fft.h"
#include "signal/filter.h"

namespace rppg::signal {
namespace {

/// One-sided density of weighted samples: |X|^2 / (rate * sum w^2), inner bins doubled.
Spectrum density(std::span<const double> weighted, double weight_energy, double rate_hz,
                 std::size_t nfft) {
  const std::vector<Complex> bins = real_fft(weighted, nfft);
  Spectrum spectrum{std::vector<double>(bins.size()), rate_hz / static_cast<double>(nfft)};
  const double scale = 1 / (rate_hz * weight_energy);
  for (std::size_t k = 0; k < bins.size(); ++k) {
    const bool single = k == 0 || (nfft % 2 == 0 && k == nfft / 2);
    spectrum.power[k] = std::norm(bins[k]) * scale * (single ? 1 : 2);
  }
  return spectrum;
}

double energy(std::span<const double> weights) {
  return std::inner_product(weights.begin(), weights.end(), weights.begin(), 0.0);
}

}  // namespace

std::vector<double> window(Window kind, std::size_t length) {
  std::vector<double> weights(length);
  fill_window(kind, weights);
  return weights;
}

void fill_window(Window kind, std::span<double> weights) {
  const std::size_t length = weights.size();
  std::fill(weights.begin(), weights.end(), 1.0);
  if (kind == Window::rectangular || length < 2) return;
  const auto period = static_cast<double>(kind == Window::hann_periodic ? length : length - 1);
  for (std::size_t n = 0; n < length; ++n) {
    weights[n] = 0.5 - 0.5 * std::cos(2 * std::numbers::pi * static_cast<double>(n) / period);
  }
}

Spectrum periodogram(const Waveform& signal, std::size_t nfft, Window kind) {
  if (signal.samples.empty()) throw Error(Status::malformed, "periodogram: no samples");
  const std::vector<double> weights = window(kind, signal.samples.size());
  std::vector<double> weighted(signal.samples.size());
  std::transform(signal.samples.begin(), signal.samples.end(), weights.begin(), weighted.begin(),
                 std::multiplies<>());
  return density(weighted, energy(weights), signal.rate_hz, std::max(nfft, weighted.size()));
}

Spectrum welch(const Waveform& signal, std::size_t segment, std::size_t overlap, std::size_t nfft) {
  if (segment == 0 || overlap >= segment || signal.samples.size() < segment) {
    throw Error(Status::malformed,
                concat("welch: ", signal.samples.size(), " samples for segments of ", segment));
  }
  const std::vector<double> weights = window(Window::hann_periodic, segment);
  const double weight_energy = energy(weights);
  Spectrum total;
  double segments = 0;
  for (std::size_t start = 0; start + segment <= signal.samples.size();
       start += segment - overlap) {
    const std::span part(signal.samples.data() + start, segment);
    const double center = mean(part);
    std::vector<double> weighted(segment);
    for (std::size_t n = 0; n < segment; ++n) weighted[n] = (part[n] - center) * weights[n];
    Spectrum one = density(weighted, weight_energy, signal.rate_hz, std::max(nfft, segment));
    if (total.power.empty()) {
      total = std::move(one);
    } else {
      std::transform(total.power.begin(), total.power.end(), one.power.begin(), total.power.begin(),
                     std::plus<>());
    }
    ++segments;
  }
  for (double& power : total.power) power /= segments;
  return total;
}

}  // namespace rppg::signal
