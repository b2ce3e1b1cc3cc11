// POS: plane orthogonal to the skin tone (Wang et al. 2017, algorithm 1).
#include <span>

#include "classical/methods.h"
#include "classical/trace.h"
#include "signal/filter.h"

namespace rppg::classical {
namespace {

constexpr double detrend_lambda = 100;
constexpr int filter_order = 1;
constexpr Band filter_band{0.75, 3.0};

/// One window: mean-normalised colours projected, alpha-tuned, centred, added to `total`.
void add_window(const RgbTrace& trace, std::size_t start, std::size_t length,
                std::span<double> total) {
  const auto [r, g, b] = normalized_window(trace, start, length, "POS");
  std::vector<double> first(length), second(length);
  for (std::size_t n = 0; n < length; ++n) {
    first[n] = g[n] - b[n];
    second[n] = g[n] + b[n] - 2 * r[n];
  }
  const double spread = signal::standard_deviation(second);
  // Where the second projection is constant there is nothing to tune with.
  const double alpha = spread > 0 ? signal::standard_deviation(first) / spread : 0;
  for (std::size_t n = 0; n < length; ++n) first[n] += alpha * second[n];
  const double center = signal::mean(first);
  for (std::size_t n = 0; n < length; ++n) total[start + n] += first[n] - center;
}

}  // namespace

std::vector<double> pos(const RgbTrace& trace) {
  const std::size_t length = window_length(trace.rate_hz);
  require_trace(trace, length + 1, "POS");
  std::vector<double> total(trace.size(), 0.0);
  // The window that ends with the last frame is left out, as in the reference implementation.
  for (std::size_t end = length; end < trace.size(); ++end) {
    add_window(trace, end - length, length, total);
  }
  const auto filter = signal::butterworth_bandpass(filter_order, filter_band, trace.rate_hz);
  return signal::filtfilt(filter, signal::detrend(total, detrend_lambda));
}

}  // namespace rppg::classical
