// Geometry of Winograd's method.
#include "ops/winograd.h"

#include <cstring>

#include "kernels/kernels.h"

namespace rppg::ops {
namespace {

constexpr Index cache_floats = 160 * 1024;

Index quotient_up(Index n, Index divisor) { return (n + divisor - 1) / divisor; }

}  // namespace

WinogradForm winograd_form(const ConvolutionPlan& plan) {
  WinogradForm form{};
  form.stride = plan.options.stride;
  form.padding = quotient_up(plan.options.padding, form.stride);
  form.before = form.padding * form.stride - plan.options.padding;
  const Index extent = quotient_up(form.before + plan.kernel, form.stride);
  form.kernel = extent > 5 ? 4 : std::max<Index>(extent, 3);
  form.outputs = 7 - form.kernel;
  form.parts = extent > 5 ? quotient_up(extent - 1, form.outputs) : 1;
  return form;
}

WinogradWork::WinogradWork(const ConvolutionPlan& p, const Shape& x, const Shape& y)
    : plan(p),
      form(winograd_form(p)),
      height(x[2]),
      width(x[3]),
      in_channels(x[4]),
      out_height(y[2]),
      out_width(y[3]),
      per_row(quotient_up(out_width, form.outputs) + form.parts - 1),
      tiles(per_row * quotient_up(out_height, form.outputs)),
      reach((form.parts - 1) * (per_row + 1)),
      before(p.frames_before()),
      after(p.frames_after()),
      // Neighbours in time are worth long blocks, neighbours in the picture large chunks.
      block_frames(std::clamp<Index>(96 / tiles, before + after > 0 ? 16 : 1, 64)),
      chunk(0),
      blocks(x[0], x[1], p.options.reach == TimeReach::shift ? p.options.segment : 0,
             block_frames) {
  const Index channels = std::max(in_channels, p.out_channels);
  const Index frames = std::min(block_frames, x[1]) + before + after;
  chunk = std::clamp<Index>(cache_floats / (winograd_points * frames * channels), 1, tiles);
}

WinogradTiles WinogradWork::input_tiles(Index first, Index count, Index point) const {
  return {first, count, per_row, form.outputs, form.padding, height, width, in_channels, point};
}

WinogradTiles WinogradWork::output_tiles(Index first, Index count, Index point) const {
  return {first, count, per_row, form.outputs, 0, out_height, out_width, plan.out_channels, point};
}

void TransformedTiles::clear_frame(Index f) const {
  for (Index p = 0; p < winograd_points; ++p) {
    std::memset(frame(f) + p * point(), 0,
                static_cast<std::size_t>(count * channels) * sizeof(float));
  }
}

TransformedTiles transform_input(const WinogradWork& work, const FrameBlock& block,
                                 const float* clip, Index first, Index count, float* values) {
  const TransformedTiles v{values, block.begin - work.before, block.end + work.after,
                           count + work.reach, work.in_channels};
  const WinogradTiles tiles = work.input_tiles(first, v.count, v.point());
  for (Index f = v.begin; f < v.end; ++f) {
    if (f < block.group_begin || f >= block.group_end) {
      v.clear_frame(f);
    } else {
      kernels().convolution.winograd_input(tiles, clip + f * work.input_size(), v.frame(f));
    }
  }
  return v;
}

WinogradRow winograd_row(const ConvolutionPlan& plan, const WinogradForm& form, Index row) {
  const TimeTap* tap = plan.tap_list.data();
  const Index copies = form.block() * form.all_parts();
  while (row >= (tap->row + tap->channels()) * copies) ++tap;
  const Index in_tap = row - tap->row * copies;
  const Index part = in_tap / (tap->channels() * form.block());
  const Index phase = in_tap / tap->channels() % form.block();
  WinogradRow found{tap, in_tap % tap->channels(), {}};
  for (Index i = 0; i < form.kernel * form.kernel; ++i) {
    const Index y =
        form.pixel(plan.kernel, part / form.parts, phase / form.stride, i / form.kernel);
    const Index x =
        form.pixel(plan.kernel, part % form.parts, phase % form.stride, i % form.kernel);
    found.places[static_cast<std::size_t>(i)] = y < 0 || x < 0 ? -1 : y * plan.kernel + x;
  }
  return found;
}

}  // namespace rppg::ops
