#include "data/alignment.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <complex>
#include <cstdint>
#include <limits>
#include <numbers>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "base/error.h"
#include "base/random.h"

using rppg::Error;
using rppg::Status;
using rppg::Waveform;
using namespace rppg::data;
using doctest::Approx;

namespace {

constexpr double pulse_hz = 1.2;
constexpr double not_known = std::numeric_limits<double>::quiet_NaN();
using Colours = std::vector<std::array<double, 3>>;

std::vector<double> even(std::size_t count, double rate_hz, double start_s = 0) {
  std::vector<double> times(count);
  for (std::size_t i = 0; i < count; ++i) times[i] = start_s + static_cast<double>(i) / rate_hz;
  return times;
}

double pulse(double time_s) { return std::sin(2 * std::numbers::pi * pulse_hz * time_s); }

std::vector<double> pulses(const std::vector<double>& times) {
  std::vector<double> values;
  for (const double time : times) values.push_back(pulse(time));
  return values;
}

/// Skin whose green follows the pulse.
Colours skin(const std::vector<double>& times) {
  Colours colours;
  for (const double time : times) colours.push_back({150, 100 + pulse(time), 80});
  return colours;
}

Recording recording() {
  Recording made;
  made.video.file = "clip.avi";
  made.labels = "clip.txt";
  return made;
}

Labels labels_at(const std::vector<double>& times) {
  Labels labels;
  labels.time_s = times;
  labels.ppg = pulses(times);
  return labels;
}

/// Time by which `later` lags behind `earlier` at the pulse rate, over whole periods.
double lag_s(const std::vector<double>& later, const std::vector<double>& earlier, double rate_hz) {
  const double period = rate_hz / pulse_hz;
  const auto length =
      static_cast<std::size_t>(period * std::floor(static_cast<double>(earlier.size()) / period));
  const auto phasor = [&](const std::vector<double>& samples) {
    std::complex<double> sum = 0;
    for (std::size_t i = 0; i < length; ++i) {
      const double weight = 1 - std::cos(2 * std::numbers::pi * (static_cast<double>(i) + 0.5) /
                                         static_cast<double>(length));
      sum += weight * samples[i] *
             std::polar(1.0, -2 * std::numbers::pi * pulse_hz * static_cast<double>(i) / rate_hz);
    }
    return sum;
  };
  return -std::arg(phasor(later) / phasor(earlier)) / (2 * std::numbers::pi * pulse_hz);
}

std::vector<double> green(const Aligned& aligned) {
  std::vector<double> samples = aligned.trace.channels[1];
  for (double& sample : samples) sample -= 100;
  return samples;
}

Aligned align_by(Alignment alignment, const std::vector<double>& frames, const Labels* labels,
                 const Colours& colours) {
  return align(recording(), frames, colours, 30, labels, {.alignment = alignment});
}

/// The text of the Error(malformed) that aligning on time stamps ends with.
std::string refusal(const std::vector<double>& frames, const Labels& labels,
                    Alignment alignment = Alignment::timestamps) {
  try {
    align_by(alignment, frames, &labels, skin(frames));
  } catch (const Error& error) {
    CHECK(error.status() == Status::malformed);
    return error.what();
  }
  return "aligned";
}

bool begins(const std::string& text, const std::string& start) { return text.rfind(start, 0) == 0; }

}  // namespace

TEST_CASE("time stamps bring labels of another rate and start within 1 ms of the frames") {
  const auto frames = even(600, 29.7);
  for (const double start : {-0.4, 0.0, 0.013, 0.6}) {
    for (const double rate : {60.0, 62.3, 100.0, 256.0}) {
      CAPTURE(start);
      CAPTURE(rate);
      const Labels labels = labels_at(even(static_cast<std::size_t>(20 * rate), rate, start));
      const Aligned aligned = align_by(Alignment::timestamps, frames, &labels, skin(frames));
      CHECK(aligned.trace.rate_hz == Approx(29.7));
      CHECK(aligned.reference.samples.size() == aligned.trace.channels[0].size());
      CHECK(aligned.start_s == Approx(std::max(0.0, start)));
      CHECK(std::abs(lag_s(aligned.reference.samples, green(aligned), 29.7)) < 1e-3);
      CHECK(aligned.clocks.start_offset_s == Approx(start));
      CHECK(aligned.clocks.label_rate_hz == Approx(rate));
    }
  }
}

