// How fast synthetic frames are made: set-up and frames per second of one core, without encoding.
#include <algorithm>
#include <cstdio>
#include <ctime>
#include <vector>

#include "datasets/synthetic/scene/film.h"

using namespace rppg;
using namespace rppg::datasets;

namespace {

constexpr int rate_hz = 30;
constexpr int second_count = 8;

double processor_s() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

struct Times {
  double set_up_s;
  double frame_s;  ///< of the fastest second: a busy machine only ever adds
};

Times measure(const char* preset, double yaw_degrees) {
  const Difficulty& difficulty = find_difficulty(preset);
  const Session session({.seed = 1, .subject = "bench", .session = "rest"}, difficulty);
  Take take{.id = "bench", .seed = 1, .width = 640, .height = 480, .yaw_degrees = yaw_degrees};
  for (int i = 0; i <= second_count * rate_hz; ++i) {
    take.time_s.push_back(static_cast<double>(i) / rate_hz);
  }
  std::vector<double> at_s{processor_s()};
  film(session, difficulty, take, [&](const video::Image&) { at_s.push_back(processor_s()); });
  Times times{at_s[1] - at_s[0], 1e9};
  for (std::size_t i = 1; i + rate_hz < at_s.size(); i += rate_hz) {
    times.frame_s = std::min(times.frame_s, (at_s[i + rate_hz] - at_s[i]) / rate_hz);
  }
  return times;
}

}  // namespace

int main() {
  std::puts("640x480, 30 frames per second, processor time of one core, without encoding");
  for (const char* preset : {"easy", "realistic", "hard", "ubfc-like", "pure-like", "mcd-like"}) {
    for (const double yaw_degrees : {0.0, 45.0}) {
      const Times times = measure(preset, yaw_degrees);
      std::printf("%-9s at %2.0f degrees: set-up %.2f s, %.2f ms per frame, %4.1f x real time\n",
                  preset, yaw_degrees, times.set_up_s, 1e3 * times.frame_s,
                  1 / (rate_hz * times.frame_s));
    }
  }
}
