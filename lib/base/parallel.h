/// Work on several threads whose results do not depend on their number.
#pragma once

#include <cstddef>
#include <functional>

namespace rppg {

/// Threads that this process may use: RPPG_THREADS, else SLURM_CPUS_PER_TASK, else
/// OMP_NUM_THREADS, else the CPUs of its affinity mask. At least 1.
int available_threads();

/// Calls work(i) for every i in [0, count), on at most `threads` threads, in rising order of start.
///
/// Each i must write only to places of its own; sums over items are added afterwards, in order of
/// i, by the caller. After an exception no new item starts; the exception of the lowest i is
/// rethrown when all running items have ended.
void parallel_for(std::size_t count, int threads, const std::function<void(std::size_t)>& work);

}  // namespace rppg
