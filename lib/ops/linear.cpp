#include "ops/linear.h"

#include "ops/product.h"
#include "tensor/parallel.h"

namespace rppg::ops {
namespace {

void add_input_gradient(int threads, Columns x, Tensor weight, const float* dy) {
  const Index out = weight.shape()[0];
  const MatrixSegment segment{dy, weight.values().data(), out};
  multiply(threads,
           {.m = x.rows(),
            .n = x.width,
            .a_row = out,
            .a_column = 1,
            .b_row = x.width,
            .c = x.gradient(),
            .c_row = x.row(),
            .bias = nullptr,
            .add = true},
           {&segment, 1});
}

void add_weight_gradient(int threads, Columns x, Tensor weight, const float* dy) {
  const Index out = weight.shape()[0];
  const MatrixSegment segment{dy, x.values(), x.rows()};
  multiply(threads,
           {.m = out,
            .n = x.width,
            .a_row = 1,
            .a_column = out,
            .b_row = x.row(),
            .c = weight.gradient().data(),
            .c_row = x.width,
            .bias = nullptr,
            .add = true},
           {&segment, 1});
}

}  // namespace

Tensor linear(Columns x, Tensor weight, Tensor bias) {
  const Index out = weight.shape()[0];
  require_shape("linear: weight", weight.shape(), {out, x.width});
  if (bias) require_shape("linear: bias", bias.shape(), {out});

  Tape& tape = x.tape();
  const int threads = tape.threads();
  const Tensor y = tape.output(x.tensor.shape().with(-1, out), {x.tensor, weight, bias});
  const Arena::Mark mark = tape.arena().mark();
  float* packed = tape.scratch(weight.count()).data();  // (in, out)
  transpose(threads, weight.values().data(), out, x.width, packed);
  const MatrixSegment segment{x.values(), packed, x.width};
  multiply(threads,
           {.m = x.rows(),
            .n = out,
            .a_row = x.row(),
            .a_column = 1,
            .b_row = out,
            .c = y.mutable_values().data(),
            .c_row = out,
            .bias = bias ? bias.values().data() : nullptr,
            .add = false},
           {&segment, 1});
  tape.arena().rewind(mark);
  tape.count_cost("linear", weight, y, x.width);

  return tape.record("linear", y, [=] {
    const float* dy = y.gradient().data();
    if (x.wants_gradient()) add_input_gradient(threads, x, weight, dy);
    if (weight.wants_gradient()) add_weight_gradient(threads, x, weight, dy);
    if (bias && bias.wants_gradient()) {
      sum_rows(dy, out, x.rows(), out, bias.gradient().data());
    }
  });
}

}  // namespace rppg::ops
