/// Process-wide settings of OpenCV.
#pragma once

namespace rppg::video {

/// No threads behind our back and no messages of its own; what fails is thrown. Any thread may
/// call it, any number of times.
void set_up_opencv();

}  // namespace rppg::video
