// Compiled once per instruction set with RPPG_ISA = baseline, avx2, avx512. Everything but the
// table is in an anonymous namespace, and nothing here may need a static initializer.
#include "kernels/kernels.h"
#include "kernels/reduction.inc.h"

namespace rppg {

#define RPPG_TABLE_NAME_2(isa) kernels_##isa
#define RPPG_TABLE_NAME(isa) RPPG_TABLE_NAME_2(isa)
#define RPPG_TEXT_2(isa) #isa
#define RPPG_TEXT(isa) RPPG_TEXT_2(isa)

extern const Kernels RPPG_TABLE_NAME(RPPG_ISA);
constinit const Kernels RPPG_TABLE_NAME(RPPG_ISA) = {
    .isa = RPPG_TEXT(RPPG_ISA),
    .sum_bytes = sum_bytes,
    .sum_rgb = sum_rgb,
};

}  // namespace rppg
