#include "unit/results/sample_results.h"

#include <cmath>
#include <numbers>

#include "results/protocol.h"

namespace rppg::results {

RecordingResult sample_result(const std::string& id, int seed) {
  constexpr double rate_hz = 20;
  RecordingResult result;
  result.id = id;
  result.dataset = "pure";
  result.subject = id.substr(0, 2);
  result.session = "01";
  result.view = "frontal";
  result.state = "steady";
  result.start_s = 0.25;
  result.prediction.rate_hz = result.reference.rate_hz = rate_hz;
  for (int i = 0; i < 200; ++i) {
    const double phase = 2 * std::numbers::pi * (1.1 + 0.05 * seed) * i / rate_hz;
    result.reference.samples.push_back(std::sin(phase) + 0.3 * std::sin(2 * phase));
    result.prediction.samples.push_back(std::sin(1.02 * phase - 0.3) + 0.2 * std::sin(0.7 * i));
  }
  result.score = score(result.prediction, result.reference, find_protocol("toolbox"));
  result.heart_rate_bpm = result.score.windows.front().hr_predicted_bpm;
  result.quality = 0.75;
  for (int i = 0; i < 5; ++i) {
    result.face_time_s.push_back(0.25 + i / rate_hz);
    result.face_box.push_back({10 + i, 20, 30, 40});
    result.face_state.push_back(static_cast<std::uint8_t>(i));
  }
  result.numbers = {{"face_coverage", 0.8}, {"frame_rate_mean_hz", rate_hz}};
  result.texts = {{"method", "pos"}, {"protocol", "toolbox"}, {"empty", ""}};
  return result;
}

LedgerEntry sample_entry(const std::string& id, Outcome outcome, const std::string& reason) {
  return {id, "pure", id.substr(0, 2), outcome, reason, "key of " + id};
}

}  // namespace rppg::results
