#include "datasets/synthetic/head/spectrum.h"

#include <cmath>

namespace rppg::datasets {
namespace {

template <typename Function>
Spectrum tabulate(Function value) {
  Spectrum spectrum{};
  for (std::size_t i = 0; i < wavelengths; ++i) spectrum[i] = value(i);
  return spectrum;
}

}  // namespace

Spectrum blood_absorption(double oxygenation) {
  constexpr double per_extinction = 2.303 * 150 / 64500;  // g/l over g/mol, from base 10 to e
  return tabulate([&](std::size_t i) {
    return per_extinction *
           (oxygenation * oxyhaemoglobin[i] + (1 - oxygenation) * deoxyhaemoglobin[i]);
  });
}

Spectrum melanin_absorption() {
  return tabulate([](std::size_t i) { return 519 * std::pow(wavelength_nm(i) / 500, -3); });
}

Spectrum bare_skin_absorption() {
  return tabulate(
      [](std::size_t i) { return 0.244 + 85.3 * std::exp(-(wavelength_nm(i) - 154) / 66.2); });
}

Spectrum dermis_scattering() {
  return tabulate([](std::size_t i) {
    const double nm = wavelength_nm(i);
    return 2e5 * std::pow(nm, -1.5) + 2e12 * std::pow(nm, -4);
  });
}

double integral(const Spectrum& value, const Spectrum& weight) {
  double sum = 0;
  for (std::size_t i = 0; i < wavelengths; ++i) sum += value[i] * weight[i];
  return sum;
}

}  // namespace rppg::datasets
