// How fast synthetic frames are made: set-up and frames per second of one core, without encoding.
#include <cstdio>
#include <ctime>
#include <vector>

#include "datasets/synthetic/scene/film.h"

using namespace rppg;
using namespace rppg::datasets;

namespace {

double processor_s() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

/// Processor time that a recording of so many frames takes.
double seconds(int frames, double yaw_degrees) {
  const Difficulty& difficulty = find_difficulty("hard");
  const Session session({.seed = 1, .subject = "bench", .session = "rest"}, difficulty);
  Take take{.id = "bench", .seed = 1, .width = 640, .height = 480, .yaw_degrees = yaw_degrees};
  for (int i = 0; i < frames; ++i) take.time_s.push_back(i / 30.0);
  const double start = processor_s();
  film(session, difficulty, take, [](const video::Image&) {});
  return processor_s() - start;
}

}  // namespace

int main() {
  constexpr int frames = 300;
  std::puts("640x480, 30 frames per second, one core, without encoding");
  for (const double yaw_degrees : {0.0, 45.0}) {
    const double set_up = seconds(2, yaw_degrees);
    const double each = (seconds(2 + frames, yaw_degrees) - set_up) / frames;
    std::printf("camera at %2.0f degrees: set-up %.2f s, %.2f ms per frame, %.1f x real time\n",
                yaw_degrees, set_up, 1e3 * each, 1 / (30 * each));
  }
}
