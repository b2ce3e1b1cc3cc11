#include "cli/label_data.h"

#include <algorithm>
#include <filesystem>
#include <optional>
#include <span>

#include "base/text.h"
#include "base/version.h"
#include "cli/batch.h"
#include "data/label_wave.h"
#include "datasets/clean_pulse.h"
#include "datasets/registry.h"
#include "io/hash.h"
#include "signal/filter.h"
#include "signal/pulse_label.h"

namespace rppg::cli {
namespace {

namespace fs = std::filesystem;

/// Empty for a name that tells nothing.
std::string format_of(const fs::path& file) {
  if (file.filename() == "ground_truth.txt") return "ubfc-rppg";
  if (file.filename() == "gtdump.xmp") return "ubfc-rppg-1";
  if (file.extension() == ".csv") return "csv";
  if (file.extension() == ".json") return "pure";
  return file.extension() == ".txt" ? "mcd-rppg" : "";
}

Item label_item(const fs::path& file) {
  data::Recording recording;
  recording.labels = file;
  recording.labels_format = format_of(file);
  if (recording.labels_format.empty()) {
    throw Error(Status::usage, concat("'", file.string(),
                                      "': neither LAYOUT:PATH nor a label file (ground_truth.txt, "
                                      "gtdump.xmp, *.csv, *.json, *.txt)"));
  }
  const bool named_by_folder = recording.labels_format.starts_with("ubfc");
  const fs::path name = named_by_folder ? fs::absolute(file).parent_path() : file;
  recording.id = recording.subject = name.stem().string();
  recording.dataset = "label files";
  if (!fs::exists(file)) {
    recording.problem = concat(file.string(), ": cannot open: no such file");
  }
  return {&datasets::find_layout("manifest"), recording};
}

bool is_dataset(const std::string& input) {
  const auto colon = input.find(':');
  return colon != std::string::npos && !fs::exists(input);
}

std::vector<std::vector<double>> cut(std::span<const double> samples, std::size_t length) {
  std::vector<std::vector<double>> clips;
  for (std::size_t at = 0; at + length <= samples.size(); at += length) {
    const auto clip = samples.subspan(at, length);
    clips.emplace_back(clip.begin(), clip.end());
  }
  return clips;
}

/// The clean pulse at the samples of the label wave; empty where it is not known.
std::vector<double> clean_wave(const data::Recording& recording, const data::Labels& labels,
                               const data::LabelWave& wave, data::Alignment alignment) {
  const auto clean = datasets::read_clean_pulse(recording);
  if (!clean) return {};
  const std::size_t samples = wave.wave.samples.size();
  if (alignment == data::Alignment::index) return signal::resample_index(clean->pulse, samples);
  const double first_frame_s =
      labels.frame_time_s.empty() ? labels.time_s.front() : labels.frame_time_s.front();
  std::vector<double> at;
  for (std::size_t i = 0; i < samples; ++i) {
    at.push_back(wave.start_s + static_cast<double>(i) / wave.wave.rate_hz - first_frame_s +
                 clean->stamp_s.front());
  }
  return signal::interpolate(clean->stamp_s, clean->pulse, at);
}

LabelRecording read_one(const Item& item, const LabelReading& how) {
  const data::Recording& recording = item.recording;
  const data::Labels labels = item.layout->read_labels(recording);
  const data::LabelWave wave = data::label_wave(recording, labels, how.alignment, how.rate_hz);
  const auto raw = cut(wave.wave.samples, how.clip_samples);
  const auto clean = cut(clean_wave(recording, labels, wave, how.alignment), how.clip_samples);
  LabelRecording result;
  result.start_s = wave.start_s;
  for (std::size_t i = 0; i < raw.size(); ++i) {
    std::vector<double> prepared = signal::prepare_label(raw[i], how.rate_hz);
    if (prepared.empty()) continue;
    result.clips.push_back(i);
    result.raw.push_back(raw[i]);
    result.prepared.push_back(std::move(prepared));
    if (!clean.empty()) result.clean.push_back(signal::prepare_label(clean[i], how.rate_hz));
  }
  if (result.clips.empty()) {
    throw Error(Status::malformed, recording.labels,
                concat("no clip of ", how.clip_samples, " samples with a pulse wave"));
  }
  return result;
}

}  // namespace

std::vector<Item> select_labels(const std::vector<std::string>& inputs) {
  std::vector<std::string> files, dataset_names;
  std::partition_copy(inputs.begin(), inputs.end(), std::back_inserter(dataset_names),
                      std::back_inserter(files), is_dataset);
  std::vector<Item> items = select_items(dataset_names);
  for (const std::string& file : files) items.push_back(label_item(file));
  sort_by_id(items);
  return items;
}

std::vector<LabelRecording> read_labels(const std::vector<Item>& items, const LabelReading& how,
                                        int jobs, bool fail_fast) {
  const auto key_of = [&](const Item& item) {
    return io::sha256(concat("labels ", version(), " ", name(how.alignment), " ", how.rate_hz, " ",
                             how.clip_samples, " ", io::sha256_file(item.recording.labels)));
  };
  std::vector<LabelRecording> recordings(items.size());
  const auto entries = read_batch(items, {"labels", jobs, fail_fast}, key_of,
                                  [&](std::size_t i) { recordings[i] = read_one(items[i], how); });
  for (std::size_t i = 0; i < items.size(); ++i) recordings[i].entry = entries[i];
  return recordings;
}

signal::LabelClips clips_of(const std::vector<LabelRecording>& recordings,
                            const std::vector<std::size_t>& which, double rate_hz) {
  signal::LabelClips clips{.rate_hz = rate_hz};
  const bool clean = std::all_of(which.begin(), which.end(), [&](std::size_t i) {
    return recordings[i].clean.size() == recordings[i].clips.size();
  });
  const auto append = [](auto& to, const auto& from) {
    to.insert(to.end(), from.begin(), from.end());
  };
  for (const std::size_t i : which) {
    append(clips.raw, recordings[i].raw);
    append(clips.prepared, recordings[i].prepared);
    if (clean) append(clips.clean, recordings[i].clean);
  }
  return clips;
}

}  // namespace rppg::cli
