/// Coarse spectra of the visible range: what lamps send, what tissue absorbs, what cameras see.
#pragma once

#include <array>
#include <cstddef>

namespace rppg::datasets {

inline constexpr std::size_t wavelengths = 16;

/// Values at 400, 420 .. 700 nm.
using Spectrum = std::array<double, wavelengths>;

constexpr double wavelength_nm(std::size_t i) { return 400 + 20 * static_cast<double>(i); }

/// CIE standard illuminant D65, relative power.
inline constexpr Spectrum daylight{82.8,  93.4, 104.9, 117.8, 115.9, 109.4, 104.8, 104.4,
                                   100.0, 95.8, 90.0,  87.7,  83.7,  80.2,  78.3,  71.6};

/// Molar extinction of haemoglobin, 1/(cm mol/l): S. Prahl's compilation of Gratzer and Kollias,
/// omlc.org/spectra/hemoglobin.
inline constexpr Spectrum oxyhaemoglobin{266232,  480360, 102580,  44480, 26629.2, 20932.8,
                                         24202.4, 53236,  32613.2, 50104, 3200,    942,
                                         442,     319.6,  277.6,   290};
inline constexpr Spectrum deoxyhaemoglobin{223296,  407560,  413280,  23388.8, 14550,   20862,
                                           31589.6, 46592,   53788,   37020,   14677.2, 6509.6,
                                           4345.2,  3226.56, 2407.92, 1794.28};

/// Absorption of blood with 150 g haemoglobin per litre, 1/cm; oxygenation in 0..1.
Spectrum blood_absorption(double oxygenation);

/// Absorption inside melanosomes, 1/cm: 519 (nm / 500)^-3 (S. Jacques, "Optical properties of
/// biological tissues: a review", Phys. Med. Biol. 58:R37, 2013).
Spectrum melanin_absorption();

/// Absorption of skin without melanin and blood, 1/cm (S. Jacques, "Skin optics", OMLC News 1998).
Spectrum bare_skin_absorption();

/// Reduced scattering of the dermis, 1/cm: 2e5 nm^-1.5 + 2e12 nm^-4 (same source).
Spectrum dermis_scattering();

/// Sum of value * weight over the range.
double integral(const Spectrum& value, const Spectrum& weight);

}  // namespace rppg::datasets
