/// The only code that is compiled once per instruction set: a table of function pointers.
///
/// Kernels are single-threaded functions on raw arrays. They never throw, never allocate, and give
/// the same result under every instruction set unless their comment states a tolerance. Each group
/// is declared in a header of its own and written in the `.inc.h` beside it.
#pragma once

#include <vector>

#include "kernels/activation.h"
#include "kernels/convolution.h"
#include "kernels/depthwise.h"
#include "kernels/elementwise.h"
#include "kernels/matrix.h"
#include "kernels/norm.h"
#include "kernels/optimizer.h"
#include "kernels/pooling.h"
#include "kernels/reduction.h"
#include "kernels/scan.h"

namespace rppg {

struct Kernels {
  /// "baseline", "avx2" or "avx512".
  const char* isa;
  /// Floats of a vector: 4, 8 or 16.
  Index vector_width;

  ReductionKernels reduction;
  MatrixKernels matrix;
  ConvolutionKernels convolution;
  PoolingKernels pooling;
  OptimizerKernels optimizer;
  ActivationKernels activation;
  ElementwiseKernels elementwise;
  NormKernels norm;
  DepthwiseKernels depthwise;
  ScanKernels scan;
};

/// The table for this machine: the best that CPU and operating system support, or the one that the
/// environment variable RPPG_ISA names. Throws Error(usage) for a name that does not exist and
/// Error(unavailable) for one that this machine lacks.
const Kernels& kernels();

/// The tables that this machine can run, slowest first; for tests.
std::vector<const Kernels*> available_kernels();

/// kernels() is `table` while this lives; for tests, on one thread.
class KernelsOverride {
 public:
  explicit KernelsOverride(const Kernels& table);
  ~KernelsOverride();
  KernelsOverride(const KernelsOverride&) = delete;
  KernelsOverride& operator=(const KernelsOverride&) = delete;

 private:
  const Kernels* before_;
};

}  // namespace rppg
