// Label files of MCD-rPPG: frame stamps (meta/), PPG per frame (ppg_sync/) and sensor samples
// (.PW).
#include <algorithm>
#include <chrono>
#include <cmath>
#include <optional>
#include <span>

#include "base/error.h"
#include "base/text.h"
#include "datasets/discovery.h"
#include "datasets/label_lines.h"
#include "datasets/layouts.h"

namespace rppg::datasets {
namespace {

namespace fs = std::filesystem;

constexpr double sensor_rate_hz = 100;
constexpr double flat_counts = 5;         ///< standard deviation of a finger that is not there
constexpr double far_seconds = 0.05;      ///< between a frame and its sample
constexpr double tolerated_share = 0.05;  ///< of far samples, and of missing lines

/// digits of a fixed-width number at the front of text, which moves on; -1 when there are none.
int take_number(std::string_view& text, std::size_t width) {
  if (text.size() < width) return -1;
  int number = 0;
  for (const char c : text.substr(0, width)) {
    if (c < '0' || c > '9') return -1;
    number = 10 * number + (c - '0');
  }
  text.remove_prefix(width);
  return number;
}

bool take(std::string_view& text, std::string_view characters) {
  if (text.empty() || characters.find(text.front()) == std::string_view::npos) return false;
  text.remove_prefix(1);
  return true;
}

/// ".123456", of up to nine digits, or nothing, as nanoseconds.
std::optional<std::int64_t> fraction_ns(std::string_view text) {
  if (text.empty()) return 0;
  if (!take(text, ".") || text.empty() || text.size() > 9) return std::nullopt;
  const std::size_t digits = text.size();
  std::int64_t number = take_number(text, digits);
  if (number < 0) return std::nullopt;
  for (std::size_t i = digits; i < 9; ++i) number *= 10;
  return number;
}

/// "2023-03-01 10:00:00.123456" (or with a T) in ns since 1970.
std::optional<std::int64_t> parse_stamp_ns(std::string_view text) {
  const int year = take_number(text, 4);
  const bool first_dash = take(text, "-");
  const int month = take_number(text, 2);
  const bool second_dash = take(text, "-");
  const int day = take_number(text, 2);
  const bool separator = take(text, " T");
  const int hour = take_number(text, 2);
  const bool first_colon = take(text, ":");
  const int minute = take_number(text, 2);
  const bool second_colon = take(text, ":");
  const int second = take_number(text, 2);
  const auto fraction = fraction_ns(text);
  const bool form = first_dash && second_dash && separator && first_colon && second_colon;
  const bool clock =
      hour >= 0 && hour < 24 && minute >= 0 && minute < 60 && second >= 0 && second < 61;
  if (!form || !clock || !fraction || year < 1970 || year > 2200 || month < 1 || day < 1) {
    return std::nullopt;
  }
  const std::chrono::year_month_day date{std::chrono::year(year),
                                         std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day))};
  if (!date.ok()) return std::nullopt;
  const std::int64_t days = std::chrono::sys_days(date).time_since_epoch().count();
  const std::int64_t seconds = ((days * 24 + hour) * 60 + minute) * 60 + second;
  return seconds * 1'000'000'000 + *fraction;
}

/// "NUMBER STAMP", the form of lines in meta/ and .PW files.
struct StampedLine {
  double number;
  std::int64_t stamp_ns;
};

StampedLine parse_stamped_line(const LabelLines& lines) {
  const std::string_view line = trim(lines.line());
  const auto space = std::min(line.find_first_of(" \t"), line.size());
  const double number = lines.value(line.substr(0, space));
  const std::string_view stamp = trim(line.substr(space));
  const auto stamp_ns = parse_stamp_ns(stamp);
  if (!stamp_ns) {
    lines.fail(concat(quoted(stamp), " is no time like 2023-03-01 10:00:00.123456"));
  }
  return {number, *stamp_ns};
}

std::vector<std::int64_t> read_frame_stamps(const fs::path& file) {
  std::vector<std::int64_t> stamps_ns;
  LabelLines lines(file);
  while (lines.next()) stamps_ns.push_back(parse_stamped_line(lines).stamp_ns);
  return stamps_ns;
}

/// Value per frame; the second column is the distance of sample and frame in seconds.
std::vector<double> read_synchronised(const fs::path& file) {
  std::vector<double> ppg;
  std::size_t far = 0;
  LabelLines lines(file);
  while (lines.next()) {
    const std::vector<double> values = lines.values();
    if (values.size() != 2) {
      lines.fail(concat(values.size(), " values instead of 2 (PPG, distance in s)"));
    }
    ppg.push_back(values[0]);
    if (std::abs(values[1]) > far_seconds) ++far;
  }
  if (static_cast<double>(far) > tolerated_share * static_cast<double>(ppg.size())) {
    throw Error(
        Status::malformed, file,
        concat(far, " of ", ppg.size(), " frames have no PPG sample within ", far_seconds, " s"));
  }
  return ppg;
}

/// Frames that the one file or the other lacks at its end are cut off.
void add_synchronised(const data::Recording& recording, data::Labels& labels) {
  labels.per_frame = true;
  labels.ppg = read_synchronised(recording.labels);
  const std::size_t stamps = labels.frame_time_s.size();
  const std::size_t common = std::min(labels.ppg.size(), stamps);
  const std::size_t longest = std::max(labels.ppg.size(), stamps);
  if (static_cast<double>(longest - common) > tolerated_share * static_cast<double>(longest)) {
    throw Error(Status::malformed, recording.labels,
                concat(labels.ppg.size(), " lines, but ", recording.frame_times, " has ", stamps));
  }
  labels.ppg.resize(common);
  labels.time_s.assign(labels.frame_time_s.begin(),
                       labels.frame_time_s.begin() + static_cast<std::ptrdiff_t>(common));
}

void add_samples(const fs::path& file, std::int64_t zero_ns, data::Labels& labels) {
  labels.nominal_rate_hz = sensor_rate_hz;
  LabelLines lines(file);
  while (lines.next()) {
    const StampedLine sample = parse_stamped_line(lines);
    labels.time_s.push_back(seconds_between(zero_ns, sample.stamp_ns));
    labels.ppg.push_back(sample.number);
  }
}

double standard_deviation(std::span<const double> values) {
  double mean = 0;
  double squares = 0;
  std::size_t count = 0;
  for (const double value : values) {
    const double difference = value - mean;
    mean += difference / static_cast<double>(++count);
    squares += difference * (value - mean);
  }
  return std::sqrt(squares / static_cast<double>(std::max<std::size_t>(1, count)));
}

}  // namespace

data::Labels read_mcd_rppg_labels(const data::Recording& recording) {
  const std::vector<std::int64_t> stamps_ns = read_frame_stamps(recording.frame_times);
  data::Labels labels;
  for (const std::int64_t stamp_ns : stamps_ns) {
    labels.frame_time_s.push_back(seconds_between(stamps_ns.front(), stamp_ns));
  }
  if (recording.labels.extension() == ".PW") {
    add_samples(recording.labels, stamps_ns.front(), labels);
  } else {
    add_synchronised(recording, labels);
  }
  const double deviation = standard_deviation(labels.ppg);
  if (deviation < flat_counts) {
    throw Error(Status::malformed, recording.labels,
                concat("flat PPG: its standard deviation is ", format_fixed(deviation, 2),
                       " counts, below ", flat_counts));
  }
  return labels;
}

}  // namespace rppg::datasets