TEST_CASE("a lag between the clocks is not hidden: it shows in the phase") {
  const auto frames = even(600, 30);
  Labels labels = labels_at(even(1200, 60));
  for (double& time : labels.time_s) time += 0.1;
  const Aligned aligned = align_by(Alignment::timestamps, frames, &labels, skin(frames));
  CHECK(lag_s(aligned.reference.samples, green(aligned), 30) == Approx(0.1).epsilon(0.01));
}

TEST_CASE("drifting clocks: phase holds to the end") {
  const auto frames = even(900, 30);
  const Labels labels = labels_at(even(1830, 61));  // nominally 60 Hz
  const Aligned aligned = align_by(Alignment::timestamps, frames, &labels, skin(frames));
  const std::size_t half = aligned.reference.samples.size() / 2;
  const auto rest = [&](std::vector<double> samples) {
    samples.erase(samples.begin(), samples.begin() + static_cast<std::ptrdiff_t>(half));
    return samples;
  };
  CHECK(std::abs(lag_s(rest(aligned.reference.samples), rest(green(aligned)), 30)) < 1e-3);
}

TEST_CASE("jitter and dropped frames: the grid is even, the phase holds") {
  const rppg::Random random(7, "jitter");
  std::vector<double> frames;
  for (std::uint64_t i = 0; i < 900; ++i) {
    if (random.uniform(2 * i) < 0.05) continue;
    frames.push_back(static_cast<double>(i) / 30 + 0.01 * random.uniform(2 * i + 1));
  }
  const Labels labels = labels_at(even(1900, 62));
  const Aligned aligned = align_by(Alignment::timestamps, frames, &labels, skin(frames));
  CHECK(aligned.trace.rate_hz == Approx(aligned.timing.mean_rate_hz));
  CHECK(std::abs(lag_s(aligned.reference.samples, green(aligned), aligned.trace.rate_hz)) < 1e-3);
}

TEST_CASE("the labels' own frame times come before the container's") {
  const auto truth = even(300, 25);
  Labels labels = labels_at(truth);
  labels.frame_time_s = truth;
  labels.per_frame = true;
  const Aligned aligned =
      align_by(Alignment::timestamps, even(300, 30), &labels, skin(truth));  // header says 30
  CHECK(aligned.trace.rate_hz == Approx(25));
  CHECK(std::abs(lag_s(aligned.reference.samples, green(aligned), 25)) < 1e-6);
}

TEST_CASE("repeated stamps are spread, not refused") {
  auto frames = even(600, 30);
  const auto colours = skin(frames);
  for (std::size_t i = 1; i < frames.size(); i += 2) frames[i] = frames[i - 1];
  const Labels labels = labels_at(even(1200, 60));
  const Aligned aligned = align_by(Alignment::timestamps, frames, &labels, colours);
  CHECK(aligned.timing.repeated == 300);
  CHECK(std::abs(lag_s(aligned.reference.samples, green(aligned), aligned.trace.rate_hz)) < 1e-3);
}

TEST_CASE("the grid covers what frames and labels have in common") {
  const auto frames = even(300, 30);
  const Labels labels = labels_at(even(301, 60, 2));  // 2 s .. 7 s
  const Aligned aligned = align_by(Alignment::timestamps, frames, &labels, skin(frames));
  CHECK(aligned.start_s == Approx(2));
  CHECK(aligned.reference.samples.size() == 151);
}

TEST_CASE("without labels the whole video is the trace") {
  const auto frames = even(300, 30);
  const Aligned aligned = align_by(Alignment::timestamps, frames, nullptr, skin(frames));
  CHECK(aligned.trace.channels[2].size() == 300);
  CHECK(aligned.reference.samples.empty());
  CHECK(aligned.start_s == 0);
}

