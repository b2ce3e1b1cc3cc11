// Protocol `lq-rppg` against the evaluation of LQ-rPPG.
#include <cmath>
#include <string>

#include <doctest/doctest.h>

#include "base/text.h"
#include "io/hdf5.h"
#include "results/protocol.h"
#include "results/scoring.h"
#include "support/resources.h"

namespace rppg::results {
namespace {

TEST_CASE("heart rate, SNR and filtered waveform of LQ-rPPG") {
  const auto path = test::shared("reference/lq/eval.h5");
  if (!path) return;
  const io::Hdf5Reader file(*path);
  double worst_filtered = 0, worst_rate = 0, worst_snr = 0;
  for (const int fs : {20, 25, 30}) {
    for (const int samples : {160, 480, 960}) {
      const std::string group = concat("/fs", fs, "/T", samples);
      const Waveform prediction{file.doubles(group + "/pred"), static_cast<double>(fs)};
      const Waveform reference{file.doubles(group + "/label"), static_cast<double>(fs)};
      const Score scored = score(prediction, reference, find_protocol("lq-rppg"));
      REQUIRE(scored.windows.size() == 1);
      const WindowScore& window = scored.windows.front();
      const auto expected = [&](const char* name) {
        return file.doubles(concat(group, "/", name)).front();
      };
      CAPTURE(group);
      CHECK(std::abs(window.hr_reference_bpm - expected("hr_label")) <= 1e-6);
      CHECK(std::abs(window.hr_predicted_bpm - expected("hr_pred")) <= 1e-6);
      CHECK(std::abs(window.snr_db - expected("snr_db")) < 1e-5);
      worst_rate = std::max(worst_rate, std::abs(window.hr_predicted_bpm - expected("hr_pred")));
      worst_snr = std::max(worst_snr, std::abs(window.snr_db - expected("snr_db")));
      const auto filtered = file.doubles(group + "/pred_bandpassed");
      REQUIRE(filtered.size() == scored.prediction_filtered.size());
      for (std::size_t i = 0; i < filtered.size(); ++i) {
        worst_filtered =
            std::max(worst_filtered, std::abs(filtered[i] - scored.prediction_filtered[i]));
      }
    }
  }
  CHECK(worst_filtered < 1e-8);
  MESSAGE("heart rate (bpm): " << worst_rate << ", SNR (dB): " << worst_snr
                               << ", band-passed: " << worst_filtered);
}

}  // namespace
}  // namespace rppg::results
