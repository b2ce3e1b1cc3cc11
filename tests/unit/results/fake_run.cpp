#include "unit/results/fake_run.h"

#include <cmath>

#include "base/random.h"
#include "base/text.h"
#include "results/run_folder.h"

namespace rppg::test {
namespace {

constexpr double rate_hz = 30;
constexpr std::size_t samples = 360;

std::vector<double> pulse(double rate_bpm, double noise, const Random& random) {
  std::vector<double> out(samples);
  for (std::size_t i = 0; i < samples; ++i) {
    const double phase = 2 * M_PI * rate_bpm / 60 * static_cast<double>(i) / rate_hz;
    out[i] = std::sin(phase) + 0.3 * std::sin(2 * phase + 0.8) + noise * random.normal(i);
  }
  return out;
}

}  // namespace

results::RecordingResult fake_result(const FakeRecording& fake) {
  const Random random(7, fake.id);
  results::RecordingResult result;
  result.id = fake.id;
  result.dataset = fake.dataset;
  result.subject = fake.subject;
  result.state = fake.state;
  result.view = fake.view;
  const double shown_bpm = std::isnan(fake.prediction_bpm) ? 50 : fake.prediction_bpm;
  result.prediction = {pulse(shown_bpm, 0.25, random), rate_hz};
  result.reference = {pulse(fake.reference_bpm, 0, random), rate_hz};
  result.score.prediction_filtered = result.prediction.samples;
  result.score.reference_filtered = result.reference.samples;
  result.score.hr_resolution_bpm = 0.1;
  const double error = std::abs(fake.prediction_bpm - fake.reference_bpm);
  result.score.windows = {{0, result.prediction.seconds(), fake.reference_bpm, fake.prediction_bpm,
                           8 - error, 0.95 - 0.01 * error}};
  result.heart_rate_bpm = fake.prediction_bpm;
  result.quality = 0.8;
  if (std::isnan(fake.prediction_bpm)) result.status = "no_pulse";
  return result;
}

void write_fake_run(const std::filesystem::path& folder, const std::string& method,
                    const std::vector<FakeRecording>& recordings,
                    const std::vector<results::LedgerEntry>& others, const std::string& protocol) {
  results::RunFolder run(folder, results::OpenMode::fresh);
  for (const FakeRecording& fake : recordings) {
    results::LedgerEntry entry;
    entry.id = fake.id;
    entry.dataset = fake.dataset;
    entry.subject = fake.subject;
    entry.key = "key";
    run.add(fake_result(fake), entry);
  }
  for (const results::LedgerEntry& entry : others) run.add(entry);
  results::RunFacts facts;
  facts.command = "evaluate";
  facts.command_line = concat("rppg evaluate pure:/data/PURE --method ", method, " -o out");
  facts.version = "0.1.0";
  facts.commit = "0123456789ab";
  facts.config = {{"method", method}, {"detector", "haar"}};
  facts.hashes = {{"selection", "5eed"}};
  run.finish(facts, results::find_protocol(protocol), true, false);
}

std::vector<FakeRecording> fake_recordings(int n, double scale) {
  std::vector<FakeRecording> all;
  for (int i = 0; i < n; ++i) {
    FakeRecording fake;
    fake.id = concat(i < 9 ? "0" : "", i + 1, "-01");
    fake.subject = concat(i < 9 ? "0" : "", i + 1);
    fake.reference_bpm = 60 + 3.0 * ((i * 7) % 13);
    fake.prediction_bpm = fake.reference_bpm + (i % 2 == 0 ? scale : -scale) * i;
    all.push_back(fake);
  }
  return all;
}

}  // namespace rppg::test
