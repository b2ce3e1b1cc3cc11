#include "ops/convolution.h"

#include "ops/layout.h"

namespace rppg::ops {

Convolution::Convolution(Tape& tape, Tensor weight, Tensor bias, const ConvolutionOptions& options)
    : plan_(plan_convolution(weight, bias, options)) {
  const ConvolutionAlgorithm& algorithm = choose_algorithm(plan_);
  float* packed = tape.scratch(algorithm.packed_size(plan_)).data();
  algorithm.pack(plan_, tape.threads(), packed);
  plan_.packed = packed;
}

Tensor Convolution::operator()(Tensor x) const {
  const Shape& shape = x.shape();
  require_shape("convolution: x", shape,
                {shape[0], shape[1], shape[2], shape[3], plan_.in_channels});
  Tape& tape = x.tape();
  const Tensor y = tape.output({shape[0], shape[1], plan_.output_extent(shape[2]),
                                plan_.output_extent(shape[3]), plan_.out_channels},
                               {x, plan_.weight, plan_.bias});
  tape.count_cost("convolution", plan_.weight, y, plan_.rows() * plan_.kernel * plan_.kernel);
  const ConvolutionAlgorithm& algorithm = choose_algorithm(plan_);
  const Tensor from = algorithm.folds ? fold_pixels(x, plan_.options.stride) : x;
  algorithm.forward(plan_, from, y);
  return tape.record("convolution", y, [plan = plan_, from, y, backward = algorithm.backward] {
    backward(plan, from, y);
  });
}

Tensor convolution(Tensor x, Tensor weight, Tensor bias, const ConvolutionOptions& options) {
  return Convolution(x.tape(), weight, bias, options)(x);
}

}  // namespace rppg::ops
