// Frames per second of a network, forward and in a training step, as one line of JSON.
// Usage: bench_networks MODEL|c2f_stem THREADS
#include <cstdio>
#include <cstdlib>
#include <string>

#include "kernels/kernels.h"
#include "models/fusion_stem.h"
#include "models/speed.h"

using namespace rppg;

namespace {

void print(const char* name, const models::Timed& what, int threads) {
  const models::Speed forward = models::measure_forward(what, threads);
  const models::Speed training = models::measure_training(what, threads);
  std::printf(
      "{\"model\": \"%s\", \"isa\": \"%s\", \"threads\": %d, \"forward_fps\": %.1f, "
      "\"train_fps\": %.1f, \"forward_megabytes\": %.1f, \"train_megabytes\": %.1f}\n",
      name, kernels().isa, threads, forward.frames_per_second, training.frames_per_second,
      static_cast<double>(forward.arena_bytes) * 1e-6,
      static_cast<double>(training.arena_bytes) * 1e-6);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::fputs("usage: bench_networks MODEL|c2f_stem THREADS\n", stderr);
    return 64;
  }
  const std::string name = argv[1];
  const int threads = std::atoi(argv[2]);
  if (name == "c2f_stem") {
    nn::ParameterStore parameters;
    const models::FusionStem stem(nn::Scope(parameters), {});
    parameters.initialize(1);
    print(argv[1], {parameters, {1, 160, 128, 128, 3}, [&](Tensor clip) { return stem(clip); }},
          threads);
    return 0;
  }
  models::Network network(models::find_model(name), {}, 1);
  print(argv[1], models::timed(network, network.model().input().clip_frames), threads);
}
