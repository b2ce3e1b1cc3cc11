#include "classical/projection.h"

namespace rppg::classical {

std::vector<double> green_of_projection(const RgbTrace& trace, const std::array<double, 3>& u) {
  std::vector<double> output(trace.size());
  for (std::size_t t = 0; t < trace.size(); ++t) {
    double along = 0;
    for (std::size_t c = 0; c < 3; ++c) along += u[c] * trace.channels[c][t];
    output[t] = trace.channels[1][t] - u[1] * along;
  }
  return output;
}

}  // namespace rppg::classical
