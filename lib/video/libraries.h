/// Versions of the third-party libraries that this layer is linked with.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace rppg::video {

/// (name, version) pairs, the version as the library itself reports it.
std::vector<std::pair<std::string, std::string>> libraries();

}  // namespace rppg::video
