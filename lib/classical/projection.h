/// What LGI and OMIT share: colours projected onto the plane orthogonal to one direction.
#pragma once

#include <array>
#include <vector>

#include "signal/waveform.h"

namespace rppg::classical {

/// Green row of (I - u u') C, u a unit vector in (R, G, B).
std::vector<double> green_of_projection(const RgbTrace& trace, const std::array<double, 3>& u);

}  // namespace rppg::classical
