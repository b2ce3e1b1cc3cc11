#include "ops/dropout.h"

#include <cmath>
#include <stdexcept>

#include "kernels/kernels.h"
#include "tensor/parallel.h"

namespace rppg::ops {
namespace {

void check(double probability) {
  if (!(probability >= 0 && probability < 1)) {
    throw std::logic_error("dropout: the probability is not in [0, 1)");
  }
}

using DropoutKernel = void (*)(const DropoutPattern&, const float*, Index, Index, float*);

void run(int threads, const DropoutPattern& pattern, Index n, const float* x, float* y,
         DropoutKernel kernel) {
  const Index groups = (n + dropout_group - 1) / dropout_group;
  const Index blocks = block_count(groups, 64);
  for_blocks(threads, blocks, [&](Index block, int) {
    const Range range = part_of(groups, blocks, block);
    const Index begin = range.begin * dropout_group;
    const Index end = range.end * dropout_group < n ? range.end * dropout_group : n;
    kernel(pattern, x + begin, begin, end - begin, y + begin);
  });
}

}  // namespace

Tensor dropout(Tensor x, double probability) {
  check(probability);
  Tape& tape = x.tape();
  if (!tape.options().training || !tape.options().dropout || probability == 0) return x;
  if (!tape.options().kept.empty()) {
    return dropout(x, probability, tape.options().kept[tape.next_stream()]);
  }
  const DropoutPattern pattern{tape.options().seed, tape.options().step,
                               static_cast<std::uint32_t>(tape.next_stream()),
                               static_cast<std::int32_t>(std::lround(probability * 65536)),
                               static_cast<float>(1 / (1 - probability))};
  const int threads = tape.threads();
  const Tensor y = tape.output(x.shape(), {x});
  run(threads, pattern, x.count(), x.values().data(), y.mutable_values().data(),
      kernels().elementwise.dropout);
  return tape.record("dropout", y, [=] {
    run(threads, pattern, x.count(), y.gradient().data(), x.gradient().data(),
        kernels().elementwise.add_dropout);
  });
}

Tensor dropout(Tensor x, double probability, std::span<const std::uint8_t> keep) {
  check(probability);
  require_shape("dropout: keep", {static_cast<Index>(keep.size())}, {x.count()});
  Tape& tape = x.tape();
  if (!tape.options().training) return x;
  const auto kept = static_cast<float>(1 / (1 - probability));
  const std::span<float> factors = tape.scratch(x.count());
  for (std::size_t i = 0; i < keep.size(); ++i) factors[i] = keep[i] != 0 ? kept : 0;
  const Tensor y = tape.output(x.shape(), {x});
  kernels().elementwise.multiply(x.values().data(), factors.data(), x.count(),
                                 y.mutable_values().data());
  return tape.record("dropout", y, [=] {
    kernels().elementwise.add_product(y.gradient().data(), factors.data(), x.count(),
                                      x.gradient().data());
  });
}

}  // namespace rppg::ops