TEST_CASE("unknown colours: cut off at the ends, bridged inside") {
  const auto frames = even(300, 30);
  auto colours = skin(frames);
  for (const std::size_t i : {0, 1, 2, 150, 151, 299})
    colours[i] = {not_known, not_known, not_known};
  const Labels labels = labels_at(even(600, 60));
  for (const Alignment alignment : {Alignment::timestamps, Alignment::index}) {
    const Aligned aligned = align_by(alignment, frames, &labels, colours);
    CHECK(aligned.start_s == Approx(0.1));
    REQUIRE(aligned.trace.channels[1].size() == 296);
    REQUIRE(aligned.reference.samples.size() == 296);
    const auto samples = green(aligned);
    for (std::size_t i = 0; i < samples.size(); ++i) {
      REQUIRE(std::abs(samples[i] - pulse(frames[i + 3])) < 0.05);
    }
  }
  const Colours unknown(300, {not_known, not_known, not_known});
  CHECK_THROWS_WITH_AS(align_by(Alignment::timestamps, frames, nullptr, unknown),
                       "clip.avi: only 0 frames with a colour", Error);
}

TEST_CASE("by index: labels per frame are cut to the shorter, at the nominal rate") {
  const auto frames = even(300, 29.4);
  Labels labels = labels_at(even(297, 29.4));
  labels.per_frame = true;
  const Aligned aligned = align_by(Alignment::index, frames, &labels, skin(frames));
  CHECK(aligned.reference.samples == labels.ppg);
  CHECK(aligned.trace.channels[0].size() == 297);
  CHECK(aligned.trace.rate_hz == 30);
  CHECK(aligned.timing.mean_rate_hz == Approx(29.4));
}

TEST_CASE("by index: others are stretched over their index, whatever the stamps say") {
  const auto frames = even(201, 30);
  Labels labels = labels_at(even(401, 60));
  labels.time_s.assign(401, 5.0);
  const Aligned aligned = align_by(Alignment::index, frames, &labels, skin(frames));
  REQUIRE(aligned.reference.samples.size() == 201);
  for (std::size_t i = 0; i < 201; ++i) {
    REQUIRE(aligned.reference.samples[i] == Approx(labels.ppg[2 * i]));
  }
  CHECK(aligned.clocks.label_rate_hz == 0);
}

TEST_CASE("labels that cannot be right are refused by name") {
  const auto frames = even(300, 30);
  const Labels good = labels_at(even(600, 60));
  for (const Alignment alignment : {Alignment::timestamps, Alignment::index}) {
    Labels constant = good;
    constant.ppg.assign(600, 3.0);
    CHECK(refusal(frames, constant, alignment) ==
          "clip.txt: labels are constant: all samples are 3");
    for (const double bad : {not_known, std::numeric_limits<double>::infinity()}) {
      Labels sample = good;
      sample.ppg[300] = bad;
      CHECK(begins(refusal(frames, sample, alignment), "clip.txt: samples or times that are not"));
      Labels stamp = good;
      stamp.time_s[300] = bad;
      CHECK(begins(refusal(frames, stamp, alignment), "clip.txt: samples or times that are not"));
    }
    CHECK(begins(refusal(frames, labels_at({0.0}), alignment), "clip.txt: fewer than two"));
  }
}

TEST_CASE("gaps and clocks that go back are refused, with the time") {
  const auto frames = even(300, 30);
  Labels labels = labels_at(even(600, 60));
  auto broken = frames;
  for (std::size_t i = 150; i < broken.size(); ++i) broken[i] += 2.5;
  CHECK(refusal(broken, labels) == "clip.avi: gap of 2.53 s between frames at 4.97 s");
  broken = frames;
  for (std::size_t i = 150; i < broken.size(); ++i) broken[i] -= 5;
  CHECK(refusal(broken, labels) == "clip.avi: times of frames go back from 4.97 s to 0.00 s");

  for (std::size_t i = 300; i < 600; ++i) labels.time_s[i] += 3;
  CHECK(refusal(frames, labels) == "clip.txt: gap of 3.02 s between samples at 4.98 s");
  labels.time_s.assign(600, 1.0);
  CHECK(refusal(frames, labels) == "clip.txt: its times do not rise");

  CHECK(refusal(frames, labels_at(even(600, 60, 11))) ==
        "clip.txt: labels from 11.00 s to 20.98 s do not overlap the video");
}

