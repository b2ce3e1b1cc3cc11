#include "ops/activation.h"

#include "kernels/kernels.h"
#include "tensor/parallel.h"

namespace rppg::ops {
namespace {

const char* name_of(Activation activation) {
  switch (activation) {
    case Activation::none:
      return "none";
    case Activation::relu:
      return "relu";
    case Activation::elu:
      return "elu";
    case Activation::tanh:
      return "tanh";
    case Activation::sigmoid:
      return "sigmoid";
    case Activation::silu:
      return "silu";
    case Activation::gelu:
      return "gelu";
    case Activation::softplus:
      return "softplus";
  }
  return "";
}

}  // namespace

Tensor activate(Tensor x, Activation activation) {
  if (activation == Activation::none) return x;
  Tape& tape = x.tape();
  const int threads = tape.threads();
  const Tensor y = tape.output(x.shape(), {x});
  const float* in = x.values().data();
  float* out = y.mutable_values().data();
  for_ranges(threads, x.count(), [&](Index begin, Index end) {
    kernels().activation.apply(activation, in + begin, end - begin, out + begin);
  });
  return tape.record(name_of(activation), y, [=] {
    const float* known = gradient_needs_input(activation) ? in : out;
    const float* dy = y.gradient().data();
    float* dx = x.gradient().data();
    for_ranges(threads, x.count(), [&](Index begin, Index end) {
      kernels().activation.add_gradient(activation, known + begin, dy + begin, end - begin,
                                        dx + begin);
    });
  });
}

}  // namespace rppg::ops
