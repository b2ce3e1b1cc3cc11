#include "data/alignment.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/error.h"
#include "base/text.h"
#include "signal/filter.h"

namespace rppg::data {
namespace {

using Colour = std::array<double, 3>;

/// Of a frame: how far the end of a span may miss a grid point for rounding.
constexpr double rounding = 1e-6;

bool is_known(const Colour& colour) { return std::isfinite(colour[0] + colour[1] + colour[2]); }

/// Frames whose colour is known from the first to the last, with their times.
struct Frames {
  std::vector<double> time_s;
  std::vector<Colour> colours;
};

/// Throws where no colour is known.
Frames known_span(const std::vector<double>& time_s, std::span<const Colour> colours,
                  const Recording& recording) {
  std::size_t begin = 0;
  std::size_t end = time_s.size();
  while (begin < end && !is_known(colours[begin])) ++begin;
  while (end > begin && !is_known(colours[end - 1])) --end;
  if (end - begin < 2) {
    throw Error(Status::malformed, recording.video.file,
                concat("only ", end - begin, " frames with a colour"));
  }
  const auto first = static_cast<std::ptrdiff_t>(begin);
  const auto last = static_cast<std::ptrdiff_t>(end);
  return {{time_s.begin() + first, time_s.begin() + last},
          {colours.begin() + first, colours.begin() + last}};
}

/// Colours of the frames, interpolated linearly at the given times; unknown ones are passed over.
std::array<std::vector<double>, 3> colours_at(const Frames& frames, std::span<const double> grid) {
  std::vector<double> times;
  std::array<std::vector<double>, 3> known;
  for (std::size_t t = 0; t < frames.time_s.size(); ++t) {
    if (!is_known(frames.colours[t])) continue;
    times.push_back(frames.time_s[t]);
    for (std::size_t c = 0; c < 3; ++c) known[c].push_back(frames.colours[t][c]);
  }
  std::array<std::vector<double>, 3> channels;
  for (std::size_t c = 0; c < 3; ++c) channels[c] = signal::interpolate(times, known[c], grid);
  return channels;
}

/// Throws when two lengths that should be equal differ by more than max_mismatch.
void require_match(std::size_t frames, std::size_t others, std::string_view what,
                   double max_mismatch, const Recording& recording) {
  const double difference = std::abs(static_cast<double>(frames) - static_cast<double>(others));
  if (difference > max_mismatch * static_cast<double>(frames)) {
    throw Error(
        Status::malformed, recording.video.file,
        concat(frames, " frames, but ", others, " ", what, " in ", recording.labels.string()));
  }
}

/// A rising clock out of stamps. Throws when they go back, or have a gap, of more than the limit.
RisingTimes clock_of(std::span<const double> stamps, double max_gap_s,
                     const std::filesystem::path& file, std::string_view what) {
  const auto seconds = [](double value) { return concat(format_fixed(value, 2), " s"); };
  for (std::size_t i = 1; i < stamps.size(); ++i) {
    if (stamps[i - 1] - stamps[i] <= max_gap_s) continue;
    throw Error(Status::malformed, file,
                concat("times of ", what, " go back from ", seconds(stamps[i - 1]), " to ",
                       seconds(stamps[i])));
  }
  RisingTimes clock = rising(stamps);
  for (std::size_t i = 1; i < clock.time_s.size(); ++i) {
    const double interval = clock.time_s[i] - clock.time_s[i - 1];
    if (interval <= max_gap_s) continue;
    throw Error(Status::malformed, file,
                concat("gap of ", seconds(interval), " between ", what, " at ",
                       seconds(clock.time_s[i - 1])));
  }
  return clock;
}

void require_rising(double rate_hz, const std::filesystem::path& file) {
  if (!(rate_hz > 0)) throw Error(Status::malformed, file, "its times do not rise");
}

std::vector<double> even_times(double start_s, double rate_hz, std::size_t count) {
  std::vector<double> times(count);
  for (std::size_t k = 0; k < count; ++k) times[k] = start_s + static_cast<double>(k) / rate_hz;
  return times;
}

/// The labels' stamps of the frames where there are any, else the container's.
std::span<const double> frame_stamps(const Recording& recording,
                                     std::span<const double> video_time_s, const Labels* labels,
                                     double max_mismatch) {
  if (labels == nullptr || labels->frame_time_s.empty()) return video_time_s;
  const std::span<const double> stamps = labels->frame_time_s;
  require_match(video_time_s.size(), stamps.size(), "frame times", max_mismatch, recording);
  return stamps.first(std::min(stamps.size(), video_time_s.size()));
}

/// Sets the frames on which the span [first, last] of the grid rests, out of those at time_s.
void set_frames(const std::vector<double>& time_s, double first, double last, Aligned& aligned) {
  const auto after_first = std::upper_bound(time_s.begin(), time_s.end(), first);
  const auto begin = after_first == time_s.begin() ? after_first : after_first - 1;
  const auto at_last = std::lower_bound(time_s.begin(), time_s.end(), last);
  const auto end = at_last == time_s.end() ? at_last : at_last + 1;
  aligned.first_frame = static_cast<std::size_t>(begin - time_s.begin());
  aligned.frame_time_s.assign(begin, end);
}

Aligned align_by_time(const Recording& recording, std::span<const double> video_time_s,
                      std::span<const Colour> mean_rgb, double nominal_rate_hz,
                      const Labels* labels, const AlignmentOptions& options) {
  const RisingTimes all =
      clock_of(frame_stamps(recording, video_time_s, labels, options.max_mismatch),
               options.max_gap_s, recording.video.file, "frames");
  Aligned aligned;
  aligned.timing = measure_timing(all, nominal_rate_hz);
  const double rate = aligned.timing.mean_rate_hz;
  require_rising(rate, recording.video.file);
  const Frames frames = known_span(all.time_s, mean_rgb.first(all.time_s.size()), recording);
  double first = frames.time_s.front();
  double last = frames.time_s.back();

  std::vector<double> label_times;
  if (labels != nullptr) {
    label_times = clock_of(labels->time_s, options.max_gap_s, recording.labels, "samples").time_s;
    aligned.clocks = compare_clocks(label_times, all.time_s);
    require_rising(aligned.clocks.label_rate_hz, recording.labels);
    first = std::max(first, label_times.front());
    last = std::min(last, label_times.back());
  }
  if (!(last > first)) {
    throw Error(Status::malformed, recording.labels,
                concat("labels from ", format_fixed(label_times.front(), 2), " s to ",
                       format_fixed(label_times.back(), 2), " s do not overlap the video"));
  }
  const auto count = static_cast<std::size_t>(std::floor((last - first) * rate + rounding)) + 1;
  const std::vector<double> grid = even_times(first, rate, count);
  aligned.start_s = first;
  aligned.trace = {colours_at(frames, grid), rate};
  set_frames(all.time_s, first, last, aligned);
  if (labels != nullptr) {
    aligned.reference = {signal::interpolate(label_times, labels->ppg, grid), rate};
    aligned.frame_label = signal::interpolate(label_times, labels->ppg, aligned.frame_time_s);
  }
  return aligned;
}

Aligned align_by_index(const Recording& recording, std::span<const double> video_time_s,
                       std::span<const Colour> mean_rgb, double nominal_rate_hz,
                       const Labels* labels, const AlignmentOptions& options) {
  if (!(nominal_rate_hz > 0)) {
    throw Error(Status::malformed, recording.video.file, "no nominal frame rate");
  }
  std::size_t count = mean_rgb.size();
  std::vector<double> samples;
  if (labels != nullptr && labels->per_frame) {
    require_match(count, labels->ppg.size(), "samples", options.max_mismatch, recording);
    count = std::min(count, labels->ppg.size());
    samples.assign(labels->ppg.begin(), labels->ppg.begin() + static_cast<std::ptrdiff_t>(count));
  } else if (labels != nullptr) {
    samples = signal::resample_index(labels->ppg, count);
  }
  const std::vector<double> index = even_times(0, nominal_rate_hz, count);
  const Frames frames = known_span(index, mean_rgb.first(count), recording);
  const RisingTimes stamps = rising(video_time_s);
  Aligned aligned;
  aligned.timing = measure_timing(stamps, nominal_rate_hz);
  aligned.start_s = frames.time_s.front();
  aligned.trace = {colours_at(frames, frames.time_s), nominal_rate_hz};
  aligned.frame_time_s = frames.time_s;
  aligned.first_frame = static_cast<std::size_t>(
      std::find(index.begin(), index.end(), frames.time_s.front()) - index.begin());
  if (labels != nullptr) {
    aligned.clocks = compare_clocks(rising(labels->time_s).time_s, stamps.time_s);
    const auto begin = samples.begin() + static_cast<std::ptrdiff_t>(aligned.first_frame);
    aligned.frame_label = {begin, begin + static_cast<std::ptrdiff_t>(frames.time_s.size())};
    aligned.reference = {aligned.frame_label, nominal_rate_hz};
  }
  return aligned;
}

}  // namespace

void require_usable(const Labels& labels, const Recording& recording) {
  const auto fail = [&](std::string_view why) {
    throw Error(Status::malformed, recording.labels, why);
  };
  if (labels.ppg.size() < 2) fail("fewer than two samples");
  const auto finite = [](double value) { return std::isfinite(value); };
  if (!std::all_of(labels.ppg.begin(), labels.ppg.end(), finite) ||
      !std::all_of(labels.time_s.begin(), labels.time_s.end(), finite) ||
      !std::all_of(labels.frame_time_s.begin(), labels.frame_time_s.end(), finite)) {
    fail("samples or times that are not finite");
  }
  const auto [low, high] = std::minmax_element(labels.ppg.begin(), labels.ppg.end());
  if (*low == *high) fail(concat("labels are constant: all samples are ", *low));
}

std::string_view name(Alignment alignment) {
  return alignment == Alignment::timestamps ? "timestamps" : "index";
}

Aligned align(const Recording& recording, std::span<const double> video_time_s,
              std::span<const Colour> mean_rgb, double nominal_rate_hz, const Labels* labels,
              const AlignmentOptions& options) {
  if (labels != nullptr) require_usable(*labels, recording);
  const auto by = options.alignment == Alignment::index ? align_by_index : align_by_time;
  return by(recording, video_time_s, mean_rgb, nominal_rate_hz, labels, options);
}

void keep_whole_clips(Aligned& aligned, std::size_t clip_frames) {
  const std::size_t frames = aligned.frame_time_s.size() / clip_frames * clip_frames;
  if (frames == 0) return;
  const auto cut = [&](std::vector<double>& values) {
    values.resize(std::min(values.size(), frames));
  };
  for (std::vector<double>& channel : aligned.trace.channels) cut(channel);
  std::vector<double>& reference = aligned.reference.samples;
  for (std::vector<double>* values : {&reference, &aligned.frame_time_s, &aligned.frame_label}) {
    cut(*values);
  }
  for (std::size_t first = 0; first + clip_frames <= reference.size(); first += clip_frames) {
    const auto clip = std::span(reference).subspan(first, clip_frames);
    const std::vector<double> standardized = signal::standardize(clip);
    std::copy(standardized.begin(), standardized.end(), clip.begin());
  }
}

}  // namespace rppg::data
