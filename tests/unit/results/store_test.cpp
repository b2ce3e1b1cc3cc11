#include "results/store.h"

#include <cmath>
#include <cstring>
#include <limits>

#include <doctest/doctest.h>

#include "base/atomic_file.h"
#include "base/error.h"
#include "io/hdf5.h"
#include "support/resources.h"
#include "unit/results/sample_results.h"

namespace rppg::results {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

bool same(double a, double b) { return a == b || (std::isnan(a) && std::isnan(b)); }

void check_equal(const RecordingResult& a, const RecordingResult& b) {
  CHECK(a.id == b.id);
  CHECK(a.dataset == b.dataset);
  CHECK(a.subject == b.subject);
  CHECK(a.session == b.session);
  CHECK(a.view == b.view);
  CHECK(a.state == b.state);
  CHECK(a.status == b.status);
  CHECK(a.start_s == b.start_s);
  CHECK(a.prediction.samples == b.prediction.samples);
  CHECK(a.prediction.rate_hz == b.prediction.rate_hz);
  CHECK(a.reference.samples == b.reference.samples);
  CHECK(a.reference.rate_hz == b.reference.rate_hz);
  CHECK(a.score.prediction_filtered == b.score.prediction_filtered);
  CHECK(a.score.reference_filtered == b.score.reference_filtered);
  CHECK(same(a.score.hr_resolution_bpm, b.score.hr_resolution_bpm));
  CHECK(same(a.score.lag_s, b.score.lag_s));
  CHECK(same(a.score.drift_s_per_min, b.score.drift_s_per_min));
  REQUIRE(a.score.windows.size() == b.score.windows.size());
  for (std::size_t i = 0; i < a.score.windows.size(); ++i) {
    const WindowScore& x = a.score.windows[i];
    const WindowScore& y = b.score.windows[i];
    CHECK(x.start_s == y.start_s);
    CHECK(x.seconds == y.seconds);
    CHECK(same(x.hr_reference_bpm, y.hr_reference_bpm));
    CHECK(same(x.hr_predicted_bpm, y.hr_predicted_bpm));
    CHECK(same(x.snr_db, y.snr_db));
    CHECK(same(x.macc, y.macc));
  }
  CHECK(same(a.heart_rate_bpm, b.heart_rate_bpm));
  CHECK(a.quality == b.quality);
  CHECK(a.face_time_s == b.face_time_s);
  CHECK(a.face_box == b.face_box);
  CHECK(a.face_state == b.face_state);
  CHECK(a.numbers == b.numbers);
  CHECK(a.texts == b.texts);
}

/// As `predict` has it: no reference, no face, no pulse.
RecordingResult bare_result() {
  RecordingResult result;
  result.id = "clip";
  result.status = "no_pulse";
  result.prediction = sample_result("x", 1).prediction;
  result.score = score(result.prediction, find_protocol("default"));
  result.heart_rate_bpm = nan;
  return result;
}

TEST_CASE("a recording is read back as it was written") {
  const test::TemporaryFolder folder;
  const auto file = folder.path() / "a.h5";
  for (const RecordingResult& result : {sample_result("01-01", 1), bare_result()}) {
    write_file(file, recording_image(result));
    check_equal(read_recording(file), result);
  }
}

TEST_CASE("equal results give equal bytes, others do not") {
  CHECK(recording_image(sample_result("01-01", 1)) == recording_image(sample_result("01-01", 1)));
  CHECK(recording_image(sample_result("01-01", 1)) != recording_image(sample_result("01-01", 2)));
}

TEST_CASE("results.h5 holds a group per recording, whatever the order of adding") {
  const test::TemporaryFolder folder;
  const auto file = folder.path() / "results.h5";
  const RecordingResult a = sample_result("01-01", 1);
  const RecordingResult b = sample_result("02-01", 2);
  CHECK(results_image({a, b}) == results_image({b, a}));
  write_file(file, results_image({b, a}));
  CHECK(recording_ids(file) == std::vector<std::string>{"01-01", "02-01"});
  check_equal(read_recording(file, "01-01"), a);
  check_equal(read_recording(file, "/02-01"), b);
  CHECK_THROWS_AS(read_recording(file, "03-01"), Error);
  CHECK(io::Hdf5Reader(file).text_attribute("/", "Conventions") == "rPPG-Results-1.0");
}

TEST_CASE("data sets name their units and axes") {
  const test::TemporaryFolder folder;
  const auto file = folder.path() / "a.h5";
  write_file(file, recording_image(sample_result("01-01", 1)));
  const io::Hdf5Reader reader(file);
  CHECK(reader.text_attribute("/", "Conventions") == "rPPG-Results-1.0");
  CHECK(reader.number_attribute("/", "rate_hz") == 20);
  CHECK(reader.text_attribute("/time", "units") == "s");
  CHECK(reader.text_attribute("/hr/prediction", "units") == "1/min");
  CHECK(reader.text_attribute("/hr/snr", "units") == "dB");
  CHECK(reader.text_attribute("/prediction", "long_name") == "pulse waveform read from the video");
  CHECK(reader.text_attribute("/face/state", "flag_meanings") ==
        "missing detected tracked held full_frame");
  CHECK(reader.numbers_attribute("/face/state", "flag_values") ==
        std::vector<double>{0, 1, 2, 3, 4});
  CHECK(reader.extents("/face/box") == std::vector<std::uint64_t>{5, 4});
  const auto time = reader.doubles("/time");
  CHECK(time.size() == 200);
  CHECK(time[1] == 0.25 + 1 / 20.0);
  for (const char* name : {"/prediction", "/reference_filtered", "/hr/macc", "/face/state"}) {
    CHECK(reader.has_attribute(name, "DIMENSION_LIST"));
  }
}

TEST_CASE("a file that contradicts itself is refused") {
  const test::TemporaryFolder folder;
  const auto file = folder.path() / "a.h5";
  RecordingResult uneven = sample_result("01-01", 1);
  uneven.face_state.pop_back();
  write_file(file, recording_image(uneven));
  CHECK_THROWS_AS(read_recording(file), Error);
  write_file(file, "no HDF5 at all");
  CHECK_THROWS_AS(read_recording(file), Error);
  CHECK_THROWS_AS(read_recording(folder.path() / "absent.h5"), Error);
}

}  // namespace
}  // namespace rppg::results
