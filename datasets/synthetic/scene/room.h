/// The background of a synthetic recording: a room, out of focus.
#pragma once

#include <vector>

#include "base/random.h"
#include "datasets/synthetic/head/colour.h"

namespace rppg::datasets {

/// (height, width, 3) in linear light: a wall with what stands before it and hangs on it. turn: the
/// camera's angle, degrees, shows another part of the room.
std::vector<float> draw_room(const Random& random, const Color& wall, int width, int height,
                             double turn);

}  // namespace rppg::datasets
