// GREEN: the mean green value itself (Verkruysse et al. 2008).
#include "classical/methods.h"
#include "classical/trace.h"

namespace rppg::classical {

std::vector<double> green(const RgbTrace& trace) {
  require_trace(trace, 1, "GREEN");
  return trace.channels[1];
}

}  // namespace rppg::classical
