/// The lens of a synthetic camera: a point of light spreads over its neighbours.
#pragma once

#include <array>
#include <vector>

#include "datasets/synthetic/scene/stage.h"

namespace rppg::datasets {

class Lens {
 public:
  /// stage must outlive the lens.
  Lens(const Stage& stage, int width, int height);

  /// One row as it reaches the sensor, R, G, B of width pixels, valid until the next call. Rows of
  /// a frame are asked for from the top downwards. Only the subject is blurred: the room behind is
  /// drawn out of focus.
  const float* row(int row);

 private:
  struct Row {
    std::vector<float> pixels;
    Span span;
  };

  void look(int row);
  Row& kept(int row) { return rows_[static_cast<std::size_t>(row) % rows_.size()]; }

  const Stage& stage_;
  int width_;
  int height_;
  std::array<Row, 3> rows_;
  std::vector<float> blurred_down_;
  std::vector<float> blurred_;
};

}  // namespace rppg::datasets
