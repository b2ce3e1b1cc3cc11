// Frames per second of a network, forward and in a training step, as one line of JSON.
// Usage: bench_networks MODEL|c2f_stem THREADS [REPEATS]
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/random.h"
#include "kernels/kernels.h"
#include "models/fusion_stem.h"
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

/// What is timed: a registered network, or "c2f_stem".
struct Subject {
  nn::ParameterStore stem_store;
  std::unique_ptr<models::FusionStem> stem;
  std::unique_ptr<models::Network> network;
  Shape clip;

  explicit Subject(const std::string& name) {
    if (name == "c2f_stem") {
      stem = std::make_unique<models::FusionStem>(nn::Scope(stem_store));
      stem_store.initialize(1);
      clip = {1, 160, 128, 128, 3};
      return;
    }
    network = std::make_unique<models::Network>(models::find_model(name), models::Settings{}, 1);
    const models::InputFormat& input = network->model().input();
    clip = {1, input.clip_frames, input.frame_size, input.frame_size, 3};
  }

  nn::ParameterStore& parameters() { return stem ? stem_store : network->parameters(); }
  Tensor operator()(Tensor x) const { return stem ? (*stem)(x) : network->model()(x); }
};

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) {
    std::fputs("usage: bench_networks MODEL|c2f_stem THREADS [REPEATS]\n", stderr);
    return 64;
  }
  const int threads = std::atoi(argv[2]);
  const int repeats = argc > 3 ? std::atoi(argv[3]) : 5;
  Subject subject(argv[1]);
  const std::vector<float> clip = random_values(subject.clip.count());
  Arena arena;
  const double forward = median_seconds(repeats, [&] {
    Tape tape(arena, {.threads = threads});
    subject(tape.input(clip, subject.clip));
  });
  const std::size_t forward_bytes = arena.peak_bytes();
  nn::Optimizer optimizer(subject.parameters(), {}, threads);
  std::vector<float> target;
  std::uint64_t step = 0;
  const double training = median_seconds(repeats, [&] {
    Tape tape(arena, {.training = true, .gradients = true, .threads = threads, .step = step++});
    const Tensor y = subject(tape.input(clip, subject.clip));
    if (target.empty()) target = random_values(y.count());
    const Shape rows{1, y.count()};
    tape.backward(ops::mean_squared_error(tape.view(y, rows), tape.input(target, rows)));
    optimizer.step({1e-4, 0.9});
  });
  const auto frames = static_cast<double>(subject.clip[1]);
  std::printf(
      "{\"model\": \"%s\", \"isa\": \"%s\", \"threads\": %d, \"forward_fps\": %.1f, "
      "\"train_fps\": %.1f, \"forward_megabytes\": %.1f, \"train_megabytes\": %.1f}\n",
      argv[1], kernels().isa, threads, frames / forward, frames / training,
      static_cast<double>(forward_bytes) * 1e-6, static_cast<double>(arena.peak_bytes()) * 1e-6);
}
