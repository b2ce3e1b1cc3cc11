// Frames per second of a network, forward and in a training step, as one line of JSON.
// Usage: bench_networks MODEL THREADS [REPEATS]
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <string>
#include <vector>

#include "base/random.h"
#include "kernels/kernels.h"
#include "models/network.h"
#include "nn/optimizer.h"
#include "ops/losses.h"

using namespace rppg;

namespace {

double median_seconds(int repeats, const std::function<void()>& work) {
  work();
  work();  // the arena has its final size now
  std::vector<double> seconds;
  for (int i = 0; i < repeats; ++i) {
    const auto start = std::chrono::steady_clock::now();
    work();
    seconds.push_back(
        std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
  }
  std::sort(seconds.begin(), seconds.end());
  return seconds[seconds.size() / 2];
}

std::vector<float> random_values(Index n) {
  const Random random(3, "bench");
  std::vector<float> values(static_cast<std::size_t>(n));
  for (std::size_t i = 0; i < values.size(); ++i) {
    values[i] = static_cast<float>(random.uniform(i, -1, 1));
  }
  return values;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) return 64;
  const int threads = std::atoi(argv[2]);
  const int repeats = argc > 3 ? std::atoi(argv[3]) : 5;
  models::Network network(models::find_model(argv[1]), {}, 1);
  const models::InputFormat& input = network.model().input();
  const Shape shape{1, input.clip_frames, input.frame_size, input.frame_size, 3};
  const std::vector<float> clip = random_values(shape.count());
  const std::vector<float> labels = random_values(input.clip_frames);
  Arena arena;
  const double forward = median_seconds(repeats, [&] {
    Tape tape(arena, {.threads = threads});
    network.model()(tape.input(clip, shape));
  });
  const std::size_t forward_bytes = arena.peak_bytes();
  nn::Optimizer optimizer(network.parameters(), {}, threads);
  std::uint64_t step = 0;
  const double training = median_seconds(repeats, [&] {
    Tape tape(arena, {.training = true, .gradients = true, .threads = threads, .step = step++});
    const Tensor y = network.model()(tape.input(clip, shape));
    tape.backward(ops::mean_squared_error(y, tape.input(labels, {1, input.clip_frames})));
    optimizer.step({1e-4, 0.9});
  });
  const auto frames = static_cast<double>(input.clip_frames);
  std::printf("{\"model\": \"%s\", \"isa\": \"%s\", \"threads\": %d, \"forward_fps\": %.1f, "
              "\"train_fps\": %.1f, \"forward_megabytes\": %.1f, \"train_megabytes\": %.1f}\n",
              argv[1], kernels().isa, threads, frames / forward, frames / training,
              static_cast<double>(forward_bytes) * 1e-6,
              static_cast<double>(arena.peak_bytes()) * 1e-6);
}
