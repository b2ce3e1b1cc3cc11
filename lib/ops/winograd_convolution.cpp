// Convolution by Winograd's method: transformed tiles are kept for a few frames and a few tiles at
// a time, so that they stay in the second-level cache, and serve all frames that reach them.
#include <algorithm>
#include <array>
#include <cstring>

#include "kernels/kernels.h"
#include "ops/convolution_plan.h"
#include "ops/partial_sums.h"
#include "tensor/parallel.h"

namespace rppg::ops {
namespace {

constexpr Index points = 36;  // numbers of a transformed tile
constexpr Index cache_floats = 160 * 1024;

/// One call's geometry and division into blocks.
struct Work {
  const ConvolutionPlan& plan;
  Index height, width;          ///< of the input
  Index out_height, out_width;  ///< of the output
  Index outputs;                ///< of a tile, per axis
  Index per_row, tiles;         ///< tiles of a frame
  Index before, after;          ///< frames that taps reach
  Index block_frames;
  Index chunk;  ///< tiles at a time
  FrameBlocks blocks;

  Work(const ConvolutionPlan& p, const Shape& x)
      : plan(p),
        height(x[2]),
        width(x[3]),
        out_height(p.output_extent(height)),
        out_width(p.output_extent(width)),
        outputs(p.kernel == 3 ? 4 : 2),
        per_row((out_width + outputs - 1) / outputs),
        tiles(per_row * ((out_height + outputs - 1) / outputs)),
        before(p.frames_before()),
        after(p.frames_after()),
        block_frames(std::clamp<Index>(96 / tiles, 16, 64)),
        chunk(0),
        blocks(x[0], x[1], p.options.reach == TimeReach::shift ? p.options.segment : 0,
               block_frames) {
    const Index channels = std::max(p.in_channels, p.out_channels);
    const Index frames = std::min(block_frames, x[1]) + before + after;
    chunk = std::clamp<Index>(cache_floats / (points * frames * channels), 1, tiles);
  }

  Index chunks() const { return (tiles + chunk - 1) / chunk; }

  /// Floats that hold transformed tiles of a whole block with all its neighbours.
  Index room(Index channels) const {
    return points * (block_frames + before + after) * chunk * channels;
  }

  WinogradTiles input_tiles(Index first, Index count) const {
    return {first,  count, per_row,          outputs, plan.options.padding,
            height, width, plan.in_channels, 0};
  }
  WinogradTiles output_tiles(Index first, Index count) const {
    return {first, count, per_row, outputs, 0, out_height, out_width, plan.out_channels, 0};
  }
  Index input_size() const { return height * width * plan.in_channels; }
  Index output_size() const { return out_height * out_width * plan.out_channels; }
};

/// A chunk of tiles of frames [begin, end) of a block, transformed: number p of frame f, tile t and
/// channel c at values[p * point + ((f - begin) * count + t) * channels + c].
struct Transformed {
  float* values;
  Index begin, end;
  Index count;
  Index channels;

