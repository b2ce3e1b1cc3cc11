// Losses of waveforms and spectra against values and gradients that PyTorch computed in double
// precision.
#include <algorithm>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "base/text.h"
#include "io/hdf5.h"
#include "signal/distance.h"
#include "signal/power_spectrum.h"
#include "signal/spectral_distance.h"
#include "support/compare.h"
#include "support/resources.h"

namespace rppg::signal {
namespace {

using Values = std::vector<double>;

std::span<const double> row(const Values& matrix, std::size_t index, std::size_t width) {
  return std::span(matrix).subspan(index * width, width);
}

/// Memory of one analysis.
struct Analyzed {
  explicit Analyzed(std::span<const double> x, const BandAnalysis& analysis)
      : spectrum(analysis.frequencies.count), power(analysis.frequencies.count) {
    result = {.spectrum = spectrum, .shares = power};
    analyze(x, analysis, result);
  }
  std::vector<Complex> spectrum;
  Values power;
  PowerShares result;
};

}  // namespace

TEST_CASE("LQ-rPPG's losses in frequency and time") {
  const auto path = test::shared("reference/lq/losses.h5");
  if (!path) return;
  const io::Hdf5Reader file(*path);
  double worst = 0;
  for (const double rate_hz : {20.0, 25.0, 30.0}) {
    const std::string group = concat("/fs", rate_hz);
    CAPTURE(group);
    const Values x = file.doubles(group + "/pred");
    const Values y = file.doubles(group + "/target");
    const auto classes = file.integers(group + "/class");
    const std::size_t clips = classes.size();
    const std::size_t width = x.size() / clips;
    const Values weights = window(Window::hann_symmetric, width);
    const BandAnalysis analysis{.window = weights, .frequencies = pulse_rates(rate_hz)};
    const auto share = 1 / static_cast<double>(clips);

    double in_frequency = 0;
    double in_time = 0;
    Values frequency_gradient, time_gradient, shares_x, shares_y;
    for (std::size_t b = 0; b < clips; ++b) {
      const Analyzed of_y(row(y, b, width), analysis);
      const Analyzed of_x(row(x, b, width), analysis);
      shares_x.insert(shares_x.end(), of_x.power.begin(), of_x.power.end());
      shares_y.insert(shares_y.end(), of_y.power.begin(), of_y.power.end());
      const std::size_t rate = strongest(of_y.power);
      CHECK(static_cast<std::int64_t>(rate) == classes[b]);
      Values d_shares(rate_count), gradient(width);
      in_frequency += share * share_cross_entropy(of_x.power, rate, d_shares);
      shares_gradient(of_x.result, d_shares, analysis, gradient);
      for (const double value : gradient) frequency_gradient.push_back(share * value);
      in_time += share * correlation_distance(row(x, b, width), row(y, b, width), 1e-8, gradient);
      for (const double value : gradient) time_gradient.push_back(share * value);
    }
    Values hybrid_gradient(x.size());
    std::transform(frequency_gradient.begin(), frequency_gradient.end(), time_gradient.begin(),
                   hybrid_gradient.begin(), [](double f, double r) { return f + 0.2 * r; });

    const auto error = [&](const Values& ours, const std::string& name) {
      return test::relative_difference(ours, file.doubles(concat(group, "/", name)));
    };
    const double largest = std::max(
        {error(shares_x, "spectrum_pred"), error(shares_y, "spectrum_target"),
         error({in_frequency}, "freq_ce"), error(frequency_gradient, "grad_freq_ce"),
         error({in_time}, "neg_pearson"), error(time_gradient, "grad_neg_pearson"),
         error({0.2 * in_time + in_frequency}, "hybrid"), error(hybrid_gradient, "grad_hybrid")});
    CHECK(largest < 1e-9);
    worst = std::max(worst, largest);
  }
  MESSAGE("largest relative error: " << worst);
}

TEST_CASE("divergence of spectra, as for distillation across views") {
  const auto path = test::shared("reference/toolbox/f_paper_protocol.h5");
  if (!path) return;
  const io::Hdf5Reader file(*path);
  double worst = 0;
  for (int i = 0; i < 6; ++i) {
    const std::string group = concat("/kl", i);
    CAPTURE(group);
    const Values teacher = file.doubles(group + "/y_teacher");
    const Values student = file.doubles(group + "/y_student");
    const std::size_t clips = file.extents(group + "/y_teacher").front();
    const std::size_t width = teacher.size() / clips;
    const double rate_hz = file.number_attribute(group, "fs");
    const Values weights =
        window(file.number_attribute(group, "periodic_hann") != 0 ? Window::hann_periodic
                                                                  : Window::hann_symmetric,
               width);
    const BandAnalysis analysis{.window = weights,
                                .frequencies = bins_in_band({0.5, 3.0}, rate_hz, width),
                                .epsilon = file.number_attribute(group, "eps")};
    const Values frequencies = file.doubles(group + "/freq_band");
    REQUIRE(analysis.frequencies.count == frequencies.size());
    CHECK(analysis.frequencies.first * rate_hz == doctest::Approx(frequencies.front()));

    const auto share = 1 / static_cast<double>(clips);
    double loss = 0;
    Values gradients, shares;
    for (std::size_t b = 0; b < clips; ++b) {
      const Analyzed p(row(teacher, b, width), analysis);
      const Analyzed q(row(student, b, width), analysis);
      shares.insert(shares.end(), q.power.begin(), q.power.end());
      Values d_shares(frequencies.size()), gradient(width);
      loss += share * divergence(p.power, q.power, 0, {}, d_shares);
      shares_gradient(q.result, d_shares, analysis, gradient);
      for (const double value : gradient) gradients.push_back(share * value);
    }
    const double largest =
        std::max({test::relative_difference(shares, file.doubles(group + "/p_student")),
                  std::abs(loss - file.number_attribute(group, "loss_batch_mean")),
                  test::relative_difference(gradients, file.doubles(group + "/grad_student"))});
    CHECK(largest < 1e-9);
    worst = std::max(worst, largest);
  }
  MESSAGE("largest error: " << worst);
}

}  // namespace rppg::signal
