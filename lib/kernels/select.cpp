// Chooses the kernel table: CPU and operating system are asked (the compiler's built-in check reads
// XGETBV), RPPG_ISA overrides.
#include <cstdlib>
#include <string>

#include "base/error.h"
#include "base/text.h"
#include "kernels/kernels.h"

namespace rppg {

extern const Kernels kernels_baseline;
extern const Kernels kernels_avx2;
extern const Kernels kernels_avx512;

namespace {

const Kernels* overriding = nullptr;

bool has_avx2() {
  return __builtin_cpu_supports("avx2") != 0 && __builtin_cpu_supports("fma") != 0 &&
         __builtin_cpu_supports("bmi2") != 0;
}

bool has_avx512() {
  return has_avx2() && __builtin_cpu_supports("avx512f") != 0 &&
         __builtin_cpu_supports("avx512bw") != 0 && __builtin_cpu_supports("avx512dq") != 0 &&
         __builtin_cpu_supports("avx512vl") != 0;
}

const Kernels& choose() {
  const std::vector<const Kernels*> available = available_kernels();
  const char* forced = std::getenv("RPPG_ISA");
  if (forced == nullptr || *forced == '\0') return *available.back();
  for (const Kernels* table : available) {
    if (std::string_view(table->isa) == forced) return *table;
  }
  for (const Kernels* table : {&kernels_baseline, &kernels_avx2, &kernels_avx512}) {
    if (std::string_view(table->isa) == forced) {
      throw Error(Status::unavailable, concat("RPPG_ISA=", forced, ": this machine lacks it"));
    }
  }
  throw Error(Status::usage,
              concat("RPPG_ISA=", forced, ": unknown; one of baseline, avx2, avx512"));
}

}  // namespace

std::vector<const Kernels*> available_kernels() {
  std::vector<const Kernels*> tables{&kernels_baseline};
  if (has_avx2()) tables.push_back(&kernels_avx2);
  if (has_avx512()) tables.push_back(&kernels_avx512);
  return tables;
}

const Kernels& kernels() {
  static const Kernels& chosen = choose();
  return overriding != nullptr ? *overriding : chosen;
}

KernelsOverride::KernelsOverride(const Kernels& table) : before_(overriding) {
  overriding = &table;
}

KernelsOverride::~KernelsOverride() { overriding = before_; }

}  // namespace rppg
