#include "base/parallel.h"

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

#include <sched.h>

#include "base/text.h"

namespace rppg {

int available_threads() {
  for (const char* name : {"RPPG_THREADS", "SLURM_CPUS_PER_TASK", "OMP_NUM_THREADS"}) {
    const char* value = std::getenv(name);
    const auto number = value ? parse_integer(value) : std::nullopt;
    if (number && *number > 0) return static_cast<int>(std::min<long long>(*number, 1024));
  }
  cpu_set_t cpus;
  CPU_ZERO(&cpus);
  if (::sched_getaffinity(0, sizeof cpus, &cpus) != 0) return 1;
  return std::max(1, CPU_COUNT(&cpus));
}

void parallel_for(std::size_t count, int threads, const std::function<void(std::size_t)>& work) {
  std::atomic<std::size_t> next{0};
  std::mutex mutex;
  std::exception_ptr failure;
  std::size_t failed_item = count;

  const auto run = [&] {
    for (std::size_t i = next++; i < count; i = next++) {
      try {
        work(i);
      } catch (...) {
        const std::lock_guard lock(mutex);
        next = count;
        if (i < failed_item) {
          failed_item = i;
          failure = std::current_exception();
        }
      }
    }
  };

  const std::size_t extra =
      std::min<std::size_t>(static_cast<std::size_t>(std::max(1, threads)), count);
  std::vector<std::thread> pool;
  for (std::size_t i = 1; i < extra; ++i) pool.emplace_back(run);
  run();
  for (std::thread& thread : pool) thread.join();
  if (failure) std::rethrow_exception(failure);
}

}  // namespace rppg
