#include "models/speed.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <string_view>
#include <vector>

#include "base/interrupt.h"
#include "base/random.h"
#include "nn/optimizer.h"
#include "ops/losses.h"
#include "tensor/tape.h"

namespace rppg::models {
namespace {

/// So many runs bring the arena to its final size.
constexpr int untimed_runs = 2;

template <class Work>
double median_seconds(const Work& work) {
  using Clock = std::chrono::steady_clock;
  for (int i = 0; i < untimed_runs; ++i) work();
  std::array<double, 5> seconds{};
  for (double& each : seconds) {
    const auto start = Clock::now();
    work();
    each = std::chrono::duration<double>(Clock::now() - start).count();
  }
  std::nth_element(seconds.begin(), seconds.begin() + seconds.size() / 2, seconds.end());
  return seconds[seconds.size() / 2];
}

std::vector<float> random_values(Index count, std::string_view stream) {
  const Random random(0, stream);
  std::vector<float> values(static_cast<std::size_t>(count));
  for (std::size_t i = 0; i < values.size(); ++i) {
    values[i] = static_cast<float>(random.uniform(i, -1, 1));
  }
  return values;
}

Shape clip_shape(const Network& network, Index frames) {
  const Index size = network.model().input().frame_size;
  return {1, frames, size, size, 3};
}

template <class Work>
Speed measure(Index frames, const Arena& arena, const Work& work) {
  const double seconds = median_seconds(work);
  return {static_cast<double>(frames) / seconds, arena.peak_bytes()};
}

}  // namespace

Speed measure_forward(const Network& network, Index frames, int threads) {
  const Shape shape = clip_shape(network, frames);
  const std::vector<float> clip = random_values(shape.count(), "clip");
  Arena arena;
  return measure(frames, arena, [&] {
    Tape tape(arena, {.threads = threads, .cancelled = stop_requested});
    network.model()(tape.input(clip, shape));
  });
}

Speed measure_training(Network& network, Index frames, int threads) {
  const Shape shape = clip_shape(network, frames);
  const std::vector<float> clip = random_values(shape.count(), "clip");
  const std::vector<float> labels = random_values(frames, "labels");
  nn::Optimizer optimizer(network.parameters(), {}, threads);
  std::uint64_t step = 0;
  Arena arena;
  return measure(frames, arena, [&] {
    Tape tape(arena, {.training = true,
                      .gradients = true,
                      .threads = threads,
                      .step = step++,
                      .cancelled = stop_requested});
    const Tensor waveform = network.model()(tape.input(clip, shape));
    tape.backward(ops::mean_squared_error(waveform, tape.input(labels, {1, frames})));
    optimizer.step({1e-4, 0.9});
  });
}

}  // namespace rppg::models
