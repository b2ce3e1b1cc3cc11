#include "ops/convolution_plan.h"

#include <algorithm>
#include <stdexcept>

#include "ops/winograd.h"

namespace rppg::ops {
namespace {

void add_tap(ConvolutionPlan& plan, TimeTap tap) {
  if (tap.channels() == 0) return;  // a third of one or two channels
  if (plan.tap_count == plan.tap_list.size()) {
    throw std::logic_error("convolution: more than eight frames");
  }
  if (plan.tap_count > 0) tap.row = plan.rows();
  plan.tap_list[plan.tap_count++] = tap;
}

void set_taps(ConvolutionPlan& plan) {
  const Index channels = plan.in_channels;
  switch (plan.options.reach) {
    case TimeReach::frame:
      add_tap(plan, {.end = channels});
      break;
    case TimeReach::kernel:
      for (Index i = 0; i < plan.kernel_frames; ++i) {
        add_tap(plan, {.shift = i - plan.kernel_frames / 2, .end = channels, .weight_frame = i});
      }
      break;
    case TimeReach::shift: {
      const Index third = channels / 3;
      add_tap(plan, {.shift = 1, .end = third});
      add_tap(plan, {.shift = -1, .begin = third, .end = 2 * third, .weight_channel = third});
      add_tap(plan, {.begin = 2 * third, .end = channels, .weight_channel = 2 * third});
      break;
    }
    case TimeReach::pair:
      add_tap(plan, {.end = channels / 2});
      add_tap(plan, {.begin = channels / 2, .end = channels, .weight_frame = 1});
      break;
    case TimeReach::stack:
      for (std::size_t i = 0; i < plan.options.offsets.size(); ++i) {
        add_tap(plan, {.shift = plan.options.offsets[i],
                       .end = channels,
                       .weight_channel = static_cast<Index>(i) * channels});
      }
      break;
  }
}

}  // namespace

Index ConvolutionPlan::frames_before() const {
  Index frames = 0;
  for (const TimeTap& tap : taps()) frames = std::max(frames, -tap.shift);
  return frames;
}

Index ConvolutionPlan::frames_after() const {
  Index frames = 0;
  for (const TimeTap& tap : taps()) frames = std::max(frames, tap.shift);
  return frames;
}

Index ConvolutionPlan::weight_index(Index co, const TimeTap& tap, Index c, Index ky,
                                    Index kx) const {
  const Index channel = co * weight.shape()[1] + tap.weight_channel + c;
  return ((channel * kernel_frames + tap.weight_frame) * kernel + ky) * kernel + kx;
}

ConvolutionPlan plan_convolution(Tensor weight, Tensor bias, const ConvolutionOptions& options) {
  ConvolutionPlan plan;
  plan.options = options;
  plan.weight = weight;
  plan.bias = bias;
  const Shape& shape = weight.shape();
  const bool pair = options.reach == TimeReach::pair;
  plan.out_channels = shape[0];
  const Index stacked =
      options.reach == TimeReach::stack ? static_cast<Index>(options.offsets.size()) : 1;
  plan.in_channels = pair ? 2 * shape[1] : shape[1] / stacked;
  plan.kernel = shape[-1];
  if (pair || options.reach == TimeReach::kernel) {
    plan.kernel_frames = shape[2];
    require_shape(
        "convolution: weight", shape,
        {shape[0], shape[1], pair ? 2 : plan.kernel_frames | 1, plan.kernel, plan.kernel});
  } else {
    require_shape("convolution: weight", shape,
                  {shape[0], plan.in_channels * stacked, plan.kernel, plan.kernel});
  }
  if (bias) require_shape("convolution: bias", bias.shape(), {plan.out_channels});
  set_taps(plan);
  return plan;
}

FrameBlocks::FrameBlocks(Index clips, Index frames, Index group, Index length)
    : clips_(clips),
      frames_(frames),
      group_(group > 0 ? std::min(group, frames) : frames),
      groups_((frames_ + group_ - 1) / group_),
      blocks_((group_ + length - 1) / length),
      length_((group_ + blocks_ - 1) / blocks_) {}

FrameBlock FrameBlocks::operator[](Index index) const {
  FrameBlock block{};
  block.clip = index / (groups_ * blocks_);
  const Index group = index / blocks_ % groups_;
  block.group_begin = group * group_;
  block.group_end = std::min(block.group_begin + group_, frames_);
  block.begin = std::min(block.group_begin + index % blocks_ * length_, block.group_end);
  block.end = std::min(block.begin + length_, block.group_end);
  return block;
}

const ConvolutionAlgorithm& choose_algorithm(const ConvolutionPlan& plan) {
  const WinogradForm form = winograd_form(plan);
  const bool fits = form.stride == 1 || !plan.gathers();  // blocks hold all channels of a pixel
  const bool saves = 2 * form.multiplications() <= static_cast<double>(plan.kernel * plan.kernel);
  // Transforms must be shared by enough products.
  const bool wide =
      plan.rows() >= 8 && plan.in_channels * form.block() >= 8 && plan.out_channels >= 8;
  return fits && saves && wide ? winograd_convolution : direct_convolution;
}

}  // namespace rppg::ops
