/// The camera of a synthetic recording: layers, light, motion and noise become 8-bit frames.
#pragma once

#include <cstdint>
#include <vector>

#include "base/random.h"
#include "datasets/synthetic/portrait.h"
#include "video/image.h"

namespace rppg::datasets {

/// What one frame shows.
struct Moment {
  double light = 1;    ///< factor on everything
  double shift_x = 0;  ///< of the subject, pixels; at most the margin of the view less one
  double shift_y = 0;
  double blood = 0;  ///< relative darkening of skin of full pulsatility, in green
};

/// Pulse in R, G, B relative to each other (de Haan & van Leest, Physiol. Meas. 35:1913, 2014).
inline constexpr Color pulse_signature{0.33, 0.77, 0.53};

/// Dichromatic skin reflection (Wang et al., IEEE TBME 64:1479, 2017) in code values:
///
///     light * (wall * (1 - cover) + subject - pulsatile * blood * signature / signature_green)
///
/// plus white Gaussian noise, rounded. The subject is shifted by whole and fractional pixels
/// (bilinear).
class Camera {
 public:
  /// noise_codes: standard deviation per channel. The noise of a frame depends on random and its
  /// number alone.
  Camera(Portrait portrait, double noise_codes, const Random& random);

  const FaceBox& face() const { return portrait_.face; }
  /// Fills image, whose storage is reused.
  void expose(std::int64_t frame, const Moment& moment, video::Image& image) const;

 private:
  Portrait portrait_;
  Random random_;
  std::vector<float> noise_;  ///< every row of every frame starts somewhere in this table
};

}  // namespace rppg::datasets
