#include "results/prediction_file.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "base/atomic_file.h"
#include "base/error.h"
#include "base/rehearsal.h"
#include "base/text.h"
#include "io/csv.h"
#include "io/hdf5.h"
#include "signal/heart_rate.h"
#include "signal/quality.h"

namespace rppg::results {
namespace {

namespace fs = std::filesystem;

constexpr int max_depth = 4;

std::string joined(const std::string& group, std::string_view name) {
  return concat(group == "/" ? "" : group, "/", name);
}

bool has_dataset(const io::Hdf5Reader& file, const std::string& path) {
  return file.exists(path) && !file.is_group(path);
}

double rate_of(const io::Hdf5Reader& file, const std::string& group, double fallback) {
  for (const std::string& place : {group, std::string("/")}) {
    for (const char* name : {"rate_hz", "fs"}) {
      if (file.has_attribute(place, name)) return file.number_attribute(place, name);
    }
  }
  return fallback;
}

std::string text_of(const io::Hdf5Reader& file, const std::string& group, const char* name,
                    const std::string& missing) {
  return file.has_attribute(group, name) ? file.text_attribute(group, name) : missing;
}

void collect(const io::Hdf5Reader& file, const std::string& group, double rate_hz, int depth,
             std::vector<StoredPrediction>& found) {
  const std::string prediction = joined(group, "prediction");
  const std::string reference = joined(group, "reference");
  const std::string label = joined(group, "label");
  const bool has_reference = has_dataset(file, reference);
  if (has_dataset(file, prediction) && (has_reference || has_dataset(file, label))) {
    const std::string leaf = group.substr(group.rfind('/') + 1);
    StoredPrediction stored;
    stored.id = text_of(file, group, "id", leaf.empty() ? "recording" : leaf);
    stored.dataset = text_of(file, group, "dataset", "");
    stored.subject = text_of(file, group, "subject", stored.id);
    const double rate = rate_of(file, group, rate_hz);
    stored.prediction = {file.doubles(prediction), rate};
    stored.reference = {file.doubles(has_reference ? reference : label), rate};
    found.push_back(std::move(stored));
    return;
  }
  if (depth == max_depth) return;
  for (const std::string& name : file.list(group)) {
    const std::string path = joined(group, name);
    if (file.is_group(path)) collect(file, path, rate_hz, depth + 1, found);
  }
}

/// HDF5 1.10 crashes on some damaged files, so that a stranger's file is read in a child first.
std::vector<StoredPrediction> read_hdf5(const fs::path& path, double rate_hz) {
  std::vector<StoredPrediction> found;
  const auto read = [&] { collect(io::Hdf5Reader(path), "/", rate_hz, 0, found); };
  if (!survives(read)) throw Error(Status::malformed, path, "damaged: HDF5 cannot read it");
  read();
  return found;
}

/// Mean rate of rising times; 0 when there are fewer than two.
double rate_of(const std::vector<double>& times) {
  const double span = times.size() < 2 ? 0 : times.back() - times.front();
  return span > 0 ? static_cast<double>(times.size() - 1) / span : 0;
}

std::vector<StoredPrediction> read_csv(const fs::path& path, double rate_hz) {
  const io::Table table(read_file(path), path);
  table.require_columns({"id", "prediction", "reference"});
  std::vector<StoredPrediction> found;
  std::map<std::string, std::size_t> places;
  std::vector<std::vector<double>> times;
  for (std::size_t i = 0; i < table.size(); ++i) {
    const auto row = table.row(i);
    const std::string id(row["id"]);
    const auto [place, added] = places.try_emplace(id, found.size());
    if (added) {
      const std::string_view subject = row["subject"];
      found.push_back({.id = id,
                       .dataset = std::string(row["dataset"]),
                       .subject = subject.empty() ? id : std::string(subject)});
      times.emplace_back();
    }
    StoredPrediction& stored = found[place->second];
    stored.prediction.samples.push_back(row.number("prediction"));
    stored.reference.samples.push_back(row.number("reference"));
    if (table.has_column("time")) times[place->second].push_back(row.number("time"));
  }
  for (std::size_t i = 0; i < found.size(); ++i) {
    const double measured = rate_of(times[i]);
    found[i].prediction.rate_hz = found[i].reference.rate_hz = measured > 0 ? measured : rate_hz;
  }
  return found;
}

bool is_hdf5(const fs::path& path) {
  const std::string suffix = path.extension().string();
  return suffix == ".h5" || suffix == ".hdf5";
}

void require_usable(const StoredPrediction& stored, const fs::path& path) {
  if (!(stored.prediction.rate_hz > 0)) {
    throw Error(Status::malformed, path, concat(stored.id, ": no sampling rate; give --rate"));
  }
  for (const Waveform* waveform : {&stored.prediction, &stored.reference}) {
    if (!std::all_of(waveform->samples.begin(), waveform->samples.end(),
                     [](double value) { return std::isfinite(value); })) {
      throw Error(Status::malformed, path, concat(stored.id, ": values that are not finite"));
    }
  }
}

}  // namespace

std::vector<StoredPrediction> read_predictions(const fs::path& file, double rate_hz) {
  std::vector<StoredPrediction> found =
      is_hdf5(file) ? read_hdf5(file, rate_hz) : read_csv(file, rate_hz);
  if (found.empty()) {
    throw Error(Status::malformed, file, "no group with 'prediction' and 'reference' or 'label'");
  }
  for (const StoredPrediction& stored : found) require_usable(stored, file);
  return found;
}

const StoredPrediction& find_stored(const std::vector<StoredPrediction>& all,
                                    const std::string& id) {
  const auto found = std::find_if(all.begin(), all.end(),
                                  [&](const StoredPrediction& stored) { return stored.id == id; });
  if (found == all.end()) throw std::logic_error(concat("no stored prediction ", id));
  return *found;
}

RecordingResult score_stored(const StoredPrediction& stored, const Protocol& protocol,
                             bool differenced) {
  RecordingResult result{.id = stored.id, .dataset = stored.dataset, .subject = stored.subject};
  result.prediction = stored.prediction;
  result.reference = stored.reference;
  result.score = score(stored.prediction, stored.reference, protocol, differenced);
  const Waveform filtered{result.score.prediction_filtered, stored.prediction.rate_hz};
  result.quality = signal::quality(filtered, protocol.band).index;
  result.heart_rate_bpm = signal::heart_rate_bpm(filtered, protocol.estimator, protocol.band);
  result.texts = {{"method", "stored"},
                  {"protocol", protocol.name},
                  {"protocol_hash", protocol_hash(protocol)}};
  return result;
}

}  // namespace rppg::results
