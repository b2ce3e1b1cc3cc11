// The classical methods against rPPG-Toolbox on synthetic traces, in double and single precision.
#include <algorithm>
#include <cstddef>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "base/text.h"
#include "classical/method.h"
#include "io/hdf5.h"
#include "signal/filter.h"
#include "support/compare.h"
#include "support/resources.h"

namespace {

using namespace rppg;

constexpr int traces = 20;

std::string group_of(int trace) { return concat("/trace_", trace < 10 ? "0" : "", trace); }

RgbTrace read_trace(const io::Hdf5Reader& file, const std::string& group, bool single) {
  const std::vector<double> rgb = file.doubles(group + "/rgb");
  RgbTrace trace;
  trace.rate_hz = file.number_attribute(group, "fs");
  for (std::size_t i = 0; i < rgb.size(); ++i) {
    trace.channels[i % 3].push_back(single ? static_cast<double>(static_cast<float>(rgb[i]))
                                           : rgb[i]);
  }
  return trace;
}

/// In units of the standard deviation of the expected waveform.
double error_of(std::vector<double> pulse, const std::vector<double>& wanted, bool any_sign) {
  const double spread = signal::standard_deviation(wanted);
  const double error = test::largest_difference(pulse, wanted) / spread;
  if (!any_sign) return error;
  for (double& value : pulse) value = -value;
  return std::min(error, test::largest_difference(pulse, wanted) / spread);
}

double largest_error(const io::Hdf5Reader& file, const classical::Method& method, bool single) {
  double largest = 0;
  for (int i = 0; i < traces; ++i) {
    const std::string group = group_of(i);
    const std::string wanted = concat(group, single ? "/f32/" : "/f64/", std::string(method.title));
    const auto pulse = method.extract(read_trace(file, group, single));
    largest = std::max(largest, error_of(pulse, file.doubles(wanted), method.name == "ica"));
  }
  return largest;
}

}  // namespace

TEST_CASE("waveforms of rPPG-Toolbox, double precision") {
  const auto path = test::shared("reference/toolbox/b_classical.h5");
  if (!path) return;
  const io::Hdf5Reader file(*path);
  for (const classical::Method& method : classical::methods()) {
    const double error = largest_error(file, method, false);
    MESSAGE(std::string(method.title), ": ", error, " standard deviations");
    CHECK(error < (method.name == "ica" ? 1e-6 : 1e-8));
  }
}

TEST_CASE("waveforms of rPPG-Toolbox, single-precision traces") {
  const auto path = test::shared("reference/toolbox/b_classical.h5");
  if (!path) return;
  const io::Hdf5Reader file(*path);
  for (const classical::Method& method : classical::methods()) {
    // PBV of the reference solves a badly conditioned system in single precision.
    if (method.name == "pbv") continue;
    const double error = largest_error(file, method, true);
    CAPTURE(std::string(method.title));
    CHECK(error < 5e-4);
  }
}
