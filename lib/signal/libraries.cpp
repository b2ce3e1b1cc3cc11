#include "signal/libraries.h"

#include <Eigen/Core>

#include "base/text.h"

namespace rppg::signal {

std::vector<std::pair<std::string, std::string>> libraries() {
  return {
      {"KissFFT", KISSFFT_VERSION},
      {"Eigen", concat(EIGEN_WORLD_VERSION, ".", EIGEN_MAJOR_VERSION, ".", EIGEN_MINOR_VERSION)}};
}

}  // namespace rppg::signal
