#include "base/version.h"

namespace rppg {

std::string_view version() { return RPPG_VERSION; }
std::string_view commit() { return RPPG_COMMIT; }

std::string_view compiler() {
#ifdef __clang__
  return "clang " __clang_version__;
#else
  return "GCC " __VERSION__;
#endif
}

}  // namespace rppg
