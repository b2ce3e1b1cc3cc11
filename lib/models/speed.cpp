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

template <class Work>
Speed measure(Index frames, const Arena& arena, const Work& work) {
  const double seconds = median_seconds(work);
  return {static_cast<double>(frames) / seconds, arena.peak_bytes()};
}

}  // namespace

Timed timed(Network& network, Index frames) {
  const Index size = network.model().input().frame_size;
  return {network.parameters(), {1, frames, size, size, 3}, [&network](Tensor clip) {
            return network.model()(clip);
          }};
}

Speed measure_forward(const Timed& what, int threads) {
  const std::vector<float> clip = random_values(what.clip.count(), "clip");
  Arena arena;
  return measure(what.clip[1], arena, [&] {
    Tape tape(arena, {.threads = threads, .cancelled = stop_requested});
    what.function(tape.input(clip, what.clip));
  });
}

Speed measure_training(const Timed& what, int threads) {
  const std::vector<float> clip = random_values(what.clip.count(), "clip");
  std::vector<float> targets;
  nn::Optimizer optimizer(what.parameters, {}, threads);
  std::uint64_t step = 0;
  Arena arena;
  return measure(what.clip[1], arena, [&] {
    Tape tape(arena, {.training = true,
                      .gradients = true,
                      .threads = threads,
                      .step = step++,
                      .cancelled = stop_requested});
    const Tensor y = what.function(tape.input(clip, what.clip));
    if (targets.empty()) targets = random_values(y.count(), "targets");
    const Shape row{1, y.count()};
    tape.backward(ops::mean_squared_error(tape.view(y, row), tape.input(targets, row)));
    optimizer.step({1e-4, 0.9});
  });
}

}  // namespace rppg::models
