/// Counts what is taken from the heap, by any thread and through whatever function.
#pragma once

#include <cstddef>

namespace rppg::test {

/// False under sanitizers, which have a heap of their own.
bool allocations_are_counted();

/// Allocations of this process so far.
std::size_t allocations();

}  // namespace rppg::test
