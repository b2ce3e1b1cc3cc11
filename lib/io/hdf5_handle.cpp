#include "io/hdf5_handle.h"

#include <type_traits>

#include <hdf5.h>

#include "base/text.h"

namespace rppg::io::hdf5 {
namespace {

static_assert(std::is_same_v<Handle::Id, hid_t> && std::is_same_v<int, herr_t>);

/// Of the current public call; guarded by the lock.
std::string last_reason;

herr_t keep_first_message(unsigned depth, const H5E_error2_t* error, void*) noexcept try {
  if (depth == 0 && error->desc != nullptr) last_reason = error->desc;
  return 0;
} catch (...) {
  return -1;
}

/// Called by the library when one of its functions fails, in place of printing. Asking later would
/// be too late where its high-level functions clean up after themselves.
herr_t note_failure(hid_t stack, void*) {
  return H5Ewalk2(stack, H5E_WALK_UPWARD, keep_first_message, nullptr);
}

}  // namespace

std::unique_lock<std::recursive_mutex> lock() {
  static std::recursive_mutex mutex;
  static bool prepared = false;
  std::unique_lock guard(mutex);
  if (!prepared) {
    H5dont_atexit();
    H5Eset_auto2(H5E_DEFAULT, note_failure, nullptr);
    H5PLset_loading_state(0);
    prepared = true;
  }
  last_reason.clear();
  return guard;
}

std::string reason() { return last_reason.empty() ? "unknown reason" : last_reason; }

std::vector<std::string> components(std::string_view path) {
  std::vector<std::string> names;
  for (const std::string_view name : split(path, '/')) {
    if (!name.empty()) names.emplace_back(name);
  }
  return names;
}

}  // namespace rppg::io::hdf5
