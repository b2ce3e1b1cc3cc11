// CHROM: chrominance difference with windowed overlap-add (de Haan and Jeanne 2013).
#include <algorithm>
#include <span>

#include "classical/methods.h"
#include "classical/trace.h"
#include "signal/filter.h"
#include "signal/spectrum.h"

namespace rppg::classical {
namespace {

constexpr int filter_order = 3;
constexpr Band filter_band{0.7, 2.5};

std::vector<double> window_pulse(const RgbTrace& trace, std::size_t start, std::size_t length,
                                 const signal::FilterCoefficients& filter) {
  const auto [r, g, b] = normalized_window(trace, start, length, "CHROM");
  std::vector<double> x(length), y(length);
  for (std::size_t n = 0; n < length; ++n) {
    x[n] = 3 * r[n] - 2 * g[n];
    y[n] = 1.5 * r[n] + g[n] - 1.5 * b[n];
  }
  x = signal::filtfilt(filter, x);
  y = signal::filtfilt(filter, y);
  const double spread = signal::standard_deviation(y);
  const double alpha = spread > 0 ? signal::standard_deviation(x) / spread : 0;
  for (std::size_t n = 0; n < length; ++n) x[n] -= alpha * y[n];
  return x;
}

}  // namespace

std::vector<double> chrom(const RgbTrace& trace) {
  std::size_t length = window_length(trace.rate_hz);
  length += length % 2;
  const std::size_t hop = length / 2;
  require_trace(trace, length, "CHROM");
  const auto filter = signal::butterworth_bandpass(filter_order, filter_band, trace.rate_hz);
  const std::vector<double> weights = signal::window(signal::Window::hann_symmetric, length);
  const std::size_t windows = (trace.size() - hop) / hop;
  std::vector<double> total(hop * (windows + 1), 0.0);
  for (std::size_t w = 0; w < windows; ++w) {
    const std::vector<double> pulse = window_pulse(trace, w * hop, length, filter);
    for (std::size_t n = 0; n < length; ++n) total[w * hop + n] += pulse[n] * weights[n];
  }
  return total;
}

}  // namespace rppg::classical
