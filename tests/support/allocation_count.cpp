// Stands in for the heap functions of the C library, which operator new calls as well.
#include "support/allocation_count.h"

#include <atomic>
#include <cerrno>
#include <cstdlib>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define RPPG_COUNT_ALLOCATIONS 0
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || \
    __has_feature(memory_sanitizer)
#define RPPG_COUNT_ALLOCATIONS 0
#endif
#endif
#if !defined(RPPG_COUNT_ALLOCATIONS)
#if defined(__GLIBC__)
#define RPPG_COUNT_ALLOCATIONS 1
#else
#define RPPG_COUNT_ALLOCATIONS 0
#endif
#endif

namespace rppg::test {
namespace {
std::atomic<std::size_t> count{0};
}

bool allocations_are_counted() { return RPPG_COUNT_ALLOCATIONS != 0; }
std::size_t allocations() { return count; }

#if RPPG_COUNT_ALLOCATIONS
void count_allocation() { count.fetch_add(1, std::memory_order_relaxed); }
#endif

}  // namespace rppg::test

#if RPPG_COUNT_ALLOCATIONS
extern "C" {
void* __libc_malloc(std::size_t size);
void* __libc_calloc(std::size_t count, std::size_t size);
void* __libc_realloc(void* memory, std::size_t size);
void* __libc_memalign(std::size_t alignment, std::size_t size);

void* malloc(std::size_t size) {
  rppg::test::count_allocation();
  return __libc_malloc(size);
}
void* calloc(std::size_t count, std::size_t size) {
  rppg::test::count_allocation();
  return __libc_calloc(count, size);
}
void* realloc(void* memory, std::size_t size) {
  rppg::test::count_allocation();
  return __libc_realloc(memory, size);
}
void* memalign(std::size_t alignment, std::size_t size) {
  rppg::test::count_allocation();
  return __libc_memalign(alignment, size);
}
void* aligned_alloc(std::size_t alignment, std::size_t size) { return memalign(alignment, size); }
int posix_memalign(void** memory, std::size_t alignment, std::size_t size) {
  *memory = memalign(alignment, size);
  return *memory == nullptr ? ENOMEM : 0;
}
}
#endif
