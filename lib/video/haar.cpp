#include "video/haar.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <tuple>

#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>
#include <opencv2/objdetect.hpp>

#include "base/error.h"
#include "base/text.h"
#include "video/opencv_setup.h"

namespace rppg::video {
namespace {

namespace fs = std::filesystem;

constexpr const char* frontal_name = "haarcascade_frontalface_default.xml";
constexpr const char* profile_name = "haarcascade_profileface.xml";

constexpr int luma_side = 480;
constexpr int smallest_window = 24;  // what the cascades were trained on
constexpr double scale_step = 1.1;
/// The profile cascade is the slower one and the last resort: coarser, and for larger faces only.
constexpr double profile_scale_step = 1.2;
/// The smallest face, as a part of the shorter side of the frame.
constexpr int frontal_part = 8;
constexpr int profile_part = 5;
/// Overlapping hits that make a face. Profiles are taken for faces more often; near the last
/// place a face is likely.
constexpr int frontal_neighbors = 5;
constexpr int profile_neighbors = 6;
constexpr int near_neighbors = 3;

/// Where and how large a face may be now that was somewhere before.
struct Vicinity {
  double margin;  ///< beyond the last box on every side, as a part of its side
  double ratio;   ///< of sizes, either way
  int face_side;  ///< pixels of the face at most, in the reduced picture
};
/// Few windows first, since this is what every later look costs.
constexpr std::array<Vicinity, 2> vicinities{{{0.3, 1.25, 56}, {0.5, 1.4, 160}}};

std::vector<fs::path> cascade_folders() {
  if (const char* folder = std::getenv("RPPG_HAAR_DIR")) return {folder};
  return {"/usr/share/opencv4/haarcascades", "/usr/local/share/opencv4/haarcascades",
          "/usr/share/opencv/haarcascades", "/opt/homebrew/share/opencv4/haarcascades"};
}

fs::path find_cascade(const std::string& name) {
  std::string tried;
  for (const fs::path& folder : cascade_folders()) {
    fs::path file = folder / name;
    if (fs::is_regular_file(file)) return file;
    tried += concat(tried.empty() ? "" : ", ", folder.string());
  }
  throw Error(Status::unavailable, concat("face detector haar: ", name, " not found in ", tried,
                                          "; install OpenCV's data files or set RPPG_HAAR_DIR"));
}

cv::CascadeClassifier load_cascade(const std::string& name) {
  set_up_opencv();
  const fs::path file = find_cascade(name);
  try {
    cv::CascadeClassifier cascade;
    if (cascade.load(file.string())) return cascade;
  } catch (const cv::Exception&) {
    // Reported below, as the file that load() refuses.
  }
  throw Error(Status::malformed, file, "not a Haar cascade of OpenCV");
}

cv::Mat view(const GrayImage& image) {
  return {image.height, image.width, CV_8UC1, const_cast<std::uint8_t*>(image.gray.data())};
}

/// OpenCV's order depends on its threads; ours is by size, then by place.
std::vector<Box> ordered(const std::vector<cv::Rect>& found) {
  std::vector<Box> boxes;
  boxes.reserve(found.size());
  for (const cv::Rect& rect : found) boxes.push_back({rect.x, rect.y, rect.width, rect.height});
  std::sort(boxes.begin(), boxes.end(), [](const Box& a, const Box& b) {
    return std::tie(b.width, a.y, a.x) < std::tie(a.width, b.y, b.x);
  });
  return boxes;
}

std::vector<Box> scaled(std::vector<Box> boxes, int factor) {
  for (Box& box : boxes) {
    box = {box.x * factor, box.y * factor, box.width * factor, box.height * factor};
  }
  return boxes;
}

cv::Size smallest_face(cv::Size frame, int part) {
  const int side = std::max(smallest_window, std::min(frame.width, frame.height) / part);
  return {side, side};
}

class HaarDetector final : public FaceDetector {
 public:
  HaarDetector() : frontal_(load_cascade(frontal_name)) {}

