// Noise, curve and exposure of synthetic cameras; the rasteriser's pixels.
#include <cmath>
#include <vector>

#include <doctest/doctest.h>

#include "datasets/synthetic/head/colour.h"
#include "datasets/synthetic/scene/camera.h"
#include "datasets/synthetic/scene/raster.h"

namespace rppg::datasets {
namespace {

constexpr int width = 2000;

struct Statistics {
  double mean;
  double deviation;
};

Statistics develop(const Camera& camera, float light, double gain = 1, std::int64_t frame = 0) {
  const std::vector<float> row(3 * width, light);
  std::vector<std::uint8_t> codes(row.size());
  camera.develop(frame, 7, gain, row.data(), codes.data());
  double sum = 0, squares = 0;
  for (const int code : codes) {
    sum += code;
    squares += code * code;
  }
  const double mean = sum / static_cast<double>(codes.size());
  return {mean, std::sqrt(squares / static_cast<double>(codes.size()) - mean * mean)};
}

Camera camera_with(double noise, double exposure_steps = 0) {
  return {CameraKind::webcam,
          {.noise = {noise, noise}, .exposure_steps = {exposure_steps, exposure_steps}},
          1,
          width,
          Random(1, "camera")};
}

TEST_CASE("codes follow the curve of sRGB") {
  const Camera camera = camera_with(0);
  for (const float light : {0.0F, 0.01F, 0.2F, 0.5F, 1.0F, 3.0F}) {
    const auto seen = develop(camera, light);
    CHECK(std::abs(seen.mean - 255 * srgb_encoded(static_cast<double>(light))) < 1);
  }
  CHECK(develop(camera, 0.25F, 2).mean == develop(camera, 0.5F).mean);
}

TEST_CASE("shot noise grows with the root of light, and with gain") {
  const Camera camera = camera_with(1);
  const auto light_noise = [&](float light, double gain = 1) {
    const Statistics seen = develop(camera, light, gain);
    const double level = static_cast<double>(light) * gain;
    const double slope = 255 * (srgb_encoded(level + 0.01) - srgb_encoded(level - 0.01)) / 0.02;
    return std::sqrt(seen.deviation * seen.deviation - 1.0 / 12) / slope;
  };
  const Sensor& kind = sensor(CameraKind::webcam);
  for (const float light : {0.1F, 0.4F}) {
    const double expected =
        std::sqrt(kind.shot_noise * static_cast<double>(light) + std::pow(kind.read_noise, 2));
    CHECK(light_noise(light) == doctest::Approx(expected).epsilon(0.06));
  }
  CHECK(light_noise(0.2F, 2) > 1.2 * light_noise(0.4F));
}

TEST_CASE("every frame has its own noise, and always the same") {
  const Camera camera = camera_with(2);
  CHECK(develop(camera, 0.3F, 1, 4).mean == develop(camera, 0.3F, 1, 4).mean);
  CHECK(develop(camera, 0.3F, 1, 4).mean != develop(camera, 0.3F, 1, 5).mean);
}

TEST_CASE("the automatic exposure moves in steps, no further than it may") {
  const Camera camera = camera_with(1, 0.1);
  int still = 0;
  double low = 1, high = 1;
  for (int i = 0; i < 3000; ++i) {
    const double gain = camera.gain(i / 30.0);
    still += gain == camera.gain((i + 1) / 30.0);
    low = std::min(low, gain);
    high = std::max(high, gain);
  }
  CHECK(still > 2500);
  CHECK(low >= 0.9);
  CHECK(high <= 1.1);
  CHECK(high - low > 0.05);
}

/// A square of 2 x 2 vertices whose left upper corner lies at x, y.
std::vector<ScreenVertex> square(float x, float y, float size, float nearness, float blood) {
  std::vector<ScreenVertex> corners;
  for (const float j : {0.0F, 1.0F}) {
    for (const float i : {0.0F, 1.0F}) {
      corners.push_back({.shade = Four{1, 1, 1, 0},
                         .place = Four{i, j, nearness, blood},
                         .x = x + size * i,
                         .y = y + size * j,
                         .facing = 0});
    }
  }
  return corners;
}

Texture plain(float level) { return {3, 3, std::vector<Four>(9, Four{level, level, level, 1})}; }

std::vector<float> composed(const Canvas& canvas, int row, std::size_t pixels) {
  std::vector<float> values(3 * pixels, 0.0F);
  canvas.compose(row, values.data());
  return values;
}

TEST_CASE("pixels at the outline are covered by their share") {
  Canvas canvas(20, 20);
  canvas.clear();
  canvas.draw(square(4.25F, 5, 8.5F, 0, 0), 2, 2, plain(1), Four{}, Four{});
  const auto row = composed(canvas, 8, 20);
  CHECK(row[3 * 3] == 0);
  CHECK(row[3 * 4] == doctest::Approx(0.75));
  CHECK(row[3 * 5] == doctest::Approx(1));
  CHECK(row[3 * 12] == doctest::Approx(0.75));
  CHECK(row[3 * 13] == 0);
  CHECK(composed(canvas, 4, 20)[3 * 8] == 0);
}

TEST_CASE("what faces the camera reaches as far as its pixels where no outline was seen") {
  Canvas canvas(20, 20);
  canvas.clear();
  auto corners = square(4, 4, 10, 0, 0);
  for (ScreenVertex& corner : corners) corner.facing = 1;
  canvas.draw(corners, 2, 2, plain(1), Four{}, Four{});
  const auto row = composed(canvas, 9, 20);
  CHECK(row[3 * 3] == 0);
  CHECK(row[3 * 5] == doctest::Approx(1));
  CHECK(row[3 * 12] == doctest::Approx(1));
  CHECK(row[3 * 14] == 0);
}

TEST_CASE("triangles that share sides leave no gap") {
  Canvas canvas(40, 40);
  canvas.clear();
  std::vector<ScreenVertex> vertices;
  for (int j = 0; j < 6; ++j) {
    for (int i = 0; i < 6; ++i) {
      const auto x = static_cast<float>(i), y = static_cast<float>(j);
      vertices.push_back({.shade = Four{1, 1, 1, 0},
                          .place = Four{x / 5, y / 5, 0, 0},
                          .x = 3.5F + 6 * x + 0.3F * y,
                          .y = 3.5F + 6 * y - 0.2F * x,
                          .facing = 1});
    }
  }
  canvas.draw(vertices, 6, 6, plain(1), Four{}, Four{});
  for (int row = 5; row < 31; ++row) {
    const auto pixels = composed(canvas, row, 40);
    for (std::size_t x = 7; x < 31; ++x) CHECK(pixels[3 * x] == doctest::Approx(1));
  }
}

TEST_CASE("what is nearer hides what is farther, in either order") {
  for (const bool near_first : {false, true}) {
    Canvas canvas(20, 20);
    canvas.clear();
    for (const bool near : {near_first, !near_first}) {
      canvas.draw(square(4, 4, 10, near ? 1 : 0, 0), 2, 2, plain(near ? 0.8F : 0.2F), Four{},
                  Four{});
    }
    CHECK(composed(canvas, 9, 20)[3 * 9] == doctest::Approx(0.8));
  }
}

TEST_CASE("blood darkens by its signature") {
  Canvas canvas(20, 20);
  canvas.clear();
  canvas.draw(square(4, 4, 10, 0, 0.1F), 2, 2, plain(1), Four{0.4F, 1, 0.7F, 0}, Four{});
  const auto row = composed(canvas, 9, 20);
  CHECK(row[27] == doctest::Approx(0.96));
  CHECK(row[28] == doctest::Approx(0.90));
  CHECK(row[29] == doctest::Approx(0.93));
}

}  // namespace
}  // namespace rppg::datasets
