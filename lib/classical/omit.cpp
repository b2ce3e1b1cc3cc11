// OMIT: projection orthogonal to the first column of the QR factor (Casado and Bordallo Lopez
// 2023), which is the colour of the first frame.
#include <array>
#include <cmath>

#include "base/error.h"
#include "classical/methods.h"
#include "classical/projection.h"
#include "classical/trace.h"

namespace rppg::classical {

std::vector<double> omit(const RgbTrace& trace) {
  require_trace(trace, 3, "OMIT");
  std::array<double, 3> u{};
  double square = 0;
  for (std::size_t c = 0; c < 3; ++c) {
    u[c] = trace.channels[c][0];
    square += u[c] * u[c];
  }
  if (!(square > 0)) throw Error(Status::malformed, "OMIT: the first frame is black");
  for (double& component : u) component /= std::sqrt(square);
  return green_of_projection(trace, u);
}

}  // namespace rppg::classical
