/// The picture of a synthetic subject from one side, as layers that a camera puts together.
#pragma once

#include <array>
#include <vector>

#include "datasets/synthetic/head.h"

namespace rppg::datasets {

/// Where the camera stands and what it sees.
struct View {
  int width = 0;
  int height = 0;
  double yaw_degrees = 0;  ///< 0 = frontal; positive: the face turns to the right of the image
  int margin = 0;          ///< pixels drawn beyond each edge, so that the subject can move
};

/// Rectangle in pixels, with fractions.
struct FaceBox {
  double x = 0;
  double y = 0;
  double width = 0;
  double height = 0;
};

/// Everything in code values (0..255, gamma applied) under steady light.
///
/// subject, pulsatile and cover have (height + 2 margin) rows of (width + 2 margin) pixels.
struct Portrait {
  View view;
  std::vector<float> wall;       ///< (height, width, 3)
  std::vector<float> subject;    ///< RGB times coverage
  std::vector<float> pulsatile;  ///< the part of subject that the pulse modulates
  std::vector<float> cover;      ///< coverage 0..1, three times the same per pixel
  FaceBox face;                  ///< brow to chin, ear to ear, before any motion
};

/// Draws the subject once; orthographic, anti-aliased.
Portrait draw_portrait(const Appearance& appearance, const View& view);

}  // namespace rppg::datasets