  std::vector<Box> detect(const Frame& frame) override {
    int factor = 1;
    const GrayImage luma = frame.luma(luma_side, factor);
    return scaled(search_all(luma), factor);
  }

  std::vector<Box> detect_near(const Frame& frame, const Box& last) override {
    for (const Vicinity& vicinity : vicinities) {
      std::vector<Box> faces = search_around(frame, last, vicinity);
      if (!faces.empty()) return faces;
    }
    return detect(frame);
  }

 private:
  std::vector<Box> search_all(const GrayImage& luma) {
    std::vector<cv::Rect> found;
    frontal_.detectMultiScale(view(luma), found, scale_step, frontal_neighbors, 0,
                              smallest_face({luma.width, luma.height}, frontal_part));
    if (found.empty()) found = search_profiles(luma);
    return ordered(found);
  }

  /// The cascade knows faces that look to one side; the others are found in the mirror.
  std::vector<cv::Rect> search_profiles(const GrayImage& luma) {
    std::vector<cv::Rect> found = search_profiles(view(luma));
    cv::Mat mirrored;
    cv::flip(view(luma), mirrored, 1);
    for (const cv::Rect& rect : search_profiles(mirrored)) {
      found.emplace_back(luma.width - rect.x - rect.width, rect.y, rect.width, rect.height);
    }
    return found;
  }

  std::vector<cv::Rect> search_profiles(const cv::Mat& luma) {
    if (profile_.empty()) profile_ = load_cascade(profile_name);
    std::vector<cv::Rect> found;
    profile_.detectMultiScale(luma, found, profile_scale_step, profile_neighbors, 0,
                              smallest_face(luma.size(), profile_part));
    return found;
  }

  /// Frontal faces near the last one.
  std::vector<Box> search_around(const Frame& frame, const Box& last, const Vicinity& vicinity) {
    const int longer = std::max(frame.width(), frame.height());
    const int wanted = longer * vicinity.face_side / std::max(1, last.width);
    int factor = 1;
    const GrayImage luma = frame.luma(std::clamp(wanted, 1, luma_side), factor);
    const Box place{last.x / factor, last.y / factor, last.width / factor, last.height / factor};
    const int margin = static_cast<int>(vicinity.margin * place.width);
    const Box region = intersect(
        {place.x - margin, place.y - margin, place.width + 2 * margin, place.height + 2 * margin},
        luma.width, luma.height);
    if (region.empty()) return {};
    const auto side = [&](double share) {
      const int length = static_cast<int>(std::lround(share * place.width));
      return cv::Size(length, length);
    };
    std::vector<cv::Rect> found;
    frontal_.detectMultiScale(view(luma)(cv::Rect(region.x, region.y, region.width, region.height)),
                              found, scale_step, near_neighbors, 0, side(1 / vicinity.ratio),
                              side(vicinity.ratio));
    for (cv::Rect& rect : found) rect += cv::Point(region.x, region.y);
    return scaled(ordered(found), factor);
  }

  cv::CascadeClassifier frontal_;
  cv::CascadeClassifier profile_;  ///< loaded when it is needed first: parsing takes 30 ms
};

class ReferenceHaarDetector final : public FaceDetector {
 public:
  ReferenceHaarDetector() : frontal_(load_cascade(frontal_name)) {}

  std::vector<Box> detect(const Frame& frame) override {
    Image image = frame.rgb();
    const cv::Mat rgb(image.height, image.width, CV_8UC3, image.rgb.data());
    cv::Mat gray;
    cv::cvtColor(rgb, gray, cv::COLOR_BGR2GRAY);
    std::vector<cv::Rect> found;
    frontal_.detectMultiScale(gray, found);
    return ordered(found);
  }

 private:
  cv::CascadeClassifier frontal_;
};

}  // namespace

void require_haar_cascades() {
  for (const char* name : {frontal_name, profile_name}) find_cascade(name);
}

std::unique_ptr<FaceDetector> make_haar_detector() { return std::make_unique<HaarDetector>(); }

std::unique_ptr<FaceDetector> make_reference_haar_detector() {
  return std::make_unique<ReferenceHaarDetector>();
}

}  // namespace rppg::video
