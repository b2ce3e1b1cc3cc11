#include "signal/smoothing.h"

#include <cmath>
#include <numbers>
#include <stdexcept>
#include <vector>

#include <doctest/doctest.h>

#include "base/random.h"
#include "signal/quality.h"
#include "signal/uniform_quantizer.h"

using namespace rppg;
using namespace rppg::signal;

namespace {

std::vector<double> sine(std::size_t n, double period) {
  std::vector<double> x(n);
  for (std::size_t i = 0; i < n; ++i) {
    x[i] = std::sin(2 * std::numbers::pi * static_cast<double>(i) / period);
  }
  return x;
}

}  // namespace

TEST_CASE("a moving average keeps lines and shortens at the ends") {
  const std::vector<double> line{1, 2, 3, 4, 5, 6};
  const std::vector<double> smooth = moving_average(line, 3);
  CHECK(smooth == std::vector<double>{1.5, 2, 3, 4, 5, 5.5});
  CHECK(moving_average(line, 1) == line);
  CHECK_THROWS_AS(moving_average(line, 4), std::logic_error);
}

TEST_CASE("wavelets without noise give the signal back") {
  // The finest details of a cubic vanish inside; at its mirrored ends they do not.
  const std::vector<double> constant(160, 2.5);
  const std::vector<double> same = shrink_wavelets(constant, 5);
  for (std::size_t i = 0; i < same.size(); ++i)
    CHECK(same[i] == doctest::Approx(2.5).epsilon(1e-12));
  const std::vector<double> untouched = shrink_wavelets(sine(160, 30), 1);
  CHECK(pearson(untouched, sine(160, 30)) > 0.9999);
}

TEST_CASE("wavelets take white noise from a slow wave") {
  const std::vector<double> clean = sine(160, 80);
  const Random random(1, "noise");
  std::vector<double> noisy = clean;
  for (std::size_t i = 0; i < noisy.size(); ++i) noisy[i] += 0.3 * random.normal(i);
  CHECK(pearson(shrink_wavelets(noisy, 4), clean) > pearson(noisy, clean) + 0.02);
}

TEST_CASE("uniform quantisation: cells, their middles, ends") {
  const std::vector<double> x{0, 0.24, 0.26, 0.99, 1};
  const UniformlyQuantized q = quantize_uniformly(x, 4);
  CHECK(q.indices == std::vector<std::int32_t>{0, 0, 1, 3, 3});
  CHECK(q.values[2] == doctest::Approx(0.375));
  CHECK(quantize_uniformly(std::vector<double>{2, 2}, 4).indices ==
        std::vector<std::int32_t>{0, 0});
  CHECK(quantize_uniformly({}, 4).values.empty());
}

TEST_CASE("entropy of symbols") {
  CHECK(entropy_bits(std::vector<std::int32_t>{0, 1, 2, 3}, 4) == doctest::Approx(2));
  CHECK(entropy_bits(std::vector<std::int32_t>{1, 1, 1}, 4) == 0);
  CHECK(entropy_bits({}, 4) == 0);
}
