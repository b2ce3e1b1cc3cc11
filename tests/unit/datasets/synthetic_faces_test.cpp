// Faces that the detectors of the program take for faces, where the truth says they are.
#include <algorithm>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "datasets/synthetic/scene/film.h"
#include "support/resources.h"
#include "video/face.h"
#include "video/image_frame.h"

namespace rppg::datasets {
namespace {

struct Picture {
  video::Image image;
  FaceBox face;
};

/// Frames of one subject, a second apart.
std::vector<Picture> film_pictures(const std::string& difficulty, int subject, double yaw_degrees,
                                   std::size_t frames = 2) {
  const Difficulty& traits = find_difficulty(difficulty);
  const Session session(
      {.seed = 1, .subject = std::to_string(subject), .subject_index = subject, .session = "a"},
      traits);
  Take take{.id = std::to_string(subject), .seed = 1, .width = 320, .height = 240};
  take.yaw_degrees = yaw_degrees;
  for (std::size_t i = 0; i < frames; ++i) take.time_s.push_back(static_cast<double>(i));
  std::vector<Picture> pictures;
  const Truth truth = film(session, traits, take, [&](const video::Image& image) {
    pictures.push_back({image, {}});
  });
  for (std::size_t i = 0; i < frames; ++i) pictures[i].face = truth.faces[i];
  return pictures;
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

TEST_CASE("from the front, the largest face of the reference pipeline is where the truth says") {
  // In larger samples 99 % and more are; here one in 36 may fail.
  const auto detector = video::make_face_detector({.reference_pipeline = true});
  int found = 0, all = 0;
  for (const char* preset : {"easy", "realistic", "hard", "ubfc-like", "pure-like", "mcd-like"}) {
    for (int subject = 0; subject < skin_tones; ++subject) {
      for (const Picture& picture : film_pictures(preset, subject, 0, 1)) {
        const auto boxes = detector->detect(video::ImageFrame(picture.image));
        found += !boxes.empty() && overlap(picture.face, boxes.front()) > 0.5;
        ++all;
      }
    }
  }
  CHECK(found >= all - 1);
}

TEST_CASE("at least 95 % of the views from both sides are found") {
  const auto model = test::shared("realdata/detectors/yunet/yunet_n_320_320.onnx");
  if (!model) return;
  const auto detector = video::make_face_detector({.detector = "yunet:" + model->string()});
  int found = 0, all = 0;
  for (const char* preset : {"hard", "mcd-like"}) {
    const double side_degrees = find_difficulty(preset).scene.side_view_degrees;
    for (int subject = 0; subject < skin_tones; ++subject) {
      for (const double yaw_degrees : {-side_degrees, side_degrees}) {
        for (const Picture& picture : film_pictures(preset, subject, yaw_degrees)) {
          const auto boxes = detector->detect(video::ImageFrame(picture.image));
          found += !boxes.empty() && overlap(picture.face, boxes.front()) > 0.4;
          ++all;
        }
      }
    }
  }
  CHECK(found >= 0.95 * all);
}

TEST_CASE("the far side of the face hides behind the near one") {
  const auto front = film_pictures("easy", 0, 0, 1), side = film_pictures("easy", 0, 60, 1);
  CHECK(side[0].face.width < 0.9 * front[0].face.width);
  CHECK(side[0].face.height == doctest::Approx(front[0].face.height).epsilon(0.15));
}

}  // namespace
}  // namespace rppg::datasets
