#include <cmath>
#include <numbers>
#include <vector>

#include <doctest/doctest.h>

#include "base/atomic_file.h"
#include "base/error.h"
#include "base/random.h"
#include "results/label_report.h"
#include "signal/pulse_label.h"
#include "signal/uniform_quantizer.h"
#include "support/resources.h"

using namespace rppg;
using namespace rppg::results;

namespace {

constexpr double rate_hz = 30;
constexpr std::size_t samples = 160;

std::vector<double> pulse(double bpm, double noise, std::uint64_t seed) {
  const Random random(seed, "label");
  std::vector<double> clip(samples);
  for (std::size_t i = 0; i < samples; ++i) {
    const double phase = 2 * std::numbers::pi * bpm / 60 * static_cast<double>(i) / rate_hz;
    clip[i] = std::sin(phase) + 0.3 * std::sin(2 * phase + 1) + noise * random.normal(i);
  }
  return clip;
}

/// Clips of known rates; with noise, their clean pulse is known, too.
signal::LabelClips labels(double noise) {
  signal::LabelClips set{.rate_hz = rate_hz};
  for (std::uint64_t i = 0; i < 6; ++i) {
    const double bpm = 60 + 12 * static_cast<double>(i);
    set.raw.push_back(pulse(bpm, noise, i));
    set.prepared.push_back(signal::prepare_label(set.raw.back(), rate_hz));
    if (noise > 0) set.clean.push_back(signal::prepare_label(pulse(bpm, 0, 0), rate_hz));
  }
  return set;
}

TreatedLabels quantized(const signal::LabelClips& set, int bits) {
  TreatedLabels treated{.method = "uniform", .bits = bits};
  const auto levels = std::size_t{1} << bits;
  for (const auto& clip : set.prepared) {
    const auto result = signal::quantize_uniformly(clip, levels);
    treated.clips.push_back(result.values);
    treated.tokens.insert(treated.tokens.end(), result.indices.begin(), result.indices.end());
  }
  for (const auto& clip : set.clean) {
    treated.clean.push_back(signal::quantize_uniformly(clip, levels).values);
  }
  return treated;
}

}  // namespace

TEST_CASE("an untreated label keeps everything") {
  const signal::LabelClips set = labels(0);
  const LabelAnalysis analysis =
      analyze(set, {.method = "band-pass", .bits = 0, .clips = set.prepared});
  CHECK(analysis.hr_mae_bpm < 0.6);  // one bin of the Welch spectrum
  CHECK(analysis.morphology.median == doctest::Approx(1));
  CHECK(analysis.mse == 0);
  CHECK(analysis.codes == 0);
  CHECK_FALSE(analysis.clean_known);
  double power = 0, share = 0;
  for (const double each : analysis.spectrum) power += each;
  for (const double each : analysis.histogram) share += each;
  CHECK(power == doctest::Approx(1).epsilon(0.02));  // a little lies above 8 Hz
  CHECK(share == doctest::Approx(1));
}

TEST_CASE("fewer bits: larger errors, fewer codes, lower entropy") {
  const signal::LabelClips set = labels(0);
  const LabelAnalysis one = analyze(set, quantized(set, 1));
  const LabelAnalysis four = analyze(set, quantized(set, 4));
  CHECK(one.codes == 2);
  CHECK(one.used_codes == 2);
  CHECK(one.entropy_bits <= 1);
  CHECK(four.entropy_bits > 3);
  CHECK(one.mse > 4 * four.mse);
  CHECK(one.morphology.median < four.morphology.median);
  CHECK(one.peak_to_peak.mean < four.peak_to_peak.mean);
}

TEST_CASE("with a known pulse: noise before, and pulse lost by coarse steps") {
  const signal::LabelClips set = labels(0.5);
  const LabelAnalysis untreated =
      analyze(set, {.method = "band-pass", .bits = 0, .clips = set.prepared, .clean = set.clean});
  CHECK(untreated.clean_known);
  CHECK(untreated.clean_snr_db == untreated.clean_snr_before_db);
  CHECK(untreated.clean_snr_db > 5);
  CHECK(untreated.clean_snr_db < 20);
  CHECK(untreated.pulse_lost == doctest::Approx(0).epsilon(1e-9));
  const LabelAnalysis one = analyze(set, quantized(set, 1));
  CHECK(one.pulse_lost > 0.05);
  CHECK(one.pulse_lost < 0.4);
}

TEST_CASE("analysis.json is read back, and refused where its parts do not fit") {
  const signal::LabelClips set = labels(0.5);
  LabelReport report{.name = "made",
                     .recordings = 1,
                     .clips = set.raw.size(),
                     .clip_samples = samples,
                     .rate_hz = rate_hz};
  report.analyses = {
      analyze(set, {.method = "band-pass", .bits = 0, .clips = set.prepared, .clean = set.clean}),
      analyze(set, quantized(set, 2))};
  const test::TemporaryFolder folder;
  const auto file = folder.path() / "analysis.json";
  const std::string text = analysis_json(report);
  write_file(file, text);
  CHECK(analysis_json(read_analysis(file)) == text);
  CHECK(label_table(report).rows.size() == 2);
  CHECK(label_figures(report, "a").size() == 4);

  write_file(file, "{\"name\": \"x\"}");
  CHECK_THROWS_AS(read_analysis(file), Error);
  write_file(file, text.substr(0, text.size() / 2));
  CHECK_THROWS_AS(read_analysis(file), Error);
}
