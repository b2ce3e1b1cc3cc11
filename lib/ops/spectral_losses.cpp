#include "ops/spectral_losses.h"

#include <array>
#include <stdexcept>
#include <string>

#include "ops/row_loss.h"
#include "signal/distance.h"
#include "signal/spectral_distance.h"

namespace rppg::ops {
namespace {

using signal::BandAnalysis;
using signal::Complex;
using signal::PowerShares;

/// The analysis of each clip, as LQ-rPPG has it: Hann window, no mean removed.
class PulseRateAnalysis {
 public:
  PulseRateAnalysis(const char* name, Tensor x, Tensor target, const SampleRates& rates_hz)
      : rates_hz_(rates_hz) {
    require_rows(name, x, target);
    if (!rates_hz.fit(x.shape()[0])) {
      throw std::logic_error(std::string(name) + ": not one rate per clip");
    }
    const std::span<double> window = x.tape().scratch<double>(x.shape()[1]);
    signal::fill_window(signal::Window::hann_symmetric, window);
    window_ = window;
  }

  BandAnalysis of(Index clip) const {
    return {.window = window_, .frequencies = signal::pulse_rates(rates_hz_.of(clip))};
  }

 private:
  SampleRates rates_hz_;
  std::span<const double> window_;
};

/// The loss of one clip.
double rate_loss(std::span<const double> x, std::span<const double> target,
                 const BandAnalysis& analysis, std::span<double> gradient) {
  std::array<Complex, signal::rate_count> spectrum;
  std::array<double, signal::rate_count> shares{};
  std::array<double, signal::rate_count> d_shares{};
  PowerShares result{.spectrum = spectrum, .shares = shares};
  signal::analyze(target, analysis, result);
  const std::size_t rate = signal::strongest(shares);
  signal::analyze(x, analysis, result);
  if (gradient.empty()) return signal::share_cross_entropy(shares, rate, {});
  const double loss = signal::share_cross_entropy(shares, rate, d_shares);
  signal::shares_gradient(result, d_shares, analysis, gradient);
  return loss;
}

/// 0.2 * correlation distance + rate_loss; `scratch`: T numbers.
double hybrid(std::span<const double> x, std::span<const double> target,
              const BandAnalysis& analysis, std::span<double> gradient, std::span<double> scratch) {
  constexpr double correlation_weight = 0.2;
  constexpr double epsilon = 1e-8;
  const double rate = rate_loss(x, target, analysis, gradient);
  const std::span<double> in_time = scratch.first(gradient.size());
  const double correlation = signal::correlation_distance(x, target, epsilon, in_time);
  for (std::size_t n = 0; n < gradient.size(); ++n) {
    gradient[n] += correlation_weight * in_time[n];
  }
  return correlation_weight * correlation + rate;
}

/// Memory for the spectra of all clips of a tensor.
struct Spectra {
  std::span<const double> samples;  ///< (B, T)
  std::span<Complex> values;        ///< (B, K)
  std::span<double> shares;         ///< (B, K)
  std::span<double> d_shares;       ///< (B, K)
  std::span<double> gradient;       ///< (B, T), or empty
  Index width;
  Index bins;

  Spectra(Tape& tape, Tensor x, Index bins_of_each)
      : samples(widened(tape, x)),
        values(tape.scratch<Complex>(x.shape()[0] * bins_of_each)),
        shares(tape.scratch<double>(x.shape()[0] * bins_of_each)),
        d_shares(tape.scratch<double>(x.shape()[0] * bins_of_each)),
        gradient(gradient_room(tape, x)),
        width(x.shape()[1]),
        bins(bins_of_each) {}

