#include "datasets/synthetic/scene/sensor.h"

#include <cmath>

namespace rppg::datasets {
namespace {

/// A bell over the visible range with a second, broad part: filters leak into their neighbours.
struct Filter {
  double peak_nm;
  double width_nm;
  double leak;
  double leak_nm;
  double leak_width_nm;
};

Spectrum balanced(const Filter& filter) {
  Spectrum response{};
  for (std::size_t i = 0; i < wavelengths; ++i) {
    const double nm = wavelength_nm(i);
    const double a = (nm - filter.peak_nm) / filter.width_nm;
    const double b = (nm - filter.leak_nm) / filter.leak_width_nm;
    // All have a filter that cuts the near infrared.
    const double cut = 1 / (1 + std::exp((nm - 665) / 8));
    response[i] = cut * (std::exp(-a * a / 2) + filter.leak * std::exp(-b * b / 2)) * daylight[i];
  }
  const Spectrum ones = [] {
    Spectrum s{};
    s.fill(1);
    return s;
  }();
  const double all = integral(response, ones);
  for (double& value : response) value /= all;
  return response;
}

Sensor make(const std::array<Filter, 3>& filters, const std::array<double, 3>& white_balance,
            double shot_noise, double read_noise, double readout_s) {
  Sensor s{{},
           {white_balance[0], white_balance[1], white_balance[2]},
           shot_noise,
           read_noise,
           readout_s};
  for (std::size_t c = 0; c < 3; ++c) s.sensitivity[c] = balanced(filters[c]);
  return s;
}

}  // namespace

// Peaks and widths after J. Jiang et al., "What is the space of spectral sensitivity functions for
// digital color cameras?", WACV 2013: R 590-610, G 525-540, B 450-470 nm. Full wells of about
// 10000 (webcam, phone) and 20000 electrons (industrial) give the shot noise.
const Sensor& sensor(CameraKind kind) {
  static const std::array<Sensor, 3> sensors{
      make({{{610, 26, 0, 540, 30}, {536, 34, 0.05, 600, 25}, {458, 27, 0.06, 530, 25}}},
           {1.05, 1, 0.93}, 1e-4, 0.004, 0.025),
      make({{{612, 26, 0.01, 540, 40}, {538, 36, 0.04, 600, 35}, {460, 28, 0.05, 530, 35}}},
           {1, 1, 1}, 5e-5, 0.002, 0),
      make({{{608, 25, 0, 540, 30}, {533, 29, 0.02, 600, 25}, {456, 24, 0.02, 530, 25}}},
           {1.03, 1, 0.95}, 1e-4, 0.003, 0.015)};
  return sensors[static_cast<std::size_t>(kind)];
}

}  // namespace rppg::datasets
