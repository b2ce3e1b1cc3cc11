#include "models/physnet.h"

#include <cmath>
#include <stdexcept>

#include "ops/frames.h"
#include "ops/pooling.h"

namespace rppg::models {
namespace {

constexpr Index channels = 64;

}  // namespace

PhysNet::Block PhysNet::block(const nn::Scope& scope, Index in, Index out, Index frames,
                              Index kernel) {
  return {{scope / 0,
           {.in = in,
            .out = out,
            .kernel = kernel,
            .kernel_frames = frames,
            .options = {.padding = kernel / 2, .reach = ops::TimeReach::kernel}}},
          {scope / 1, out, Activation::relu}};
}

PhysNet::Upsample PhysNet::upsample(const nn::Scope& scope) {
  const nn::Scope convolution = scope / 0;
  // PyTorch counts the inputs of a transposed convolution as its weight's second axis times the
  // kernel.
  const nn::Initialization start{nn::Initialization::Kind::uniform,
                                 1 / std::sqrt(static_cast<double>(channels * 4))};
  return {convolution.parameter("weight", {channels, channels, 4, 1, 1}, start),
          convolution.parameter("bias", {channels}, start),
          {scope / 1, channels, Activation::elu}};
}

Tensor PhysNet::Upsample::operator()(Tensor x) const {
  return norm(ops::upsample_frames(x, weight, bias));
}

PhysNet::PhysNet(const nn::Scope& scope, const Config& config)
    : input_{.frame_size = config.frame_size,
             .clip_frames = config.clip_frames,
             .frame_multiple = 4,
             .video = VideoScale::diff_normalized,
             .label = LabelScale::diff_normalized},
      blocks_{block(scope / "ConvBlock1", 3, 16, 1, 5), block(scope / "ConvBlock2", 16, 32, 3, 3),
              block(scope / "ConvBlock3", 32, channels, 3, 3)},
      upsample1_(upsample(scope / "upsample")),
      upsample2_(upsample(scope / "upsample2")),
      last_(scope / "ConvBlock10",
            {.in = channels, .out = 1, .kernel = 1, .options = {.reach = ops::TimeReach::kernel}}) {
  for (Index i = 4; i <= 9; ++i) {
    blocks_.push_back(block(scope / ("ConvBlock" + std::to_string(i)), channels, channels, 3, 3));
  }
}

Tensor PhysNet::operator()(Tensor clips) const {
  const Shape& shape = clips.shape();
  require_shape("PhysNet: clips", shape,
                {shape[0], shape[1], input_.frame_size, input_.frame_size, 3});
  if (shape[1] % input_.frame_multiple != 0) {
    throw std::logic_error("PhysNet: the number of frames is no multiple of 4");
  }
  Tensor x = ops::max_pool(blocks_[0](clips), 1);
  x = ops::max_pool(blocks_[2](blocks_[1](x)), 2);
  x = ops::max_pool(blocks_[4](blocks_[3](x)), 2);
  x = ops::max_pool(blocks_[6](blocks_[5](x)), 1);
  x = blocks_[8](blocks_[7](x));
  x = ops::picture_mean(upsample2_(upsample1_(x)));
  Tape& tape = x.tape();
  const Tensor y = last_(tape.view(x, {shape[0], shape[1], 1, 1, channels}));
  return tape.view(y, {shape[0], shape[1]});
}

}  // namespace rppg::models
