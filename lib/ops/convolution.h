/// Convolutions of clips with square kernels, over one frame or several, with both gradients.
#pragma once

#include "ops/convolution_plan.h"
#include "tensor/tape.h"

namespace rppg::ops {

/// A convolution with its weights packed on a tape: to be applied to several clips, or parts of
/// one, without packing them again.
class Convolution {
 public:
  /// bias: (Co), or empty. Throws std::logic_error for shapes that do not fit the options.
  Convolution(Tape& tape, Tensor weight, Tensor bias, const ConvolutionOptions& options);

  /// x (B, T, H, W, Ci) -> (B, T, H', W', Co), H' = (H + 2 padding - k) / stride + 1.
  Tensor operator()(Tensor x) const;

 private:
  ConvolutionPlan plan_;
};

/// The same in one call.
Tensor convolution(Tensor x, Tensor weight, Tensor bias, const ConvolutionOptions& options);

}  // namespace rppg::ops
