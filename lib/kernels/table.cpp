// Compiled once per instruction set with RPPG_ISA = baseline, avx2, avx512. Everything but the
// table is in an anonymous namespace, and nothing here may need a static initializer.
#include "kernels/activation.inc.h"
#include "kernels/convolution.inc.h"
#include "kernels/depthwise.inc.h"
#include "kernels/elementwise.inc.h"
#include "kernels/kernels.h"
#include "kernels/matrix.inc.h"
#include "kernels/norm.inc.h"
#include "kernels/optimizer.inc.h"
#include "kernels/pooling.inc.h"
#include "kernels/reduction.inc.h"
#include "kernels/scan.inc.h"

namespace rppg {

#define RPPG_TABLE_NAME_2(isa) kernels_##isa
#define RPPG_TABLE_NAME(isa) RPPG_TABLE_NAME_2(isa)
#define RPPG_TEXT_2(isa) #isa
#define RPPG_TEXT(isa) RPPG_TEXT_2(isa)

extern const Kernels RPPG_TABLE_NAME(RPPG_ISA);
constinit const Kernels RPPG_TABLE_NAME(RPPG_ISA) = {
    .isa = RPPG_TEXT(RPPG_ISA),
    .vector_width = lanes,
    .reduction = reduction_kernels,
    .matrix = matrix_kernels,
    .convolution = convolution_kernels,
    .pooling = pooling_kernels,
    .optimizer = optimizer_kernels,
    .activation = activation_kernels,
    .elementwise = elementwise_kernels,
    .norm = norm_kernels,
    .depthwise = depthwise_kernels,
    .scan = scan_kernels,
};

}  // namespace rppg