TEST_CASE("counts may differ by 5 percent") {
  const auto frames = even(300, 30);
  const auto with_stamps = [&](std::size_t count) {
    Labels labels = labels_at(even(count, 30));
    labels.frame_time_s = labels.time_s;
    labels.per_frame = true;
    return labels;
  };
  for (const std::size_t count : {285U, 300U, 315U}) {
    for (const Alignment alignment : {Alignment::timestamps, Alignment::index}) {
      const Labels labels = with_stamps(count);
      const Aligned aligned = align_by(alignment, frames, &labels, skin(frames));
      CHECK(aligned.reference.samples.size() == std::min<std::size_t>(count, 300));
      CHECK(aligned.trace.channels[0].size() == aligned.reference.samples.size());
    }
  }
  CHECK(refusal(frames, with_stamps(284)) ==
        "clip.avi: 300 frames, but 284 frame times in clip.txt");
  CHECK(refusal(frames, with_stamps(316), Alignment::index) ==
        "clip.avi: 300 frames, but 316 samples in clip.txt");
}

TEST_CASE("networks get the frames around the grid, each with the label at its own time") {
  const auto frame_times = even(300, 30);
  auto labels = labels_at(even(600, 64, 0.51));  // from 0.51 s to 9.87 s
  const Aligned aligned =
      align(recording(), frame_times, skin(frame_times), 30, &labels, AlignmentOptions{});
  CHECK(aligned.first_frame == 15);  // at 0.5 s, the last before the first label
  REQUIRE(aligned.frame_time_s.size() == aligned.frame_label.size());
  CHECK(aligned.frame_time_s.front() == Approx(0.5));
  CHECK(aligned.frame_time_s.back() == Approx(9.9));  // the first after the last label
  for (std::size_t i = 1; i + 1 < aligned.frame_label.size(); ++i) {
    CHECK(std::abs(aligned.frame_label[i] - pulse(aligned.frame_time_s[i])) < 2e-3);
  }

  const Aligned alone =
      align(recording(), frame_times, skin(frame_times), 30, nullptr, AlignmentOptions{});
  CHECK(alone.first_frame == 0);
  CHECK(alone.frame_time_s == frame_times);
  CHECK(alone.frame_label.empty());
}

TEST_CASE("by index, networks get the frames of the grid") {
  const auto frame_times = even(200, 30);
  auto colours = skin(frame_times);
  for (std::size_t i = 0; i < 4; ++i) colours[i] = {not_known, not_known, not_known};
  auto labels = labels_at(frame_times);
  labels.per_frame = true;
  const Aligned aligned =
      align(recording(), frame_times, colours, 30, &labels, {.alignment = Alignment::index});
  CHECK(aligned.first_frame == 4);
  CHECK(aligned.frame_label == aligned.reference.samples);
  CHECK(aligned.frame_time_s.front() == aligned.start_s);
  CHECK(aligned.frame_time_s.size() == 196);
}

TEST_CASE("whole clips only: the rest is cut off, the reference standardised in each") {
  Aligned aligned;
  for (int t = 0; t < 11; ++t) {
    for (auto& channel : aligned.trace.channels) channel.push_back(t);
    aligned.reference.samples.push_back(t < 4 ? t : 100 + 10 * t);
    aligned.frame_time_s.push_back(t / 30.0);
    aligned.frame_label.push_back(t);
  }
  Aligned shorter = aligned;
  keep_whole_clips(aligned, 4);
  CHECK(aligned.trace.size() == 8);
  CHECK(aligned.frame_time_s.size() == 8);
  CHECK(aligned.frame_label.size() == 8);
  REQUIRE(aligned.reference.samples.size() == 8);
  for (std::size_t i = 0; i < 4; ++i) {
    CHECK(aligned.reference.samples[i] ==
          doctest::Approx((static_cast<double>(i) - 1.5) / std::sqrt(1.25)));
    CHECK(aligned.reference.samples[i + 4] == doctest::Approx(aligned.reference.samples[i]));
  }
  keep_whole_clips(shorter, 12);
  CHECK(shorter.trace.size() == 11);
  CHECK(shorter.reference.samples[10] == 200);
}
