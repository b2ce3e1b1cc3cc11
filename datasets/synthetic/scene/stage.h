/// The subject in front of a camera at one moment: rows of pixels in linear light.
#pragma once

#include <array>
#include <vector>

#include "datasets/synthetic/head/figure.h"
#include "datasets/synthetic/scene/light.h"
#include "datasets/synthetic/scene/motion.h"

namespace rppg::datasets {

/// Where the camera stands and what it sees.
struct View {
  int width = 0;
  int height = 0;
  double yaw_degrees = 0;  ///< 0 = frontal; positive: the face turns to the right of the picture
  double framing = 0.24;   ///< head unit as a share of the picture's height
};

/// Pixels per head unit.
double head_unit(const View& view);

/// Rectangle in pixels, with fractions.
struct FaceBox {
  double x = 0;
  double y = 0;
  double width = 0;
  double height = 0;
};

/// Blood in the face, by how late the pulse arrives: at 0, 1/7 .. 7/7 of the longest delay.
using Blood = std::array<float, 8>;

class Stage {
 public:
  /// room: (height, width, 3) linear light. figure must outlive the stage.
  Stage(const Figure& figure, const View& view, std::vector<float> room, Point lamp);

  /// Draws the head; rows are asked for afterwards.
  void set(const Pose& pose, const Illumination& light, const Blood& blood);
  /// One row, R, G, B of width pixels. Returns where the subject is, the room being outside.
  Span row(int row, float* pixels) const;
  /// Brow to chin, ear to ear, as far as it faces the camera.
  FaceBox face() const { return face_; }

 private:
  /// Rotation of the head in front of a turned camera, and where it goes.
  struct Placement;
  void place_vertices(const Placement& placement, const Pose& pose);
  void light_vertices(const Placement& placement, const Illumination& light, const Blood& blood);
  void draw_glasses(const Placement& placement, const Illumination& light);
  void find_face();
  void draw_trunk();
  Span add_trunk(int row, float* pixels) const;

  const Figure& figure_;
  View view_;
  std::vector<float> room_;
  Point lamp_;
  Canvas canvas_;
  std::vector<ScreenVertex> vertices_;
  std::vector<Four> trunk_;        ///< with margins; R, G, B times coverage, coverage
  std::vector<Span> trunk_spans_;  ///< per row, where there is any
  int margin_;
  FaceBox face_;
  // Of the moment:
  double trunk_x_ = 0;
  double trunk_y_ = 0;
  Four room_light_{1, 1, 1};
  Four trunk_light_{1, 1, 1};
};

}  // namespace rppg::datasets
