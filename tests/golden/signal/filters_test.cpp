// Filters, spectra, peaks and similarity against scipy and rPPG-Toolbox.
#include <cmath>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "base/text.h"
#include "io/hdf5.h"
#include "signal/filter.h"
#include "signal/heart_rate.h"
#include "signal/quality.h"
#include "signal/spectrum.h"
#include "support/compare.h"
#include "support/resources.h"

namespace {

using namespace rppg;

constexpr Band toolbox_band{0.6, 3.3};
constexpr Band paper_band{0.75, 2.5};

std::optional<io::Hdf5Reader> open() {
  const auto path = test::shared("reference/toolbox/c_filters_preproc.h5");
  if (!path) return std::nullopt;
  return io::Hdf5Reader(*path);
}

std::vector<std::string> groups_of(const io::Hdf5Reader& file, const std::string& parent) {
  std::vector<std::string> groups;
  for (const std::string& name : file.list(parent)) groups.push_back(concat(parent, "/", name));
  REQUIRE(!groups.empty());
  return groups;
}

signal::FilterCoefficients butterworth(const io::Hdf5Reader& file, const std::string& group) {
  const Band band{file.number_attribute(group, "lo"), file.number_attribute(group, "hi")};
  return signal::butterworth_bandpass(static_cast<int>(file.number_attribute(group, "order")), band,
                                      file.number_attribute(group, "fs"));
}

std::vector<double> to_doubles(const std::vector<std::size_t>& values) {
  return {values.begin(), values.end()};
}

}  // namespace

TEST_CASE("detrending") {
  const auto file = open();
  if (!file) return;
  for (const std::string& group : groups_of(*file, "/detrend")) {
    CAPTURE(group);
    const auto x = file->doubles(group + "/x");
    const auto y = signal::detrend(x, file->number_attribute(group, "lambda"));
    const double spread = signal::standard_deviation(file->doubles(group + "/y"));
    CHECK(test::largest_difference(y, file->doubles(group + "/y")) <= 1e-8 * spread);
  }
}

TEST_CASE("Butterworth coefficients") {
  const auto file = open();
  if (!file) return;
  for (const std::string& group : groups_of(*file, "/butter")) {
    if (!file->has_attribute(group, "lo")) continue;  // low and high pass are not used here
    CAPTURE(group);
    const auto filter = butterworth(*file, group);
    CHECK(test::relative_difference(filter.b, file->doubles(group + "/b")) < 1e-12);
    CHECK(test::relative_difference(filter.a, file->doubles(group + "/a")) < 1e-12);
  }
}

TEST_CASE("zero-phase filtering") {
  const auto file = open();
  if (!file) return;
  for (const std::string& group : groups_of(*file, "/filtfilt")) {
    CAPTURE(group);
    const auto y = signal::filtfilt(butterworth(*file, group), file->doubles(group + "/x"));
    CHECK(test::largest_difference(y, file->doubles(group + "/y")) < 1e-10);
  }
}

TEST_CASE("windows") {
  const auto file = open();
  if (!file) return;
  for (const std::string& path : groups_of(*file, "/window")) {
    CAPTURE(path);
    const auto length = parse_integer(path.substr(path.rfind('_') + 1)).value();
    const auto kind = path.find("periodic") != std::string::npos ? signal::Window::hann_periodic
                                                                 : signal::Window::hann_symmetric;
    const auto window = signal::window(kind, static_cast<std::size_t>(length));
    CHECK(test::largest_difference(window, file->doubles(path)) < 1e-14);
  }
}