  Index point() const { return (end - begin) * count * channels; }
  float* frame(Index f) const { return values + (f - begin) * count * channels; }
  void clear_frame(Index f) const {
    for (Index p = 0; p < points; ++p) {
      std::memset(frame(f) + p * point(), 0,
                  static_cast<std::size_t>(count * channels) * sizeof(float));
    }
  }
};

/// The weight's transform along both axes, for one pair of channels.
template <int K>
void transform_kernel(const double (&g)[6][K], const double (&w)[K][K], double (&u)[6][6]) {
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

template <int K>
void adjoin_kernel(const double (&g)[6][K], const double (&u)[6][6], double (&w)[K][K]) {
  double half[K][6];
  for (int i = 0; i < K; ++i) {
    for (int j = 0; j < 6; ++j) {
      half[i][j] = 0;
      for (int k = 0; k < 6; ++k) half[i][j] += g[k][i] * u[k][j];
    }
  }
  for (int i = 0; i < K; ++i) {
    for (int j = 0; j < K; ++j) {
      w[i][j] = 0;
      for (int k = 0; k < 6; ++k) w[i][j] += half[i][k] * g[k][j];
    }
  }
}

/// Calls visit(tap, its channel, row of the packed weight, output channels [begin, end)), each for
/// weights of its own, at most `together` channels at a time.
constexpr Index together = 16;
template <class Visit>
void for_rows(const ConvolutionPlan& plan, int threads, const Visit& visit) {
  for_blocks(threads, plan.rows(), [&](Index row, int) {
    const TimeTap* tap = plan.tap_list.data();
    while (row >= tap->row + tap->channels()) ++tap;
    for (Index begin = 0; begin < plan.out_channels; begin += together) {
      visit(*tap, row - tap->row, row, begin, std::min(begin + together, plan.out_channels));
    }
  });
}

Index packed_size(const ConvolutionPlan& plan) { return points * plan.rows() * plan.out_channels; }

/// U (36, rows, Co).
template <int K>
void pack_of(const ConvolutionPlan& plan, int threads, const double (&g)[6][K], float* packed) {
  const float* weight = plan.weight.values().data();
  for_rows(plan, threads, [&](const TimeTap& tap, Index c, Index row, Index begin, Index end) {
    float numbers[points][together];
    for (Index co = begin; co < end; ++co) {
      double w[K][K], u[6][6];
      const float* from = weight + plan.weight_index(co, tap, c, 0, 0);
      for (int i = 0; i < K * K; ++i) w[i / K][i % K] = static_cast<double>(from[i]);
      transform_kernel<K>(g, w, u);
      for (Index p = 0; p < points; ++p) {
        numbers[p][co - begin] = static_cast<float>(u[p / 6][p % 6]);
      }
    }
    for (Index p = 0; p < points; ++p) {
      std::copy_n(numbers[p], end - begin,
                  packed + (p * plan.rows() + row) * plan.out_channels + begin);
    }
  });
}

void pack(const ConvolutionPlan& plan, int threads, float* packed) {
  if (plan.kernel == 3) {
    pack_of<3>(plan, threads, winograd_weights_3, packed);
  } else {
    pack_of<5>(plan, threads, winograd_weights_5, packed);
  }
}

/// The gradient of the weight from that of U.
template <int K>
void add_weight_gradient_of(const ConvolutionPlan& plan, int threads, const double (&g)[6][K],
                            const float* du) {
  float* gradient = plan.weight.gradient().data();
  for_rows(plan, threads, [&](const TimeTap& tap, Index c, Index row, Index begin, Index end) {
    float numbers[points][together];
    for (Index p = 0; p < points; ++p) {
      std::copy_n(du + (p * plan.rows() + row) * plan.out_channels + begin, end - begin,
                  numbers[p]);
    }
    for (Index co = begin; co < end; ++co) {
      double u[6][6], w[K][K];
      for (Index p = 0; p < points; ++p) {
        u[p / 6][p % 6] = static_cast<double>(numbers[p][co - begin]);
      }
      adjoin_kernel<K>(g, u, w);
      float* to = gradient + plan.weight_index(co, tap, c, 0, 0);
      for (int i = 0; i < K * K; ++i) to[i] += static_cast<float>(w[i / K][i % K]);
    }
  });
}

/// Transformed input of a block and the frames that its taps reach; zeros outside its group.
Transformed transform_input(const Work& work, const FrameBlock& block, const float* clip,
                            Index first, Index count, float* values) {
  const Transformed v{values, block.begin - work.before, block.end + work.after, count,
                      work.plan.in_channels};
  WinogradTiles tiles = work.input_tiles(first, count);
  tiles.point = v.point();
  for (Index f = v.begin; f < v.end; ++f) {
    if (f < block.group_begin || f >= block.group_end) {
      v.clear_frame(f);
    } else {
      kernels().convolution.winograd_input(tiles, clip + f * work.input_size(), v.frame(f));
    }
  }
  return v;
}

void forward(const ConvolutionPlan& plan, Tensor x, Tensor y) {
  const Work work(plan, x.shape());
  Tape& tape = y.tape();
  const Arena::Mark mark = tape.arena().mark();
  const Index in_room = work.room(plan.in_channels);
  const Index room = in_room + work.room(plan.out_channels);
  float* const scratch = tape.scratch(room * tape.threads()).data();
  const Index frames = x.shape()[1];
  const Index size = plan.rows() * plan.out_channels;
  const float* bias = plan.bias ? plan.bias.values().data() : nullptr;

  for_blocks(tape.threads(), work.blocks.count() * work.chunks(), [&](Index item, int thread) {
    const FrameBlock block = work.blocks[item / work.chunks()];
    const Index first = item % work.chunks() * work.chunk;
    const Index count = std::min(work.chunk, work.tiles - first);
    float* const values = scratch + thread * room;
    const float* clip = x.values().data() + block.clip * frames * work.input_size();
    const Transformed v = transform_input(work, block, clip, first, count, values);
    const Transformed m{values + in_room, block.begin, block.end, count, plan.out_channels};

    std::array<MatrixSegment, 8> segments{};
    for (Index p = 0; p < points; ++p) {
      for (std::size_t i = 0; i < plan.tap_count; ++i) {
        const TimeTap& tap = plan.tap_list[i];
        segments[i] = {v.frame(block.begin + tap.shift) + p * v.point() + tap.begin,
                       plan.packed + p * size + tap.row * plan.out_channels, tap.channels()};
      }
      kernels().matrix.multiply({.m = (block.end - block.begin) * count,
                                 .n = plan.out_channels,
                                 .a_row = plan.in_channels,
                                 .a_column = 1,
                                 .b_row = plan.out_channels,
                                 .c = m.values + p * m.point(),
                                 .c_row = plan.out_channels},
                                segments.data(), static_cast<Index>(plan.tap_count));
    }
    WinogradTiles tiles = work.output_tiles(first, count);
    tiles.point = m.point();
    float* out = y.mutable_values().data() + block.clip * frames * work.output_size();
    for (Index f = block.begin; f < block.end; ++f) {
      kernels().convolution.winograd_output(tiles, m.frame(f), bias, plan.options.activation,
                                            out + f * work.output_size());
    }
  });
  tape.arena().rewind(mark);
}

/// What one thread of the backward pass works with.
struct BackwardScratch {
  float* v;   ///< transformed input
  float* dm;  ///< gradient of the transformed output
  float* dv;  ///< gradient of the transformed input
};

class Backward {
 public:
  Backward(const ConvolutionPlan& plan, Tensor x, Tensor y)
      : plan_(plan), work_(plan, x.shape()), x_(x), y_(y), frames_(x.shape()[1]) {}

  void run() {
    if (plan_.weight.wants_gradient()) plan_.weight.gradient();
    if (x_.wants_gradient()) x_.gradient();
    y_.gradient();
    Tape& tape = y_.tape();
    const Arena::Mark mark = tape.arena().mark();
    const Index v_room = work_.room(plan_.in_channels), m_room = work_.room(plan_.out_channels);
    const Index room = 2 * v_room + m_room;
    float* const scratch = tape.scratch(room * tape.threads()).data();
    transpose_weights();

    const Index size = packed_size(plan_);
    const auto sums =
        sum_over_blocks(tape, work_.blocks.count(), size + plan_.out_channels,
                        [&](Index block, int thread, float* du) {
                          float* const base = scratch + thread * room;
                          const BackwardScratch own{base, base + v_room, base + v_room + m_room};
                          for (Index first = 0; first < work_.tiles; first += work_.chunk) {
                            run_chunk(work_.blocks[block], first, own, du);
                          }
                        });
    add_weight_gradient(sums);
    add_to_gradient(plan_.bias, sums.subspan(static_cast<std::size_t>(size)));
    tape.arena().rewind(mark);
  }

 private:
  /// (36, Co, rows), for the gradient of the input.
  void transpose_weights() {
    if (!x_.wants_gradient()) return;
    transposed_ = y_.tape().scratch(packed_size(plan_)).data();
    const Index size = plan_.rows() * plan_.out_channels;
    for (Index p = 0; p < points; ++p) {
      kernels().matrix.transpose(plan_.packed + p * size, plan_.out_channels, plan_.rows(),
                                 plan_.out_channels, transposed_ + p * size, plan_.rows());
    }
  }

  void run_chunk(const FrameBlock& block, Index first, const BackwardScratch& own,
                 float* du) const {
    const Index count = std::min(work_.chunk, work_.tiles - first);
    const Transformed dm = transform_gradient(block, first, count, own.dm, du + packed_size(plan_));
    if (plan_.weight.wants_gradient()) {
      const float* clip = x_.values().data() + block.clip * frames_ * work_.input_size();
      const Transformed v = transform_input(work_, block, clip, first, count, own.v);
      add_weight_products(block, v, dm, du);
    }
    if (x_.wants_gradient()) add_input_gradient(block, first, dm, own.dv);
  }

  /// Of the frames of a block and of all frames whose taps reach it.
  Transformed transform_gradient(const FrameBlock& block, Index first, Index count, float* values,
                                 float* bias_sums) const {
    const Transformed dm{values, block.begin - work_.after, block.end + work_.before, count,
                         plan_.out_channels};
    WinogradTiles tiles = work_.output_tiles(first, count);
    tiles.point = dm.point();
    for (Index f = dm.begin; f < dm.end; ++f) {
      if (f < block.group_begin || f >= block.group_end) {
        dm.clear_frame(f);
        continue;
      }
      const bool own = f >= block.begin && f < block.end;
      const Index at = (block.clip * frames_ + f) * work_.output_size();
      kernels().convolution.winograd_output_adjoint(
          tiles, y_.values().data() + at, y_.gradient().data() + at, plan_.options.activation,
          dm.frame(f), own ? bias_sums : nullptr);
    }
    return dm;
  }

  /// dU += V^T dM, over the block's own frames.
  void add_weight_products(const FrameBlock& block, const Transformed& v, const Transformed& dm,
                           float* du) const {
    const Index rows = (block.end - block.begin) * v.count;
    for (Index p = 0; p < points; ++p) {
      float* to = du + p * plan_.rows() * plan_.out_channels;
      for (const TimeTap& tap : plan_.taps()) {
        const MatrixSegment segment{v.frame(block.begin + tap.shift) + p * v.point() + tap.begin,
                                    dm.frame(block.begin) + p * dm.point(), rows};
        kernels().matrix.multiply({.m = tap.channels(),
                                   .n = plan_.out_channels,
                                   .a_row = 1,
                                   .a_column = plan_.in_channels,
                                   .b_row = plan_.out_channels,
                                   .c = to + tap.row * plan_.out_channels,
                                   .c_row = plan_.out_channels,
                                   .add = true},
                                  &segment, 1);
      }
    }
  }

  /// dV = sum over taps of dM U^T, then back to pixels.
  void add_input_gradient(const FrameBlock& block, Index first, const Transformed& dm,
                          float* values) const {
    const Transformed dv{values, block.begin, block.end, dm.count, plan_.in_channels};
    const Index rows = plan_.rows();
    for (Index p = 0; p < points; ++p) {
      for (std::size_t i = 0; i < plan_.tap_count;) {
        // Taps of the same channels are one product in several segments.
        std::array<MatrixSegment, 8> segments{};
        const TimeTap& tap = plan_.tap_list[i];
        Index n = 0;
        for (; i < plan_.tap_count && plan_.tap_list[i].begin == tap.begin; ++i) {
          const TimeTap& each = plan_.tap_list[i];
          segments[static_cast<std::size_t>(n++)] = {
              dm.frame(block.begin - each.shift) + p * dm.point(),
              transposed_ + p * rows * plan_.out_channels + each.row, plan_.out_channels};
        }
        kernels().matrix.multiply({.m = (block.end - block.begin) * dm.count,
                                   .n = tap.channels(),
                                   .a_row = plan_.out_channels,
                                   .a_column = 1,
                                   .b_row = rows,
                                   .c = dv.values + p * dv.point() + tap.begin,
                                   .c_row = plan_.in_channels},
                                  segments.data(), n);
      }
    }
    WinogradTiles tiles = work_.input_tiles(first, dm.count);
    tiles.point = dv.point();
    float* gradient = x_.gradient().data() + block.clip * frames_ * work_.input_size();
    for (Index f = block.begin; f < block.end; ++f) {
      kernels().convolution.winograd_input_adjoint(tiles, dv.frame(f),
                                                   gradient + f * work_.input_size());
    }
  }

  void add_weight_gradient(std::span<const float> sums) const {
    if (!plan_.weight.wants_gradient()) return;
    if (plan_.kernel == 3) {
      add_weight_gradient_of<3>(plan_, y_.tape().threads(), winograd_weights_3, sums.data());
    } else {
      add_weight_gradient_of<5>(plan_, y_.tape().threads(), winograd_weights_5, sums.data());
    }
  }

  const ConvolutionPlan& plan_;
  Work work_;
  Tensor x_;
  Tensor y_;
  Index frames_;
  float* transposed_ = nullptr;
};

void backward(const ConvolutionPlan& plan, Tensor x, Tensor y) { Backward(plan, x, y).run(); }

}  // namespace

const ConvolutionAlgorithm winograd_convolution{packed_size, pack, forward, backward};

}  // namespace rppg::ops
