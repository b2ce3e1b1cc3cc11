#include "results/store.h"

#include <algorithm>
#include <span>
#include <string_view>

#include "base/error.h"
#include "base/text.h"

namespace rppg::results {
namespace {

constexpr std::string_view conventions = "rPPG-Results-1.0";

/// CF attributes of video::FaceState, which this layer does not see.
constexpr std::array<std::uint8_t, 5> face_flags{0, 1, 2, 3, 4};
constexpr std::string_view face_meanings = "missing detected tracked held full_frame";

struct TextField {
  const char* name;
  std::string RecordingResult::*member;
};
constexpr std::array<TextField, 7> text_fields{{{"id", &RecordingResult::id},
                                                {"dataset", &RecordingResult::dataset},
                                                {"subject", &RecordingResult::subject},
                                                {"session", &RecordingResult::session},
                                                {"view", &RecordingResult::view},
                                                {"state", &RecordingResult::state},
                                                {"status", &RecordingResult::status}}};

struct WindowField {
  const char* name;
  const char* unit;
  const char* long_name;
  double WindowScore::*member;
};
constexpr std::array<WindowField, 6> window_fields{
    {{"time", "s", "start of the window since sample 0", &WindowScore::start_s},
     {"duration", "s", "length of the window", &WindowScore::seconds},
     {"reference", "1/min", "heart rate of the reference", &WindowScore::hr_reference_bpm},
     {"prediction", "1/min", "heart rate of the prediction", &WindowScore::hr_predicted_bpm},
     {"snr", "dB", "signal-to-noise ratio of the prediction", &WindowScore::snr_db},
     {"macc", "1", "largest correlation over circular lags", &WindowScore::macc}}};

/// Writes one recording below a group.
class RecordingWriter {
 public:
  /// prefix: "" for the file itself, else "/ID".
  RecordingWriter(io::Hdf5Writer& writer, std::string prefix)
      : writer_(writer), prefix_(std::move(prefix)) {}

  void write(const RecordingResult& result) {
    write_attributes(result);
    write_waveforms(result);
    write_windows(result.score.windows);
    write_face(result);
    write_details(result);
  }

 private:
  std::string path(std::string_view name) const { return concat(prefix_, "/", name); }

  template <typename Values>
  void dataset(std::string_view name, const Values& values, std::string_view unit,
               std::string_view long_name, std::string_view scale = "") {
    writer_.dataset(path(name), std::span(values));
    writer_.attribute(path(name), "units", unit);
    writer_.attribute(path(name), "long_name", long_name);
    if (!scale.empty()) writer_.attach_scale(path(name), path(scale));
  }

  void write_attributes(const RecordingResult& result) {
    const std::string group = prefix_.empty() ? "/" : prefix_;
    if (!prefix_.empty()) writer_.group(group);
    for (const TextField& field : text_fields) {
      writer_.attribute(group, field.name, std::string_view(result.*field.member));
    }
    writer_.attribute(group, "rate_hz", result.prediction.rate_hz);
    writer_.attribute(group, "start_s", result.start_s);
    writer_.attribute(group, "heart_rate_bpm", result.heart_rate_bpm);
    writer_.attribute(group, "quality", result.quality);
    writer_.attribute(group, "hr_resolution_bpm", result.score.hr_resolution_bpm);
    writer_.attribute(group, "lag_s", result.score.lag_s);
    writer_.attribute(group, "drift_s_per_min", result.score.drift_s_per_min);
  }

  void write_waveforms(const RecordingResult& result) {
    const std::size_t samples = result.prediction.samples.size();
    std::vector<double> time(samples);
    for (std::size_t i = 0; i < samples; ++i) {
      time[i] = result.start_s + static_cast<double>(i) / result.prediction.rate_hz;
    }
    dataset("time", time, "s", "time since the first frame of the video");
    const auto waveform = [&](std::string_view name, const std::vector<double>& values,
                              std::string_view long_name) {
      if (values.empty()) return;
      dataset(name, values, "1", long_name, values.size() == samples ? "time" : "");
    };
    waveform("prediction", result.prediction.samples, "pulse waveform read from the video");
    waveform("prediction_filtered", result.score.prediction_filtered,
             "prediction, detrended and band-passed");
    waveform("reference", result.reference.samples, "contact PPG");
    waveform("reference_filtered", result.score.reference_filtered,
             "reference, detrended and band-passed");
  }

  void write_windows(const std::vector<WindowScore>& windows) {
    for (const WindowField& field : window_fields) {
      std::vector<double> values;
      for (const WindowScore& window : windows) values.push_back(window.*field.member);
      const bool is_scale = std::string_view(field.name) == "time";
      dataset(concat("hr/", field.name), values, field.unit, field.long_name,
              is_scale ? "" : "hr/time");
    }
  }

  void write_face(const RecordingResult& result) {
    if (result.face_time_s.empty()) return;
    dataset("face/time", result.face_time_s, "s", "time of the video frame");
    std::vector<std::int64_t> boxes;
    for (const auto& box : result.face_box) boxes.insert(boxes.end(), box.begin(), box.end());
    writer_.dataset(path("face/box"), std::span<const std::int64_t>(boxes),
                    {result.face_box.size(), 4});
    writer_.attribute(path("face/box"), "units", "pixel");
    writer_.attribute(path("face/box"), "long_name", "face box: x, y, width, height");
    writer_.attach_scale(path("face/box"), path("face/time"));
    dataset("face/state", result.face_state, "1", "how the face box came about", "face/time");
    writer_.attribute(path("face/state"), "flag_values", std::span(face_flags));
    writer_.attribute(path("face/state"), "flag_meanings", face_meanings);
  }

