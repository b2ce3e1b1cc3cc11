/// The ops whose backward passes are checked.
#pragma once

#include <vector>

#include "support/gradient_check.h"

namespace rppg::test {

/// One case per op and way of using it.
const std::vector<GradientCase>& gradient_cases();

}  // namespace rppg::test
