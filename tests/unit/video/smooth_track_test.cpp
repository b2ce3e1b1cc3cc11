// The box between looks: stays, glides, jumps only when confirmed, and asks rarely for lost faces.
#include "video/smooth_track.h"

#include <cmath>
#include <cstdlib>
#include <functional>
#include <vector>

#include <doctest/doctest.h>

#include "video/image_frame.h"

using namespace rppg::video;

namespace {

constexpr int frame_width = 320;
constexpr int frame_height = 240;

/// Answers looks from a function of the frame's number, which it reads from the frame's time.
class ScriptedDetector final : public FaceDetector {
 public:
  using Script = std::function<std::vector<Box>(int frame)>;

  ScriptedDetector(Script script, std::vector<int>& looks)
      : script_(std::move(script)), looks_(looks) {}

  std::vector<Box> detect(const Frame& frame) override {
    looks_.push_back(static_cast<int>(frame.time_s()));
    return script_(looks_.back());
  }

 private:
  Script script_;
  std::vector<int>& looks_;
};

struct Followed {
  std::vector<FacePlace> places;
  std::vector<int> looks;
  std::optional<FacePlace> place_of_missing;
};

Followed follow(int frames, FaceOptions options, ScriptedDetector::Script script) {
  Followed result;
  options.enlargement = 1;
  SmoothTrack track(options, std::make_unique<ScriptedDetector>(std::move(script), result.looks));
  const Image image{frame_width, frame_height,
                    std::vector<std::uint8_t>(std::size_t{3} * frame_width * frame_height)};
  for (int t = 0; t < frames; ++t) result.places.push_back(track.follow(ImageFrame(image, t)));
  result.place_of_missing = track.place_of_missing();
  return result;
}

constexpr Box face{100, 80, 60, 60};

}  // namespace

TEST_CASE("a face that is found nearly where it was does not move the box") {
  const auto jitter = [](int frame) {
    const int shift = frame / 30 % 2 == 0 ? 0 : 3;
    return std::vector<Box>{
        {face.x + shift, face.y - shift, face.width + shift, face.height + shift}};
  };
  const Followed result = follow(200, {}, jitter);
  CHECK(result.looks == std::vector<int>{0, 30, 60, 90, 120, 150, 180});
  for (int t = 0; t < 200; ++t) {
    CHECK(result.places[static_cast<std::size_t>(t)].box == face);
    CHECK(result.places[static_cast<std::size_t>(t)].state ==
          (t % 30 == 0 ? FaceState::detected : FaceState::tracked));
  }
}

TEST_CASE("a face that moved is reached evenly within one period") {
  const auto moved = [](int frame) {
    return std::vector<Box>{{frame < 30 ? face.x : face.x + 24, face.y, face.width, face.height}};
  };
  const Followed result = follow(90, {}, moved);
  CHECK(result.places[30].box == face);
  CHECK(result.places[45].box.x == face.x + 12);
  CHECK(result.places[60].box.x == face.x + 24);
  for (std::size_t t = 1; t < 90; ++t) {
    CHECK(std::abs(result.places[t].box.x - result.places[t - 1].box.x) <= 1);
    CHECK(result.places[t].box.width == face.width);
  }
}

TEST_CASE("a single face far away is not believed") {
  const auto outlier = [](int frame) {
    return std::vector<Box>{frame == 30 ? Box{220, 10, 60, 60} : face};
  };
  const Followed result = follow(80, {}, outlier);
  CHECK(result.looks == std::vector<int>{0, 30, 40, 70});
  for (const FacePlace& place : result.places) CHECK(place.box == face);
  CHECK(result.places[29].state == FaceState::tracked);
  CHECK(result.places[30].state == FaceState::held);
  CHECK(result.places[39].state == FaceState::held);
  CHECK(result.places[40].state == FaceState::detected);
}

TEST_CASE("a face that is far away twice has moved there") {
  constexpr Box elsewhere{220, 10, 60, 60};
  const auto jump = [&](int frame) { return std::vector<Box>{frame < 30 ? face : elsewhere}; };
  const Followed result = follow(50, {}, jump);
  CHECK(result.places[39].box == face);
  CHECK(result.places[40].box == elsewhere);
  CHECK(result.places[40].state == FaceState::detected);
}

TEST_CASE("of several faces the largest is taken first, then the one that is followed") {
  const auto two = [](int frame) {
    if (frame < 30) return std::vector<Box>{face, {230, 100, 40, 40}};
    return std::vector<Box>{{220, 90, 80, 80}, face};
  };
  const Followed result = follow(61, {}, two);
  for (const FacePlace& place : result.places) CHECK(place.box == face);
  CHECK(result.places[60].state == FaceState::detected);
}

TEST_CASE("a lost face is held, and looked for ever more rarely") {
  const auto lost = [](int frame) {
    return frame == 0 ? std::vector<Box>{face} : std::vector<Box>{};
  };
  const Followed result = follow(1000, {}, lost);
  CHECK(result.places[30].state == FaceState::held);
  CHECK(result.places[999].state == FaceState::held);
  CHECK(result.places[999].box == face);
  CHECK(result.looks[1] == 30);
  CHECK(result.looks[2] == 31);
  CHECK(result.looks.size() < 60);
  for (std::size_t i = 2; i < result.looks.size(); ++i) {
    CHECK(result.looks[i] - result.looks[i - 1] <= 30);
  }
}

TEST_CASE("frames before the first face get its place") {
  const auto late = [](int frame) {
    return frame < 7 ? std::vector<Box>{} : std::vector<Box>{face};
  };
  const Followed result = follow(20, {}, late);
  CHECK(result.places[0].state == FaceState::missing);
  CHECK(result.places[0].box.empty());
  REQUIRE(result.place_of_missing);
  CHECK(result.place_of_missing->box == face);
  CHECK(result.place_of_missing->state == FaceState::tracked);
}

TEST_CASE("no face at all: no place, or the whole frame") {
  const auto nothing = [](int) { return std::vector<Box>{}; };
  CHECK_FALSE(follow(20, {}, nothing).place_of_missing);
  const auto place = follow(20, {.full_frame_fallback = true}, nothing).place_of_missing;
  REQUIRE(place);
  CHECK(place->box == Box{0, 0, frame_width, frame_height});
  CHECK(place->state == FaceState::full_frame);
}

TEST_CASE("schedules that look once") {
  const auto late = [](int frame) {
    return frame < 3 ? std::vector<Box>{} : std::vector<Box>{face};
  };
  const Followed first_face = follow(100, {.schedule = FaceSchedule::first_face}, late);
  CHECK(first_face.looks == std::vector<int>{0, 1, 2, 3});
  CHECK(first_face.places[99].box == face);
  CHECK(first_face.places[99].state == FaceState::tracked);
  const Followed first_frame = follow(100, {.schedule = FaceSchedule::first_frame}, late);
  CHECK(first_frame.looks == std::vector<int>{0});
  CHECK_FALSE(first_frame.place_of_missing);
}

TEST_CASE("the enlarged box keeps its centre and ends at the frame") {
  std::vector<int> looks;
  const auto place_of = [&](const Box& found) {
    SmoothTrack track({}, std::make_unique<ScriptedDetector>(
                              [&](int) { return std::vector<Box>{found}; }, looks));
    return track.follow(ImageFrame({frame_width, frame_height, {}})).box;
  };
  CHECK(place_of(face) == Box{85, 65, 90, 90});
  CHECK(place_of({0, 200, 40, 40}) == Box{0, 190, 50, 50});
}