  PowerShares analyzed(Index b, const BandAnalysis& analysis) const {
    PowerShares result{.spectrum = row_of(values, b, bins), .shares = row_of(shares, b, bins)};
    signal::analyze(row_of(samples, b, width), analysis, result);
    return result;
  }
  std::span<double> wanted_d_shares(Index b) const {
    return gradient.empty() ? gradient : row_of(d_shares, b, bins);
  }
  void finish(Index b, const PowerShares& result, const BandAnalysis& analysis) const {
    if (gradient.empty()) return;
    signal::shares_gradient(result, row_of(d_shares, b, bins), analysis,
                            row_of(gradient, b, width));
  }
};

BandAnalysis divergence_analysis(Tape& tape, Index samples, double rate_hz,
                                 const DivergenceOptions& options) {
  const auto length = static_cast<std::size_t>(samples);
  const std::size_t points = options.points == 0 ? length : options.points;
  const signal::FrequencyGrid bins = signal::bins_in_band(options.band, rate_hz, points);
  if (points < length || bins.count == 0) {
    throw std::logic_error("spectral_divergence: " + std::to_string(bins.count) + " bins of " +
                           std::to_string(points) + " points for " + std::to_string(samples) +
                           " samples");
  }
  const std::span<double> window = tape.scratch<double>(samples);
  signal::fill_window(options.window, window);
  return {.window = window,
          .frequencies = bins,
          .centered = options.centered,
          .epsilon = options.epsilon};
}

}  // namespace

Tensor rate_cross_entropy(Tensor x, Tensor target, const SampleRates& rates_hz) {
  constexpr const char* name = "rate_cross_entropy";
  const PulseRateAnalysis analysis(name, x, target, rates_hz);
  return mean_over_rows(name, x, target, x.tape().threads(),
                        [&](std::span<const double> row, std::span<const double> target_row,
                            std::span<double> gradient, RowTask task) {
                          return rate_loss(row, target_row, analysis.of(task.row), gradient);
                        });
}

Tensor hybrid_loss(Tensor x, Tensor target, const SampleRates& rates_hz) {
  constexpr const char* name = "hybrid_loss";
  const PulseRateAnalysis analysis(name, x, target, rates_hz);
  Tape& tape = x.tape();
  const Index width = x.shape()[1];
  const std::span<double> scratch = tape.scratch<double>(width * tape.threads());
  return mean_over_rows(name, x, target, tape.threads(),
                        [&](std::span<const double> row, std::span<const double> target_row,
                            std::span<double> gradient, RowTask task) {
                          return hybrid(row, target_row, analysis.of(task.row), gradient,
                                        row_of(scratch, task.thread, width));
                        });
}

Tensor spectral_divergence(Tensor target, Tensor x, double rate_hz,
                           const DivergenceOptions& options) {
  constexpr const char* name = "spectral_divergence";
  require_rows(name, x, target);
  Tape& tape = x.tape();
  const Index clips = x.shape()[0];
  const BandAnalysis analysis = divergence_analysis(tape, x.shape()[1], rate_hz, options);
  const auto bins = static_cast<Index>(analysis.frequencies.count);
  const Spectra of_target(tape, target, bins);
  const Spectra of_x(tape, x, bins);
  const std::span<double> values = tape.scratch<double>(clips);
  for_blocks(tape.threads(), clips, [&](Index b, int) {
    const PowerShares p = of_target.analyzed(b, analysis);
    const PowerShares q = of_x.analyzed(b, analysis);
    values[static_cast<std::size_t>(b)] = signal::divergence(
        p.shares, q.shares, options.delta, of_target.wanted_d_shares(b), of_x.wanted_d_shares(b));
    of_target.finish(b, p, analysis);
    of_x.finish(b, q, analysis);
  });
  const Tensor y = tape.output(Shape(), {target, x});
  y.mutable_values()[0] = static_cast<float>(mean_of(values));
  return tape.record(name, y, [=, d_target = of_target.gradient, d_x = of_x.gradient] {
    const double factor = static_cast<double>(y.gradient()[0]) / static_cast<double>(clips);
    add_gradient(target, factor, d_target);
    add_gradient(x, factor, d_x);
  });
}

Tensor power_spectrum(Tensor x, const signal::PowerSpectrum& spectrum) {
  constexpr const char* name = "power_spectrum";
  const Index clips = x.shape()[0];
  const auto width = static_cast<Index>(spectrum.length());
  const auto bins = static_cast<Index>(spectrum.bins());
  require_shape(name, x.shape(), {clips, width});
  Tape& tape = x.tape();
  const int threads = tape.threads();
  const auto scratch_size = static_cast<Index>(spectrum.scratch_size());
  const std::span<const double> samples = widened(tape, x);
  const std::span<Complex> values = tape.scratch<Complex>(clips * bins);
  const std::span<double> powers = tape.scratch<double>(clips * bins);
  const std::span<double> derivatives = gradient_room(tape, x);
  const std::span<Complex> scratch = tape.scratch<Complex>(scratch_size * threads);
  const Tensor y = tape.output({clips, bins}, {x});
  const std::span<float> out = y.mutable_values();
  for_blocks(threads, clips, [&](Index b, int thread) {
    const std::span<double> power = row_of(powers, b, bins);
    spectrum.power(row_of(samples, b, width), row_of(values, b, bins), power,
                   row_of(scratch, thread, scratch_size));
    std::copy(power.begin(), power.end(), row_of(out, b, bins).begin());
  });
  return tape.record(name, y, [=, transform = &spectrum] {
    const std::span<const float> d_y = y.gradient();
    for_blocks(threads, clips, [&](Index b, int thread) {
      const std::span<double> upstream = row_of(powers, b, bins);  // powers are needed no more
      const std::span<const float> from = row_of(d_y, b, bins);
      std::copy(from.begin(), from.end(), upstream.begin());
      transform->gradient(row_of(values, b, bins), upstream, row_of(derivatives, b, width),
                          row_of(scratch, thread, scratch_size));
    });
    add_gradient(x, 1, derivatives);
  });
}

}  // namespace rppg::ops
