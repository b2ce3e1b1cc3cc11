// Faces that the detectors of the program take for faces, where the truth says they are.
#include <algorithm>
#include <string>

#include <doctest/doctest.h>

#include "datasets/synthetic/camera.h"
#include "video/face.h"
#include "video/image_frame.h"

namespace rppg::datasets {
namespace {

constexpr int width = 240;
constexpr int height = 180;

Camera camera_at(int subject, double yaw_degrees, double noise_codes = 1.5) {
  const Appearance appearance = draw_appearance(Random(1, std::to_string(subject)), subject);
  return Camera(draw_portrait(appearance, {width, height, yaw_degrees, 4}), noise_codes,
                Random(1, "noise"));
}

video::Image picture(const Camera& camera, const Moment& moment = {}) {
  video::Image image;
  camera.expose(0, moment, image);
  return image;
}

/// Overlap of the boxes as a share of their union.
double overlap(const FaceBox& truth, const video::Box& found) {
  const double w = std::min(truth.x + truth.width, static_cast<double>(found.x + found.width)) -
                   std::max(truth.x, static_cast<double>(found.x));
  const double h = std::min(truth.y + truth.height, static_cast<double>(found.y + found.height)) -
                   std::max(truth.y, static_cast<double>(found.y));
  const double both = std::max(w, 0.0) * std::max(h, 0.0);
  const double all = truth.width * truth.height + static_cast<double>(found.width) * found.height;
  return both / (all - both);
}

TEST_CASE("every skin tone is found from the front, where the truth says") {
  const auto detector = video::make_face_detector({});
  for (int subject = 0; subject < skin_tones; ++subject) {
    CAPTURE(subject);
    const Camera camera = camera_at(subject, 0);
    const auto boxes = detector->detect(video::ImageFrame(picture(camera)));
    REQUIRE(!boxes.empty());
    CHECK(overlap(camera.face(), boxes.front()) > 0.5);
  }
}

TEST_CASE("the views from both sides are found") {
  const auto detector = video::make_face_detector({});
  for (const int subject : {0, 3, 5}) {
    for (const double yaw_degrees : {-45.0, 45.0}) {
      CAPTURE(subject);
      CAPTURE(yaw_degrees);
      const Camera camera = camera_at(subject, yaw_degrees);
      const auto boxes = detector->detect(video::ImageFrame(picture(camera)));
      REQUIRE(!boxes.empty());
      CHECK(overlap(camera.face(), boxes.front()) > 0.3);
    }
  }
}

TEST_CASE("the head moves by the shift, and the wall stays") {
  const Camera camera = camera_at(0, 0, 0);
  const video::Image here = picture(camera);
  const video::Image there = picture(camera, {.shift_x = 2, .shift_y = -1});
  const auto pixel = [](const video::Image& image, int x, int y) {
    return image.rgb[3 * (static_cast<std::size_t>(y) * width + static_cast<std::size_t>(x)) + 1];
  };
  const int x = static_cast<int>(camera.face().x + camera.face().width / 2);
  const int y = static_cast<int>(camera.face().y + camera.face().height / 2);
  for (int i = -20; i <= 20; ++i) CHECK(pixel(there, x + i + 2, y - 1) == pixel(here, x + i, y));
  CHECK(pixel(there, 3, 3) == pixel(here, 3, 3));
}

}  // namespace
}  // namespace rppg::datasets
