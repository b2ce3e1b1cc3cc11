// Gradients of convolutions by Winograd's method: the exact adjoints of the forward transforms.
#include "kernels/kernels.h"
#include "ops/partial_sums.h"
#include "ops/winograd.h"

namespace rppg::ops {
namespace {

/// The adjoint of the weight's transform.
template <int K>
void adjoin_kernel(const double (&u)[6][6], double (&w)[K][K]) {
  constexpr const auto& g = winograd_weights<K>.row;
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

/// What one thread works with.
struct Scratch {
  float* v;   ///< transformed input
  float* dv;  ///< gradient of the transformed input
  float* dm;  ///< gradient of the transformed output
  MatrixSegment* segments;
};

class Backward {
 public:
  Backward(const ConvolutionPlan& plan, Tensor x, Tensor y)
      : plan_(plan),
        work_(plan, x.shape(), y.shape()),
        x_(x),
        y_(y),
        frames_(x.shape()[1]),
        size_(work_.rows() * plan.out_channels) {}

  void run() {
    if (plan_.weight.wants_gradient()) plan_.weight.gradient();
    if (x_.wants_gradient()) x_.gradient();
    y_.gradient();
    Tape& tape = y_.tape();
    const Arena::Mark mark = tape.arena().mark();
    const Index in_room = work_.in_room(), room = 2 * in_room + work_.out_room();
    float* const scratch = tape.scratch(room * tape.threads()).data();
    const auto taps = static_cast<Index>(plan_.tap_count);
    MatrixSegment* const lists = tape.scratch<MatrixSegment>(taps * tape.threads()).data();
    transpose_weights();

    const Index sums_size = winograd_points * size_;
    const auto sums = sum_over_blocks(
        tape, work_.blocks.count(), sums_size + plan_.out_channels,
        [&](Index block, int thread, float* du) {
          float* const base = scratch + thread * room;
          const Scratch own{base, base + in_room, base + 2 * in_room, lists + thread * taps};
          for (Index first = 0; first < work_.tiles; first += work_.chunk) {
            run_chunk(work_.blocks[block], first, own, du);
          }
        });
    add_weight_gradient(sums);
    add_to_gradient(plan_.bias, sums.subspan(static_cast<std::size_t>(sums_size)));
    tape.arena().rewind(mark);
  }

 private:
  /// (36, Co, rows), for the gradient of the input.
  void transpose_weights() {
    if (!x_.wants_gradient()) return;
    transposed_ = y_.tape().scratch(winograd_points * size_).data();
    for (Index p = 0; p < winograd_points; ++p) {
      kernels().matrix.transpose(plan_.packed + p * size_, plan_.out_channels, work_.rows(),
                                 plan_.out_channels, transposed_ + p * size_, work_.rows());
    }
  }

  void run_chunk(const FrameBlock& block, Index first, const Scratch& own, float* du) const {
    const Index count = std::min(work_.chunk, work_.tiles - first);
    const TransformedTiles dm =
        transform_gradient(block, first, count, own.dm, du + winograd_points * size_);
    if (plan_.weight.wants_gradient()) {
      const float* clip = x_.values().data() + block.clip * frames_ * work_.input_size();
      add_weight_products(block, transform_input(work_, block, clip, first, count, own.v), dm, du);
    }
    if (x_.wants_gradient()) add_input_gradient(block, first, dm, own);
  }

  /// Of the frames of a block and of all frames whose taps reach it.
  TransformedTiles transform_gradient(const FrameBlock& block, Index first, Index count,
                                      float* values, float* bias_sums) const {
    const TransformedTiles dm{values, block.begin - work_.after, block.end + work_.before, count,
                              plan_.out_channels};
    const WinogradTiles tiles = work_.output_tiles(first, count, dm.point());
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
  void add_weight_products(const FrameBlock& block, const TransformedTiles& v,
                           const TransformedTiles& dm, float* du) const {
    const Index frames = work_.together(block);
    for (Index p = 0; p < winograd_points; ++p) {
      for (const TimeTap& tap : plan_.taps()) {
        for (Index part = 0; part < work_.form.all_parts(); ++part) {
          const Index at = p * v.point() + tap.begin + work_.tile_of(part) * v.channels;
          float* const to = du + p * size_ + work_.row_of(tap, part) * plan_.out_channels;
          for (Index f = block.begin; f < block.end; f += frames) {
            const MatrixSegment segment{v.frame(f + tap.shift) + at, dm.frame(f) + p * dm.point(),
                                        frames * dm.count};
            kernels().matrix.multiply({.m = work_.channels_of(tap),
                                       .n = plan_.out_channels,
                                       .a_row = 1,
                                       .a_column = v.channels,
                                       .b_row = plan_.out_channels,
                                       .c = to,
                                       .c_row = plan_.out_channels,
                                       .add = true},
                                      &segment, 1);
          }
        }
      }
    }
  }

  /// dV = sum over taps and parts of dM U^T, then back to pixels.
  void add_input_gradient(const FrameBlock& block, Index first, const TransformedTiles& dm,
                          const Scratch& own) const {
    const TransformedTiles dv{own.dv, block.begin, block.end, dm.count + work_.reach,
                              work_.in_channels};
    // Parts add to tiles that others have not reached yet.
    if (work_.reach > 0) std::fill_n(dv.values, winograd_points * dv.point(), 0.0F);
    for (Index p = 0; p < winograd_points; ++p) {
      for (std::size_t i = 0; i < plan_.tap_count;) {
        const std::size_t begin = i;
        while (i < plan_.tap_count && plan_.tap_list[i].begin == plan_.tap_list[begin].begin) ++i;
        for (Index part = 0; part < work_.form.all_parts(); ++part) {
          multiply_taps(block, p, plan_.taps().subspan(begin, i - begin), part, dm, dv,
                        own.segments);
        }
      }
    }
    add_pixels(block, first, dv);
  }

  /// What taps of the same channels give to point p: one product in several segments.
  void multiply_taps(const FrameBlock& block, Index p, std::span<const TimeTap> taps, Index part,
                     const TransformedTiles& dm, const TransformedTiles& dv,
                     MatrixSegment* segments) const {
    const Index frames = work_.together(block);
    const float* const weight = transposed_ + p * size_;
    for (Index f = block.begin; f < block.end; f += frames) {
      Index count = 0;
      for (const TimeTap& tap : taps) {
        segments[count++] = {dm.frame(f - tap.shift) + p * dm.point(),
                             weight + work_.row_of(tap, part), plan_.out_channels};
      }
      kernels().matrix.multiply({.m = frames * dm.count,
                                 .n = work_.channels_of(taps.front()),
                                 .a_row = plan_.out_channels,
                                 .a_column = 1,
                                 .b_row = work_.rows(),
                                 .c = dv.frame(f) + p * dv.point() + taps.front().begin +
                                      work_.tile_of(part) * dv.channels,
                                 .c_row = dv.channels,
                                 .add = work_.reach > 0},
                                segments, count);
    }
  }

  void add_pixels(const FrameBlock& block, Index first, const TransformedTiles& dv) const {
    const WinogradTiles tiles = work_.input_tiles(first, dv.count, dv.point());
    float* const gradient = x_.gradient().data() + block.clip * frames_ * work_.input_size();
    for (Index f = block.begin; f < block.end; ++f) {
      kernels().convolution.winograd_input_adjoint(tiles, dv.frame(f),
                                                   gradient + f * work_.input_size());
    }
  }

  /// From the gradient of U.
  template <int K>
  void add_weight_gradient_of(const float* du) const {
    float* const gradient = plan_.weight.gradient().data();
    for_winograd_rows(plan_, work_.form, y_.tape().threads(),
                      [&](const WinogradRow& row, Index number, Index begin, Index end) {
                        float numbers[winograd_points][most_together];
                        for (Index p = 0; p < winograd_points; ++p) {
                          std::copy_n(du + p * size_ + number * plan_.out_channels + begin,
                                      end - begin, numbers[p]);
                        }
                        for (Index co = begin; co < end; ++co) {
                          double u[6][6], w[K][K];
                          for (Index p = 0; p < winograd_points; ++p) {
                            u[p / 6][p % 6] = static_cast<double>(numbers[p][co - begin]);
                          }
                          adjoin_kernel<K>(u, w);
                          float* const to =
                              gradient + plan_.weight_index(co, *row.tap, row.channel, 0, 0);
                          for (std::size_t i = 0; i < K * K; ++i) {
                            if (row.places[i] >= 0)
                              to[row.places[i]] += static_cast<float>(w[i / K][i % K]);
                          }
                        }
                      });
  }

  void add_weight_gradient(std::span<const float> sums) const {
    if (!plan_.weight.wants_gradient()) return;
    switch (work_.form.kernel) {
      case 3:
        return add_weight_gradient_of<3>(sums.data());
      case 4:
        return add_weight_gradient_of<4>(sums.data());
      default:
        return add_weight_gradient_of<5>(sums.data());
    }
  }

  const ConvolutionPlan& plan_;
  WinogradWork work_;
  Tensor x_;
  Tensor y_;
  Index frames_;
  Index size_;  ///< of the packed weight at one point
  float* transposed_ = nullptr;
};

}  // namespace

void winograd_backward(const ConvolutionPlan& plan, Tensor x, Tensor y) {
  Backward(plan, x, y).run();
}

}  // namespace rppg::ops
