// How much of the machine's peak each convolution of the networks reaches: a table on stdout.
// Usage: bench_convolution [THREADS [PART_OF_A_NAME]]
//
// The peak is measured by a loop of independent multiply-adds in the same run. Operations are those
// of the textbook form, so that an algorithm that avoids some of them may pass 100 %.
#include "ops/convolution.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <functional>
#include <string>
#include <vector>

#include "base/random.h"
#include "kernels/kernels.h"
#include "nn/parameters.h"

using namespace rppg;
using ops::TimeReach;

namespace {

struct Case {
  const char* name;
  Shape x;
  Shape weight;
  ops::ConvolutionOptions options;
};

const std::vector<Case> cases{
    {"EfficientPhys motion_conv1",
     {1, 20, 72, 72, 3},
     {32, 3, 3, 3},
     {.padding = 1, .reach = TimeReach::shift, .segment = 10, .activation = Activation::tanh}},
    {"EfficientPhys motion_conv2",
     {1, 20, 72, 72, 32},
     {32, 32, 3, 3},
     {.reach = TimeReach::shift, .segment = 10, .activation = Activation::tanh}},
    {"EfficientPhys motion_conv3",
     {1, 20, 35, 35, 32},
     {64, 32, 3, 3},
     {.padding = 1, .reach = TimeReach::shift, .segment = 10, .activation = Activation::tanh}},
    {"EfficientPhys motion_conv4",
     {1, 20, 35, 35, 64},
     {64, 64, 3, 3},
     {.reach = TimeReach::shift, .segment = 10, .activation = Activation::tanh}},
    {"PhysNet ConvBlock1",
     {1, 16, 72, 72, 3},
     {16, 3, 1, 5, 5},
     {.padding = 2, .reach = TimeReach::kernel}},
    {"PhysNet ConvBlock2",
     {1, 32, 36, 36, 16},
     {32, 16, 3, 3, 3},
     {.padding = 1, .reach = TimeReach::kernel}},
    {"PhysNet ConvBlock3",
     {1, 32, 36, 36, 32},
     {64, 32, 3, 3, 3},
     {.padding = 1, .reach = TimeReach::kernel}},
    {"PhysNet ConvBlock4",
     {1, 64, 18, 18, 64},
     {64, 64, 3, 3, 3},
     {.padding = 1, .reach = TimeReach::kernel}},
    {"PhysNet ConvBlock6",
     {1, 32, 9, 9, 64},
     {64, 64, 3, 3, 3},
     {.padding = 1, .reach = TimeReach::kernel}},
    {"PhysNet ConvBlock8",
     {1, 32, 4, 4, 64},
     {64, 64, 3, 3, 3},
     {.padding = 1, .reach = TimeReach::kernel}},
    {"coarse-to-fine stem11", {1, 16, 128, 128, 3}, {8, 3, 7, 7}, {.stride = 2, .padding = 3}},
    {"coarse-to-fine stem12",
     {1, 16, 128, 128, 3},
     {8, 12, 7, 7},
     {.stride = 2, .padding = 3, .reach = TimeReach::stack, .offsets = {-1, 0, 1, 2}}},
    {"coarse-to-fine stem21", {1, 16, 32, 32, 8}, {16, 8, 7, 7}, {.padding = 3}},
    {"coarse-to-fine stem3",
     {1, 40, 16, 16, 16},
     {64, 16, 3, 5, 5},
     {.padding = 2, .reach = TimeReach::kernel}},
};

/// Of at least 5 runs, and of as many as fit into a fifth of a second.
double median_seconds(const std::function<void()>& work) {
  using Clock = std::chrono::steady_clock;
  const auto since = [](Clock::time_point start) {
    return std::chrono::duration<double>(Clock::now() - start).count();
  };
  for (int i = 0; i < 2; ++i) work();
  std::vector<double> seconds;
  const auto begin = Clock::now();
  while (seconds.size() < 5 || since(begin) < 0.2) {
    const auto start = Clock::now();
    work();
    seconds.push_back(since(start));
  }
  const auto middle = seconds.begin() + static_cast<std::ptrdiff_t>(seconds.size() / 2);
  std::nth_element(seconds.begin(), middle, seconds.end());
  return *middle;
}

/// Multiply-adds per second, by a product that never leaves the nearest cache.
double peak() {
  double best = 0;
  for (int i = 0; i < 20; ++i) {
    constexpr Index rounds = 200'000;
    const auto start = std::chrono::steady_clock::now();
    const double done = kernels().matrix.probe(rounds);
    best = std::max(
        best,
        done / std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
  }
  return best;
}

std::vector<float> random_values(Index n) {
  const Random random(3, "bench");
  std::vector<float> values(static_cast<std::size_t>(n));
  for (std::size_t i = 0; i < values.size(); ++i)
    values[i] = static_cast<float>(random.uniform(i, -1, 1));
  return values;
}

/// Seconds of forward, gradient of the input, gradient of the weight.
struct Times {
  double forward, input, weight;
  double multiplications;
};

Times measure(const Case& c, int threads) {
  nn::ParameterStore store, frozen;
  for (nn::ParameterStore* each : {&store, &frozen}) {
    each->add("weight", c.weight, nn::Role::trained, {nn::Initialization::Kind::uniform, 0.1});
    each->add("bias", {c.weight[0]}, nn::Role::trained, {});
    each->initialize(1);
  }
  frozen.freeze();
  const auto x = random_values(c.x.count());
  Arena arena;
  Times times{};
  std::vector<float> dy;
  Shape output_shape;
  const auto forward = [&](nn::ParameterStore& from, bool input_gradient, bool back) {
    Tape tape(arena, {.gradients = true, .threads = threads});
    const Tensor y =
        ops::convolution(tape.input(x, c.x, input_gradient), from.find("weight")->tensor,
                         from.find("bias")->tensor, c.options);
    if (dy.empty()) dy = random_values(y.count());
    output_shape = y.shape();
    times.multiplications = static_cast<double>(y.count() * c.weight.count() / c.weight[0]);
    if (back) tape.backward(y, dy);
  };
  times.forward = median_seconds([&] { forward(frozen, false, false); });
  const double seeding = median_seconds([&] {
    Tape tape(arena, {.gradients = true, .threads = threads});
    tape.backward(tape.input(dy, output_shape, true), dy);
  });
  times.input = median_seconds([&] { forward(frozen, true, true); }) - times.forward - seeding;
  times.weight = median_seconds([&] { forward(store, false, true); }) - times.forward - seeding;
  return times;
}

}  // namespace

int main(int argc, char** argv) {
  const int threads = argc > 1 ? std::atoi(argv[1]) : 1;
  const double top = peak() * threads;
  std::printf("%s, %d thread(s), peak %.1f GFLOP/s\n", kernels().isa, threads, 2e-9 * top);
  std::printf("%-28s %10s %9s %9s %9s   share of peak\n", "", "MMAC/frame", "forward", "d input",
              "d weight");
  for (const Case& c : cases) {
    if (argc > 2 && std::string(c.name).find(argv[2]) == std::string::npos) continue;
    const Times t = measure(c, threads);
    const auto share = [&](double seconds) { return 100 * t.multiplications / seconds / top; };
    std::printf("%-28s %10.2f %8.0f%% %8.0f%% %8.0f%%\n", c.name,
                t.multiplications / static_cast<double>(c.x[0] * c.x[1]) * 1e-6, share(t.forward),
                share(t.input), share(t.weight));
  }
}