  void write_details(const RecordingResult& result) {
    writer_.group(path("measurements"));
    for (const auto& [name, value] : result.numbers) {
      writer_.attribute(path("measurements"), name, value);
    }
    writer_.group(path("provenance"));
    for (const auto& [name, value] : result.texts) {
      writer_.attribute(path("provenance"), name, std::string_view(value));
    }
  }

  io::Hdf5Writer& writer_;
  std::string prefix_;
};

/// Reads one recording from a group.
class RecordingReader {
 public:
  RecordingReader(const std::filesystem::path& file, const std::string& group)
      : file_(file), reader_(file), prefix_(group == "/" ? "" : prefixed(group)) {}

  RecordingResult read() const {
    RecordingResult result;
    read_attributes(result);
    read_waveforms(result);
    read_windows(result.score.windows);
    read_face(result);
    read_details(result);
    return result;
  }

 private:
  static std::string prefixed(const std::string& group) {
    return group.starts_with('/') ? group : "/" + group;
  }
  std::string path(std::string_view name) const { return concat(prefix_, "/", name); }

  void require_length(std::string_view name, std::size_t length, std::size_t wanted) const {
    if (length == wanted) return;
    throw Error(Status::malformed, file_,
                concat(path(name), ": ", length, " values where there should be ", wanted));
  }

  std::vector<double> optional_doubles(std::string_view name) const {
    return reader_.exists(path(name)) ? reader_.doubles(path(name)) : std::vector<double>{};
  }

  void read_attributes(RecordingResult& result) const {
    const std::string group = prefix_.empty() ? "/" : prefix_;
    for (const TextField& field : text_fields) {
      result.*field.member = reader_.text_attribute(group, field.name);
    }
    const auto number = [&](const char* name) { return reader_.number_attribute(group, name); };
    result.prediction.rate_hz = result.reference.rate_hz = number("rate_hz");
    result.start_s = number("start_s");
    result.heart_rate_bpm = number("heart_rate_bpm");
    result.quality = number("quality");
    result.score.hr_resolution_bpm = number("hr_resolution_bpm");
    result.score.lag_s = number("lag_s");
    result.score.drift_s_per_min = number("drift_s_per_min");
  }

  void read_waveforms(RecordingResult& result) const {
    result.prediction.samples = reader_.doubles(path("prediction"));
    result.reference.samples = optional_doubles("reference");
    if (result.reference.samples.empty()) result.reference.rate_hz = 0;
    result.score.prediction_filtered = optional_doubles("prediction_filtered");
    result.score.reference_filtered = optional_doubles("reference_filtered");
  }

  void read_windows(std::vector<WindowScore>& windows) const {
    for (const WindowField& field : window_fields) {
      const std::string name = concat("hr/", field.name);
      const std::vector<double> values = reader_.doubles(path(name));
      if (&field == &window_fields.front()) windows.resize(values.size());
      require_length(name, values.size(), windows.size());
      for (std::size_t i = 0; i < values.size(); ++i) windows[i].*field.member = values[i];
    }
  }

  void read_face(RecordingResult& result) const {
    if (!reader_.exists(path("face"))) return;
    result.face_time_s = reader_.doubles(path("face/time"));
    const std::size_t frames = result.face_time_s.size();
    const std::vector<std::int64_t> boxes = reader_.integers(path("face/box"));
    require_length("face/box", boxes.size(), 4 * frames);
    result.face_box.resize(frames);
    for (std::size_t i = 0; i < frames; ++i) {
      std::copy_n(boxes.begin() + static_cast<std::ptrdiff_t>(4 * i), 4,
                  result.face_box[i].begin());
    }
    result.face_state = reader_.bytes(path("face/state"));
    require_length("face/state", result.face_state.size(), frames);
  }

  void read_details(RecordingResult& result) const {
    for (const std::string& name : reader_.attribute_names(path("measurements"))) {
      result.numbers[name] = reader_.number_attribute(path("measurements"), name);
    }
    for (const std::string& name : reader_.attribute_names(path("provenance"))) {
      result.texts[name] = reader_.text_attribute(path("provenance"), name);
    }
  }

  const std::filesystem::path& file_;
  io::Hdf5Reader reader_;
  std::string prefix_;
};

io::Hdf5Writer new_file() {
  io::Hdf5Writer writer;
  writer.attribute("/", "Conventions", conventions);
  return writer;
}

}  // namespace

std::vector<std::byte> recording_image(const RecordingResult& result) {
  io::Hdf5Writer writer = new_file();
  RecordingWriter(writer, "").write(result);
  return writer.finish();
}

RecordingResult read_recording(const std::filesystem::path& file, const std::string& group) {
  return RecordingReader(file, group).read();
}

std::vector<std::string> recording_ids(const std::filesystem::path& results_file) {
  return io::Hdf5Reader(results_file).list("/");
}

ResultsWriter::ResultsWriter() : writer_(new_file()) {}

void ResultsWriter::add(const RecordingResult& result) {
  RecordingWriter(writer_, "/" + result.id).write(result);
}

std::vector<std::byte> ResultsWriter::finish() { return writer_.finish(); }

std::vector<std::byte> results_image(const std::vector<RecordingResult>& results) {
  std::vector<const RecordingResult*> sorted;
  for (const RecordingResult& result : results) sorted.push_back(&result);
  std::sort(sorted.begin(), sorted.end(),
            [](const auto* a, const auto* b) { return a->id < b->id; });
  ResultsWriter writer;
  for (const RecordingResult* result : sorted) writer.add(*result);
  return writer.finish();
}

}  // namespace rppg::results
