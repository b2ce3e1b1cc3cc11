// Convolution by Winograd's method: transformed tiles are kept for a few frames and a few tiles at
// a time, so that they stay in the second-level cache, and serve all frames that reach them.
#include "kernels/kernels.h"
#include "ops/winograd.h"

namespace rppg::ops {
namespace {

/// The weight's transform along both axes, for one pair of channels.
template <int K>
void transform_kernel(const double (&w)[K][K], double (&u)[6][6]) {
  constexpr const auto& g = winograd_weights<K>.row;
  double half[6][K];
  for (int i = 0; i < 6; ++i) {
    for (int j = 0; j < K; ++j) {
      half[i][j] = 0;
      for (int k = 0; k < K; ++k) half[i][j] += g[i][k] * w[k][j];
    }
  }
  for (int i = 0; i < 6; ++i) {
    for (int j = 0; j < 6; ++j) {
      u[i][j] = 0;
      for (int k = 0; k < K; ++k) u[i][j] += half[i][k] * g[j][k];
    }
  }
}

Index packed_size(const ConvolutionPlan& plan) {
  const WinogradForm form = winograd_form(plan);
  return winograd_points * plan.rows() * form.block() * form.all_parts() * plan.out_channels;
}

/// U (36, rows, Co).
template <int K>
void pack_of(const ConvolutionPlan& plan, const WinogradForm& form, int threads, float* packed) {
  const float* weight = plan.weight.values().data();
  const Index size = packed_size(plan) / winograd_points;
  for_winograd_rows(
      plan, form, threads, [&](const WinogradRow& row, Index number, Index begin, Index end) {
        float numbers[winograd_points][most_together];
        for (Index co = begin; co < end; ++co) {
          const float* from = weight + plan.weight_index(co, *row.tap, row.channel, 0, 0);
          double w[K][K], u[6][6];
          for (std::size_t i = 0; i < K * K; ++i) {
            const Index place = row.places[i];
            w[i / K][i % K] = place < 0 ? 0 : static_cast<double>(from[place]);
          }
          transform_kernel<K>(w, u);
          for (Index p = 0; p < winograd_points; ++p) {
            numbers[p][co - begin] = static_cast<float>(u[p / 6][p % 6]);
          }
        }
        for (Index p = 0; p < winograd_points; ++p) {
          std::copy_n(numbers[p], end - begin,
                      packed + p * size + number * plan.out_channels + begin);
        }
      });
}

void pack(const ConvolutionPlan& plan, int threads, float* packed) {
  const WinogradForm form = winograd_form(plan);
  switch (form.kernel) {
    case 3:
      return pack_of<3>(plan, form, threads, packed);
    case 4:
      return pack_of<4>(plan, form, threads, packed);
    default:
      return pack_of<5>(plan, form, threads, packed);
  }
}

/// M = V U at each point, over all taps and parts of the kernel.
void multiply(const WinogradWork& work, const FrameBlock& block, const TransformedTiles& v,
              const TransformedTiles& m, MatrixSegment* segments) {
  const ConvolutionPlan& plan = work.plan;
  const Index frames = work.together(block);
  for (Index p = 0; p < winograd_points; ++p) {
    const float* const weight = plan.packed + p * work.rows() * plan.out_channels;
    for (Index f = block.begin; f < block.end; f += frames) {
      Index count = 0;
      for (const TimeTap& tap : plan.taps()) {
        const float* const tiles = v.frame(f + tap.shift) + p * v.point() + tap.begin;
        for (Index part = 0; part < work.form.all_parts(); ++part) {
          segments[count++] = {tiles + work.tile_of(part) * v.channels,
                               weight + work.row_of(tap, part) * plan.out_channels,
                               work.channels_of(tap)};
        }
      }
      kernels().matrix.multiply({.m = frames * m.count,
                                 .n = plan.out_channels,
                                 .a_row = v.channels,
                                 .a_column = 1,
                                 .b_row = plan.out_channels,
                                 .c = m.frame(f) + p * m.point(),
                                 .c_row = plan.out_channels},
                                segments, count);
    }
  }
}

void forward(const ConvolutionPlan& plan, Tensor x, Tensor y) {
  const WinogradWork work(plan, x.shape(), y.shape());
  Tape& tape = y.tape();
  const Arena::Mark mark = tape.arena().mark();
  const Index in_room = work.in_room(), room = in_room + work.out_room();
  const Index segments = static_cast<Index>(plan.tap_count) * work.form.all_parts();
  float* const scratch = tape.scratch(room * tape.threads()).data();
  MatrixSegment* const lists = tape.scratch<MatrixSegment>(segments * tape.threads()).data();
  const Index frames = x.shape()[1];
  const float* bias = plan.bias ? plan.bias.values().data() : nullptr;

  for_blocks(tape.threads(), work.blocks.count() * work.chunks(), [&](Index item, int thread) {
    const FrameBlock block = work.blocks[item / work.chunks()];
    const Index first = item % work.chunks() * work.chunk;
    const Index count = std::min(work.chunk, work.tiles - first);
    float* const values = scratch + thread * room;
    const float* clip = x.values().data() + block.clip * frames * work.input_size();
    const TransformedTiles v = transform_input(work, block, clip, first, count, values);
    const TransformedTiles m{values + in_room, block.begin, block.end, count, plan.out_channels};
    multiply(work, block, v, m, lists + thread * segments);
    const WinogradTiles tiles = work.output_tiles(first, count, m.point());
    float* out = y.mutable_values().data() + block.clip * frames * work.output_size();
    for (Index f = block.begin; f < block.end; ++f) {
      kernels().convolution.winograd_output(tiles, m.frame(f), bias, plan.options.activation,
                                            out + f * work.output_size());
    }
  });
  tape.arena().rewind(mark);
}

}  // namespace

const ConvolutionAlgorithm winograd_convolution{.folds = true,
                                                .packed_size = packed_size,
                                                .pack = pack,
                                                .forward = forward,
                                                .backward = winograd_backward};

}  // namespace rppg::ops