TEST_CASE("periodograms, and what is read off them") {
  const auto file = open();
  if (!file) return;
  for (const std::string& group : groups_of(*file, "/periodogram")) {
    CAPTURE(group);
    const Waveform x{file->doubles(group + "/x"), file->number_attribute(group, "fs")};
    const auto nfft = static_cast<std::size_t>(file->number_attribute(group, "nfft"));
    const auto padded = signal::periodogram(x, nfft);
    CHECK(test::relative_difference(
              padded.power, file->doubles(group + "/boxcar_density_nodetrend_pow2")) < 1e-9);
    const auto frequencies = file->doubles(group + "/freq");
    REQUIRE(frequencies.size() == padded.power.size());
    CHECK(padded.frequency(frequencies.size() - 1) == doctest::Approx(frequencies.back()));
    const auto exact = signal::periodogram(x, x.samples.size());
    CHECK(test::relative_difference(exact.power,
                                    file->doubles(group + "/boxcar_density_nodetrend_n")) < 1e-9);

    const auto agrees = [&](double value, const std::string& attribute) {
      if (!file->has_attribute(group, attribute)) return true;
      const double wanted = file->number_attribute(group, attribute);
      return value == wanted || std::abs(value - wanted) <= 1e-9 * std::abs(wanted);
    };
    using signal::HeartRateEstimator;
    CHECK(
        agrees(signal::heart_rate_bpm(x, HeartRateEstimator::fft, toolbox_band), "fft_hr_0.6_3.3"));
    CHECK(
        agrees(signal::heart_rate_bpm(x, HeartRateEstimator::fft, paper_band), "fft_hr_0.75_2.5"));
    CHECK(agrees(signal::heart_rate_bpm(x, HeartRateEstimator::peaks, toolbox_band), "peak_hr"));
    for (const char* rate : {"50.0", "72.3", "100.0", "110.0"}) {
      CHECK(agrees(signal::snr_db(x, *parse_double(rate), toolbox_band), concat("snr_hr", rate)));
    }
    CHECK(to_doubles(signal::find_peaks(x.samples)) == file->doubles(group + "/find_peaks"));
  }
}

TEST_CASE("peaks of plateaus and quantised signals") {
  const auto file = open();
  if (!file) return;
  for (const std::string kind : {"plateau", "quantised"}) {
    const auto peaks = signal::find_peaks(file->doubles(concat("/find_peaks/", kind, "_x")));
    CHECK(to_doubles(peaks) == file->doubles(concat("/find_peaks/", kind, "_peaks")));
  }
}

TEST_CASE("envelopes") {
  const auto file = open();
  if (!file) return;
  for (const int length : {100, 101}) {
    const auto envelope = signal::envelope(file->doubles(concat("/hilbert/x", length)));
    CHECK(test::largest_difference(envelope, file->doubles(concat("/hilbert/envelope", length))) <
          1e-12);
  }
}

TEST_CASE("MACC") {
  const auto file = open();
  if (!file) return;
  for (const std::string& group : groups_of(*file, "/macc")) {
    CHECK(signal::macc(file->doubles(group + "/pred"), file->doubles(group + "/label"), false) ==
          doctest::Approx(file->number_attribute(group, "macc")).epsilon(1e-10));
  }
}

TEST_CASE("label normalisation") {
  const auto file = open();
  if (!file) return;
  const std::string group = "/preprocess/label";
  CHECK(test::largest_difference(signal::standardize(file->doubles(group + "/x")),
                                 file->doubles(group + "/standardized")) < 1e-10);
  CHECK(test::largest_difference(signal::standardize(file->doubles(group + "/const_x")),
                                 file->doubles(group + "/const_standardized")) < 1e-10);
}

TEST_CASE("LQ-rPPG's evaluation") {
  const auto path = test::shared("reference/lq/eval.h5");
  if (!path) return;
  const io::Hdf5Reader file(*path);
  for (const double rate_hz : {20.0, 25.0, 30.0}) {
    const std::string rate_group = concat("/fs", rate_hz);
    const auto filter = signal::butterworth_bandpass(1, paper_band, rate_hz);
    CHECK(test::relative_difference(filter.b, file.doubles(rate_group + "/butter_b")) < 1e-12);
    CHECK(test::relative_difference(filter.a, file.doubles(rate_group + "/butter_a")) < 1e-12);
    for (const char* length : {"/T160", "/T480", "/T960"}) {
      const std::string group = rate_group + length;
      CAPTURE(group);
      const auto detrended = signal::detrend(file.doubles(group + "/pred"), 100);
      CHECK(test::largest_difference(detrended, file.doubles(group + "/pred_detrended")) < 1e-8);
      const Waveform filtered{signal::filtfilt(filter, detrended), rate_hz};
      CHECK(test::largest_difference(filtered.samples, file.doubles(group + "/pred_bandpassed")) <
            1e-8);
      CHECK(signal::heart_rate_bpm(filtered, signal::HeartRateEstimator::welch, paper_band) ==
            doctest::Approx(file.doubles(group + "/hr_pred").front()).epsilon(1e-9));
    }
  }
}
