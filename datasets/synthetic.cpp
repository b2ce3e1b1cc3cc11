#include "datasets/synthetic.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include "base/atomic_file.h"
#include "base/error.h"
#include "base/text.h"
#include "datasets/synthetic/layout.h"

namespace rppg::datasets {
namespace {

namespace fs = std::filesystem;

const std::array layouts_table{&synthetic_ubfc_rppg, &synthetic_pure, &synthetic_mcd_rppg};

struct NamedCodec {
  std::string_view name;
  video::Codec codec;
};
constexpr std::array<NamedCodec, 5> video_codecs{{{"raw", video::Codec::raw},
                                                  {"mjpeg", video::Codec::mjpeg},
                                                  {"ffv1", video::Codec::ffv1},
                                                  {"mpeg4", video::Codec::mpeg4},
                                                  {"h264", video::Codec::h264}}};

video::Codec find_codec(std::string_view name) {
  return std::find_if(video_codecs.begin(), video_codecs.end(),
                      [&](const NamedCodec& entry) { return entry.name == name; })
      ->codec;
}

const SyntheticLayout& find_synthetic_layout(std::string_view name) {
  for (const SyntheticLayout* layout : layouts_table) {
    if (layout->name == name) return *layout;
  }
  throw Error(Status::usage, concat("layout '", name, "': cannot be synthesised: there is ",
                                    synthetic_layout_names()));
}

[[noreturn]] void refuse(std::string_view option, std::string_view why) {
  throw Error(Status::usage, concat(option, ": ", why));
}

void require_between(std::string_view option, double value, double low, double high) {
  if (!(value >= low && value <= high)) {
    refuse(option, concat("must lie between ", low, " and ", high));
  }
}

void check(const SyntheticOptions& options, const SyntheticLayout& layout) {
  require_between("--subjects", options.subjects, 1, layout.max_subjects);
  require_between("--seconds", options.seconds, 1, 3600);
  require_between("--size", options.width, 64, 4096);
  require_between("--size", options.height, 64, 4096);
  if (options.width % 2 != 0 || options.height % 2 != 0) refuse("--size", "must be even");
  if (options.rate_hz != 0) require_between("--rate", options.rate_hz, 5, 240);
  if (options.bitrate_kbps != 0) {
    require_between("--bitrate", options.bitrate_kbps, 1, 1e6);
    if (options.codec != "mpeg4" && options.codec != "h264") {
      refuse("--bitrate", "only mpeg4 and h264 have one");
    }
  }
  require_between("--recordings", options.recordings, 1, layout.max_recordings);
  if (std::find(layout.codecs.begin(), layout.codecs.end(), options.codec) == layout.codecs.end()) {
    std::string names;
    for (const auto name : layout.codecs) names += concat(names.empty() ? "" : ", ", name);
    refuse("--codec", concat("layout ", layout.name, " has ", names));
  }
}

bool has_bitrate(const SyntheticOptions& options) {
  return options.codec == "mpeg4" || options.codec == "h264";
}

void check_faces(const SyntheticOptions& options) {
  for (const fs::path& face : options.faces) {
    if (!fs::is_regular_file(face)) throw Error(Status::missing, face, "no such image");
  }
}

double bitrate_kbps(const SyntheticOptions& options, double rate_hz) {
  if (!has_bitrate(options) || options.bitrate_kbps > 0) return options.bitrate_kbps;
  const double bits = difficulty_of(options).file.bits_per_pixel;
  return bits * options.width * options.height * rate_hz / 1000;
}

/// Upper bound for one frame on disk; with a bit rate twice what that allows.
double bytes_per_frame(const SyntheticOptions& options) {
  const double pixels = static_cast<double>(options.width) * options.height;
  if (options.codec == "mjpeg") return pixels;
  if (!has_bitrate(options)) return 3.1 * pixels;
  constexpr double slowest_hz = 23;
  const double allowed = bitrate_kbps(options, slowest_hz) * 125 / slowest_hz;
  return allowed > 0 ? std::min(pixels, 2 * allowed) : pixels;
}

}  // namespace

std::string synthetic_layout_names() {
  std::string names;
  for (const SyntheticLayout* layout : layouts_table) {
    names += concat(names.empty() ? "" : ", ", layout->name);
  }
  return names;
}

SyntheticPlan plan_synthetic(const SyntheticOptions& options) {
  const SyntheticLayout& layout = find_synthetic_layout(options.layout);
  SyntheticOptions complete = options;
  if (complete.codec.empty()) complete.codec = layout.codecs.front();
  difficulty_of(complete);
  check(complete, layout);
  check_faces(complete);
  SyntheticPlan plan = layout.plan(complete);
  double bytes = 0;
  for (const SyntheticRecording& recording : plan.recordings) {
    bytes += static_cast<double>(recording.frames) * bytes_per_frame(complete);
  }
  plan.bytes = static_cast<std::uint64_t>(bytes);
  return plan;
}

void prepare_synthetic_folder(const SyntheticPlan& plan, const fs::path& folder, bool force) {
  create_writable_folder(folder);
  std::error_code failed;
  if (!force && !fs::is_empty(folder, failed) && !failed) {
    throw Error(Status::cannot_create, folder, "folder is not empty: use --force to write into it");
  }
  const fs::space_info space = fs::space(folder, failed);
  if (!failed && plan.bytes > space.available) {
    throw Error(Status::cannot_create, folder,
                concat("not enough room: up to ",
                       format_fixed(static_cast<double>(plan.bytes) / 1e9, 2), " GB needed, ",
                       format_fixed(static_cast<double>(space.available) / 1e9, 2), " GB free"));
  }
}

std::int64_t frame_count(const SyntheticOptions& options, double rate_hz) {
  return std::max<std::int64_t>(2, std::llround(options.seconds * rate_hz));
}

std::string synthetic_label_noise_help() { return describe(label_noise_amounts()); }
std::string synthetic_timing_help() { return describe(timing_amounts()); }
std::string synthetic_difficulty_names() { return difficulty_names(); }

Difficulty difficulty_of(const SyntheticOptions& options) {
  Difficulty difficulty = find_difficulty(options.difficulty);
  if (!options.label_noise.empty()) {
    set_amounts("--label-noise", options.label_noise, label_noise_amounts(),
                difficulty.finger.noise);
  }
  if (!options.timing.empty()) {
    set_amounts("--timing", options.timing, timing_amounts(), difficulty.timing);
  }
  if (options.quirks) difficulty.file.quirks = true;
  return difficulty;
}

fs::path face_of(const SyntheticOptions& options, int index) {
  if (options.faces.empty()) return {};
  return options.faces[static_cast<std::size_t>(index) % options.faces.size()];
}

std::string video_suffix(const SyntheticOptions& options) {
  return options.codec == "h264" ? ".mp4" : ".avi";
}

Truth write_video(const fs::path& file, const Session& session, const Take& take,
                  const SyntheticOptions& options, double rate_hz, std::size_t frames_lost) {
  const int numerator = static_cast<int>(std::lround(rate_hz * 1000));
  const int divisor = std::gcd(numerator, 1000);
  video::Writer writer(file, options.width, options.height,
                       {.codec = find_codec(options.codec),
                        .rate_numerator = numerator / divisor,
                        .rate_denominator = 1000 / divisor,
                        .quality = 0.9,
                        .bitrate_kbps = bitrate_kbps(options, rate_hz)});
  std::size_t left = take.time_s.size() - std::min(frames_lost, take.time_s.size() - 1);
  Truth truth = film(session, difficulty_of(options), take, [&](const video::Image& frame) {
    if (left == 0) return;
    writer.write(frame);
    --left;
  });
  writer.finish();
  return truth;
}

std::string padded(std::int64_t number, std::size_t digits) {
  const std::string text = std::to_string(number);
  return std::string(digits > text.size() ? digits - text.size() : 0, '0') + text;
}

}  // namespace rppg::datasets
