#include "ops/selective_scan.h"

#include <algorithm>

#include "kernels/kernels.h"
#include "ops/product.h"
#include "tensor/parallel.h"

namespace rppg::ops {
namespace {

/// What both passes need besides the inputs. Work is split into blocks of channels of one clip.
struct Plan {
  Index batch, steps, channels, states;
  Index width;   ///< states, padded
  Index blocks;  ///< per clip
  RowOrder order;
  float* a;            ///< (E, width)
  float* b;            ///< (B, T, width)
  float* c;            ///< (B, T, width)
  float* kept;         ///< states, (B, blocks) times block_states()
  float* y = nullptr;  ///< (B, T, E), before the gate; null when no gradient is wanted

  Index block_states() const {
    return (steps + scan_chunk - 1) / scan_chunk * scan_channels * width;
  }
};

/// Block of channels of a clip.
struct Block {
  Index clip;
  Index first;  ///< channel
  Index channels;
  Index row;  ///< the first in the order of the scan, of all clips
};

Block block_at(const Plan& plan, Index index) {
  const Index clip = index / plan.blocks;
  const Index first = index % plan.blocks * scan_channels;
  return {clip, first, std::min(scan_channels, plan.channels - first),
          clip * plan.steps + plan.order.first};
}

void check_shapes(const SelectiveScanInputs& in) {
  const Shape& shape = in.x.shape();
  const Index states = in.b.width;
  require_shape("selective_scan: x", shape, {shape[0], shape[1], shape[2]});
  require_shape("selective_scan: delta", in.delta.shape(), shape);
  require_shape("selective_scan: b", in.b.shape(), {shape[0], shape[1], states});
  require_shape("selective_scan: c", in.c.shape(), {shape[0], shape[1], states});
  require_shape("selective_scan: gate", in.gate.shape(), shape);
  require_shape("selective_scan: a_log", in.a_log.shape(), {shape[2], states});
  require_shape("selective_scan: skip", in.skip.shape(), {shape[2]});
}

/// Rows of `width` numbers: the columns, then zeros.
void pad(Columns from, Index width, float* to) {
  for (Index row = 0; row < from.rows(); ++row) {
    const float* numbers = from.values() + row * from.row();
    float* end = std::copy(numbers, numbers + from.width, to + row * width);
    std::fill(end, to + (row + 1) * width, 0.0F);
  }
}

Plan make_plan(const SelectiveScanInputs& in, TimeDirection direction) {
  const Shape& shape = in.x.shape();
  Plan plan{.batch = shape[0],
            .steps = shape[1],
            .channels = shape[2],
            .states = in.b.width,
            .width = (in.b.width + scan_width_unit - 1) / scan_width_unit * scan_width_unit,
            .blocks = (shape[2] + scan_channels - 1) / scan_channels,
            .order = row_order(direction, shape[1])};
  Tape& tape = in.x.tape();
  plan.a = tape.scratch(plan.channels * plan.width).data();
  plan.b = tape.scratch(plan.batch * plan.steps * plan.width).data();
  plan.c = tape.scratch(plan.batch * plan.steps * plan.width).data();
  plan.kept = tape.scratch(plan.batch * plan.blocks * plan.block_states()).data();
  kernels().scan.rates(in.a_log.values().data(), plan.channels, plan.states, plan.width, plan.a);
  pad(in.b, plan.width, plan.b);
  pad(in.c, plan.width, plan.c);
  return plan;
}

ScanSequence sequence_of(const SelectiveScanInputs& in, const Plan& plan, Index index) {
  const Block block = block_at(plan, index);
  const Index at = block.row * plan.channels + block.first;
  return {.steps = plan.steps,
          .channels = block.channels,
          .width = plan.width,
          .delta = in.delta.values().data() + at,
          .delta_row = plan.order.step * plan.channels,
          .x = in.x.values().data() + at,
          .x_row = plan.order.step * plan.channels,
          .gate = in.gate.values() + block.row * in.gate.row() + block.first,
          .gate_row = plan.order.step * in.gate.row(),
          .b = plan.b + block.row * plan.width,
          .c = plan.c + block.row * plan.width,
          .bc_row = plan.order.step * plan.width,
          .a = plan.a + block.first * plan.width,
          .skip = in.skip.values().data() + block.first,
          .states = plan.kept + index * plan.block_states(),
          .y = plan.y != nullptr ? plan.y + at : nullptr,
          .y_row = plan.order.step * plan.channels};
}

/// Sums of all blocks, each in places of its own; zeros at first.
struct Partials {
  float* b;         ///< (B, blocks, T, width)
  float* c;         ///< (B, blocks, T, width)
  float* a;         ///< (B, E, width)
  float* skip;      ///< (B, E)
  float* adjoints;  ///< (B, E, width)
};

Partials make_partials(Tape& tape, const Plan& plan) {
  const auto zeros = [&](Index count) {
    const std::span<float> numbers = tape.scratch(count);
    std::fill(numbers.begin(), numbers.end(), 0.0F);
    return numbers.data();
  };
  const Index rows = plan.batch * plan.blocks * plan.steps;
  return {zeros(rows * plan.width), zeros(rows * plan.width),
          zeros(plan.batch * plan.channels * plan.width), zeros(plan.batch * plan.channels),
          zeros(plan.batch * plan.channels * plan.width)};
}

/// Gradients of the inputs that have rows; null where none is wanted.
struct RowGradients {
  const float* dout;
  float* delta;
  float* x;
  float* gate;
};

ScanGradients gradients_of(const SelectiveScanInputs& in, const Plan& plan,
                           const RowGradients& rows, const Partials& partials, Index index) {
  const Block block = block_at(plan, index);
  const Index at = block.row * plan.channels + block.first;
  const Index bc = (index * plan.steps + plan.order.first) * plan.width;
  const Index parameters = block.clip * plan.channels + block.first;
  const auto offset = [](float* numbers, Index by) {
    return numbers != nullptr ? numbers + by : nullptr;
  };
  return {.dout = rows.dout + at,
          .dout_row = plan.order.step * plan.channels,
          .ddelta = offset(rows.delta, at),
          .dx = offset(rows.x, at),
          .dgate = offset(rows.gate, block.row * in.gate.row() + block.first),
          .db = partials.b + bc,
          .dc = partials.c + bc,
          .da = partials.a + parameters * plan.width,
          .dskip = partials.skip + parameters,
          .adjoints = partials.adjoints + parameters * plan.width};
}

/// Adds the sum over all blocks of each clip.
void add_columns(const Plan& plan, const float* partials, float* sums, Columns to) {
  const Index size = plan.steps * plan.width;
  float* gradient = to.gradient();
  for (Index clip = 0; clip < plan.batch; ++clip) {
    std::fill(sums, sums + size, 0.0F);
    sum_rows(partials + clip * plan.blocks * size, size, plan.blocks, size, sums);
    for (Index t = 0; t < plan.steps; ++t) {
      float* row = gradient + (clip * plan.steps + t) * to.row();
      for (Index n = 0; n < plan.states; ++n) row[n] += sums[t * plan.width + n];
    }
  }
}

/// A = -exp(a_log) is its own derivative.
void add_rates(const Plan& plan, const float* partials, float* sums, Tensor a_log) {
  const Index size = plan.channels * plan.width;
  std::fill(sums, sums + size, 0.0F);
  sum_rows(partials, size, plan.batch, size, sums);
  float* gradient = a_log.gradient().data();
  for (Index e = 0; e < plan.channels; ++e) {
    const Index at = e * plan.width;
    for (Index n = 0; n < plan.states; ++n) {
      gradient[e * plan.states + n] += sums[at + n] * plan.a[at + n];
    }
  }
}

void backward(const SelectiveScanInputs& in, const Plan& plan, Tensor out) {
  Tape& tape = out.tape();
  const RowGradients rows{
      .dout = out.gradient().data(),
      .delta = in.delta.wants_gradient() ? in.delta.gradient().data() : nullptr,
      .x = in.x.wants_gradient() ? in.x.gradient().data() : nullptr,
      .gate = in.gate.wants_gradient() ? in.gate.gradient() : nullptr,
  };
  if (in.b.wants_gradient()) in.b.gradient();  // before the mark: gradients stay
  if (in.c.wants_gradient()) in.c.gradient();

  const Arena::Mark mark = tape.arena().mark();
  const Partials partials = make_partials(tape, plan);
  for_blocks(tape.threads(), plan.batch * plan.blocks, [&](Index index, int) {
    kernels().scan.backward(sequence_of(in, plan, index),
                            gradients_of(in, plan, rows, partials, index));
  });
  float* sums = tape.scratch(std::max(plan.steps, plan.channels) * plan.width).data();
  if (in.b.wants_gradient()) add_columns(plan, partials.b, sums, in.b);
  if (in.c.wants_gradient()) add_columns(plan, partials.c, sums, in.c);
  if (in.a_log.wants_gradient()) add_rates(plan, partials.a, sums, in.a_log);
  if (in.skip.wants_gradient()) {
    sum_rows(partials.skip, plan.channels, plan.batch, plan.channels, in.skip.gradient().data());
  }
  tape.arena().rewind(mark);
}

}  // namespace

Tensor selective_scan(const SelectiveScanInputs& inputs, TimeDirection direction) {
  check_shapes(inputs);
  Tape& tape = inputs.x.tape();
  const Tensor out =
      tape.output(inputs.x.shape(), {inputs.x, inputs.delta, inputs.b.tensor, inputs.c.tensor,
                                     inputs.gate.tensor, inputs.a_log, inputs.skip});
  const Arena::Mark mark = tape.arena().mark();
  Plan plan = make_plan(inputs, direction);
  if (out.wants_gradient()) plan.y = tape.scratch(out.count()).data();
  float* values = out.mutable_values().data();
  for_blocks(tape.threads(), plan.batch * plan.blocks, [&](Index index, int) {
    const Block block = block_at(plan, index);
    kernels().scan.forward(sequence_of(inputs, plan, index),
                           values + block.row * plan.channels + block.first,
                           plan.order.step * plan.channels);
  });
  if (!out.wants_gradient()) tape.arena().rewind(mark);
  tape.count_cost("selective_scan", inputs.a_log, out, 4 * plan.states);

  return tape.record("selective_scan", out, [=] { backward(inputs, plan, out); });
}

}  // namespace rppg::ops
