#include "datasets/synthetic/head/skin.h"

#include <algorithm>
#include <cmath>

namespace rppg::datasets {
namespace {

constexpr double epidermis_cm = 0.006;
constexpr double diffuse_path = 1.6;        // of light that crosses a layer at all angles
constexpr double venous_oxygenation = 0.7;  // what most of the blood in the skin has
constexpr double pulsating_depth_cm = 0.03;
constexpr double surface_reflectance = 0.025;  // without a pulse
constexpr Pigment fair{0.03, 0.02};

constexpr std::size_t melanin_steps = 24;
constexpr std::size_t blood_steps = 16;
constexpr double least_melanin = 0.008, most_melanin = 0.6;
constexpr double least_blood = 0.0015, most_blood = 0.12;

double fraction(double value, double low, double high, std::size_t steps) {
  const double t = std::log(std::clamp(value, low, high) / low) / std::log(high / low);
  return t * static_cast<double>(steps - 1);
}

double value_at(std::size_t i, double low, double high, std::size_t steps) {
  return low * std::pow(high / low, static_cast<double>(i) / static_cast<double>(steps - 1));
}

}  // namespace

SkinOptics::SkinOptics(CameraKind kind) : sensor_(sensor(kind)) {}

Spectrum SkinOptics::reflected(const Pigment& pigment) const {
  static const Spectrum melanin = melanin_absorption();
  static const Spectrum bare = bare_skin_absorption();
  static const Spectrum scattering = dermis_scattering();
  static const Spectrum blood = blood_absorption(venous_oxygenation);
  Spectrum share{};
  for (std::size_t i = 0; i < wavelengths; ++i) {
    const double epidermis = pigment.melanin * melanin[i] + (1 - pigment.melanin) * bare[i];
    const double passed = std::exp(-2 * diffuse_path * epidermis_cm * epidermis);
    const double dermis = pigment.blood * blood[i] + (1 - pigment.blood) * bare[i];
    const double ratio = 2 * dermis / (0.75 * scattering[i]);  // Kubelka-Munk's K / S
    share[i] = surface_reflectance + passed * (1 + ratio - std::sqrt(ratio * ratio + 2 * ratio));
  }
  return share;
}

Spectrum SkinOptics::reached(const Pigment& pigment) const {
  static const Spectrum bare = bare_skin_absorption();
  static const Spectrum scattering = dermis_scattering();
  static const Spectrum blood = blood_absorption(venous_oxygenation);
  Spectrum share{};
  for (std::size_t i = 0; i < wavelengths; ++i) {
    const double absorbed = pigment.blood * blood[i] + (1 - pigment.blood) * bare[i];
    const double attenuation = std::sqrt(3 * absorbed * (absorbed + scattering[i]));
    share[i] = std::exp(-pulsating_depth_cm * attenuation);
  }
  return share;
}

Color SkinOptics::reflectance(const Pigment& pigment) const {
  const Spectrum share = reflected(pigment);
  Color colour{};
  for (std::size_t c = 0; c < 3; ++c) {
    colour[c] = integral(share, sensor_.sensitivity[c]) * sensor_.white_balance[c];
  }
  return colour;
}

Color SkinOptics::pulse_signature(const Pigment& pigment) const {
  return darkening(pigment) * (1 / darkening(fair)[1]);
}

Color SkinOptics::darkening(const Pigment& pigment) const {
  static const Spectrum blood = blood_absorption(venous_oxygenation);
  static const Spectrum arterial = blood_absorption(0.97);
  constexpr double step = 1e-4;
  const Spectrum pale = reflected(pigment);
  const Spectrum flushed = reflected({pigment.melanin, pigment.blood + step});
  const Spectrum depth = reached(pigment);
  Spectrum loss{};
  for (std::size_t i = 0; i < wavelengths; ++i) {
    loss[i] = (pale[i] - flushed[i]) * arterial[i] / blood[i] * depth[i];
  }
  Color share{};
  for (std::size_t c = 0; c < 3; ++c) {
    share[c] = integral(loss, sensor_.sensitivity[c]) / integral(pale, sensor_.sensitivity[c]);
  }
  return share;
}

SkinPalette::SkinPalette(const SkinOptics& optics) {
  for (std::size_t i = 0; i < melanin_steps; ++i) {
    for (std::size_t j = 0; j < blood_steps; ++j) {
      colours_.push_back(
          optics.reflectance({value_at(i, least_melanin, most_melanin, melanin_steps),
                              value_at(j, least_blood, most_blood, blood_steps)}));
    }
  }
}

Color SkinPalette::operator()(const Pigment& pigment) const {
  const double x = fraction(pigment.melanin, least_melanin, most_melanin, melanin_steps);
  const double y = fraction(pigment.blood, least_blood, most_blood, blood_steps);
  const std::size_t i = std::min(static_cast<std::size_t>(x), melanin_steps - 2);
  const std::size_t j = std::min(static_cast<std::size_t>(y), blood_steps - 2);
  const Color* at = colours_.data() + i * blood_steps + j;
  const double u = x - static_cast<double>(i), v = y - static_cast<double>(j);
  return mix(mix(at[0], at[1], v), mix(at[blood_steps], at[blood_steps + 1], v), u);
}

}  // namespace rppg::datasets
