/// What this build is.
#pragma once

#include <string_view>

namespace rppg {

std::string_view version();   ///< "0.1.0"
std::string_view commit();    ///< short hash of the commit that was built, or "unknown"
std::string_view compiler();  ///< "GCC 12.2.0"

}  // namespace rppg
