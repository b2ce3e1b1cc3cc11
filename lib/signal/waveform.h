/// The two kinds of signals that leave a video: a pulse waveform and a mean-colour trace.
#pragma once

#include <array>
#include <vector>

namespace rppg {

/// Evenly sampled signal.
struct Waveform {
  std::vector<double> samples;
  double rate_hz = 0;

  double seconds() const { return static_cast<double>(samples.size()) / rate_hz; }
};

/// Mean colour of the region of interest per frame, evenly sampled; 8-bit code values (0..255).
struct RgbTrace {
  std::array<std::vector<double>, 3> channels;  ///< R, G, B; of equal length T
  double rate_hz = 0;

  std::size_t size() const { return channels[0].size(); }
};

/// Closed frequency interval in Hz.
struct Band {
  double low_hz = 0;
  double high_hz = 0;

  bool contains(double frequency_hz) const {
    return frequency_hz >= low_hz && frequency_hz <= high_hz;
  }
};

}  // namespace rppg
