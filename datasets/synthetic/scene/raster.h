/// Fast drawing of shaded, textured meshes in one direction of view.
#pragma once

#include <vector>

#include "datasets/synthetic/head/texture.h"

namespace rppg::datasets {

/// Columns begin <= x < end of a row.
struct Span {
  int begin = 0;
  int end = 0;
};

/// Both, and what lies between.
Span hull(Span a, Span b);

/// A vertex as the camera sees it.
struct ScreenVertex {
  Four shade{};      ///< irradiance R, G, B, and mirror-like light
  Four place{};      ///< texture column and row, nearness, blood
  float x = 0;       ///< pixels
  float y = 0;       ///< pixels, downwards
  float facing = 0;  ///< the normal's part towards the camera
};

/// What is drawn: colours in linear light, and how far each row of the outline reaches.
///
/// The outline is kept at four heights within a row, so that compose() can give its pixels the
/// share that the solid covers of them.
class Canvas {
 public:
  Canvas(int width, int height);

  /// Empties the rows that were drawn on.
  void clear();
  /// A grid of (rows, columns) vertices whose front faces the camera. signature: darkening of R, G,
  /// B per unit of blood. The colour of a pixel is
  ///     texel * irradiance * (1 - texel pulse * blood * signature) + mirror light * lamp.
  void draw(const std::vector<ScreenVertex>& vertices, int rows, int columns,
            const Texture& texture, Four signature, Four lamp);
  /// Blends the row over `pixels`, R, G, B of width pixels. Returns where there is anything.
  Span compose(int row, float* pixels) const;
  /// Nearness of what was drawn; very small where nothing was.
  float nearness(int row, int column) const { return depth_[index(row, column)]; }

  /// R, G, B and 1, where something was drawn.
  const Four& colour(int row, int column) const { return colour_[index(row, column)]; }

 private:
  struct Drawing;
  class Cuts;
  void triangle(const Drawing& drawing, const ScreenVertex& a, const ScreenVertex& b,
                const ScreenVertex& c);
  void widen_outline(const Cuts& cuts);
  std::size_t index(int row, int column) const {
    return static_cast<std::size_t>(row) * static_cast<std::size_t>(width_) +
           static_cast<std::size_t>(column);
  }

  int width_;
  int height_;
  int first_row_ = 0;  ///< drawn on
  int last_row_ = -1;
  std::vector<Four> colour_;
  std::vector<float> depth_;
  std::vector<Span> covered_;  ///< pixels of each row whose centre was drawn on, and between them
  std::vector<float> left_;    ///< of the outline where it is seen from the side
  std::vector<float> right_;
};

}  // namespace rppg::datasets
