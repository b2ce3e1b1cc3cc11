/// What a convolution computes, cut into blocks of frames, and the algorithms that compute it.
#pragma once

#include <array>
#include <span>

#include "kernels/convolution.h"
#include "tensor/tape.h"

namespace rppg::ops {

/// How a kernel reaches neighbouring frames. Frames outside the clip (or segment) are zero.
enum class TimeReach {
  frame,   ///< one frame; weight (Co, Ci, k, k)
  kernel,  ///< an odd number of frames, centred; weight (Co, Ci, kt, k, k)
  shift,   ///< temporal shift: the first third of the channels is read from the next frame, the
           ///< second from the one before, within segments (Lin et al., "TSM", ICCV 2019)
  stack,   ///< frames t + offsets[i] as one frame with more channels; weight (Co, n Ci, k, k)
  pair,    ///< two frames that the input has side by side in its channels (ops::pair_frames), as a
           ///< kernel of two frames that takes steps of two; weight (Co, Ci / 2, 2, k, k)
};

struct ConvolutionOptions {
  Index stride = 1;   ///< of both picture axes
  Index padding = 0;  ///< zeros around the picture
  TimeReach reach = TimeReach::frame;
  Index segment = 0;                         ///< frames that `shift` keeps together; 0 = the clip
  std::array<Index, 4> offsets{};            ///< of `stack`
  Activation activation = Activation::none;  ///< fused
};

/// One frame that a kernel reaches: channels [begin, end) of frame t + shift.
struct TimeTap {
  Index shift = 0;
  Index begin = 0;
  Index end = 0;
  Index weight_channel = 0;  ///< of the weight, for channel `begin`
  Index weight_frame = 0;    ///< of the weight
  Index row = 0;             ///< channels of the taps before it

  Index channels() const { return end - begin; }
};

/// Trivially copyable; lives as long as the tape that its weights are packed on.
struct ConvolutionPlan {
  ConvolutionOptions options;
  Tensor weight;
  Tensor bias;
  Index in_channels = 0;
  Index out_channels = 0;
  Index kernel = 0;  ///< pixels, both axes
  Index kernel_frames = 1;
  std::array<TimeTap, 8> tap_list{};
  std::size_t tap_count = 0;
  const float* packed = nullptr;  ///< weight as the algorithm wants it

  /// All channels of a picture come from taps of their own: the direct form gathers them.
  bool gathers() const {
    return options.reach == TimeReach::shift || options.reach == TimeReach::pair;
  }
  std::span<const TimeTap> taps() const { return {tap_list.data(), tap_count}; }
  /// Channels of all taps together.
  Index rows() const { return taps().back().row + taps().back().channels(); }
  /// Frames that taps reach before and after their own.
  Index frames_before() const;
  Index frames_after() const;
  /// Where the weight of output channel co, tap, its channel c and pixel (ky, kx) lies.
  Index weight_index(Index co, const TimeTap& tap, Index c, Index ky, Index kx) const;
  Index output_extent(Index extent) const {
    return (extent + 2 * options.padding - kernel) / options.stride + 1;
  }
};

/// Throws std::logic_error for shapes that do not fit.
ConvolutionPlan plan_convolution(Tensor weight, Tensor bias, const ConvolutionOptions& options);

/// Frames [begin, end) of one clip, and the group that none of its taps leaves.
struct FrameBlock {
  Index clip;
  Index group_begin;
  Index group_end;
  Index begin;
  Index end;
};

/// All frames of (B, T, ...) in blocks of at most `length`, nearly equal within a group, that no
/// group border crosses.
class FrameBlocks {
 public:
  FrameBlocks(Index clips, Index frames, Index group, Index length);

  Index count() const { return clips_ * groups_ * blocks_; }
  FrameBlock operator[](Index index) const;

 private:
  Index clips_, frames_, group_, groups_, blocks_, length_;
};

/// One way to compute a plan.
struct ConvolutionAlgorithm {
  bool folds;  ///< wants blocks of stride x stride pixels of x as one pixel: ops::fold_pixels
  Index (*packed_size)(const ConvolutionPlan& plan);
  void (*pack)(const ConvolutionPlan& plan, int threads, float* packed);
  void (*forward)(const ConvolutionPlan& plan, Tensor x, Tensor y);
  void (*backward)(const ConvolutionPlan& plan, Tensor x, Tensor y);
};

/// Products over rows of pixels, for every plan.
extern const ConvolutionAlgorithm direct_convolution;
/// Winograd's method on tiles of 6 x 6 pixels: 1/4 of the multiplications for kernels of 3 x 3
/// pixels, 36/100 for 5 x 5, 16/49 for 7 x 7 with stride 1 or 2, at a relative error of about 1e-6.
extern const ConvolutionAlgorithm winograd_convolution;

/// The fastest for this plan, by measurement (tests/bench/convolution.cpp).
const ConvolutionAlgorithm& choose_algorithm(const ConvolutionPlan& plan);

}  // namespace rppg::ops
