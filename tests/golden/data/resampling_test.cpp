#include <algorithm>
#include <cmath>
#include <string>

#include <doctest/doctest.h>

#include "io/hdf5.h"
#include "signal/filter.h"
#include "support/resources.h"

using namespace rppg;

TEST_CASE("labels are resampled over their index as rPPG-Toolbox does") {
  const auto path = test::shared("reference/toolbox/c_filters_preproc.h5");
  if (!path) return;
  const io::Hdf5Reader file(*path);
  for (int group = 0; group < 7; ++group) {
    CAPTURE(group);
    const std::string name = "/preprocess/resample" + std::to_string(group);
    const auto count = static_cast<std::size_t>(file.number_attribute(name, "target"));
    const auto expected = file.doubles(name + "/y");
    const auto samples = signal::resample_index(file.doubles(name + "/x"), count);
    REQUIRE(samples.size() == expected.size());
    double worst = 0;
    for (std::size_t i = 0; i < expected.size(); ++i) {
      worst = std::max(worst, std::abs(samples[i] - expected[i]));
    }
    CHECK(worst < 1e-10);
  }
}
