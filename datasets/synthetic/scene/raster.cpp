#include "datasets/synthetic/scene/raster.h"

#include <algorithm>
#include <cmath>

namespace rppg::datasets {
namespace {

constexpr float nowhere = -1e9F;
constexpr int heights = 4;  // of the outline within one row

/// Where a horizontal line cuts a triangle.
struct Cut {
  float left = -nowhere;
  float right = nowhere;

  void cross(float y, float xa, float ya, float xb, float yb, float slope) {
    if ((ya <= y) == (yb <= y)) return;
    const float x = ya <= yb ? xa + (y - ya) * slope : xb + (y - yb) * slope;
    left = std::min(left, x);
    right = std::max(right, x);
  }
};

float slope(float xa, float ya, float xb, float yb) {
  return ya == yb ? 0.0F : (xb - xa) / (yb - ya);
}

/// The three sides of a triangle.
class Sides {
 public:
  Sides(const ScreenVertex& a, const ScreenVertex& b, const ScreenVertex& c)
      : a_(a),
        b_(b),
        c_(c),
        ab_(slope(a.x, a.y, b.x, b.y)),
        bc_(slope(b.x, b.y, c.x, c.y)),
        ca_(slope(c.x, c.y, a.x, a.y)) {}

  Cut at(float y) const {
    Cut cut;
    cut.cross(y, a_.x, a_.y, b_.x, b_.y, ab_);
    cut.cross(y, b_.x, b_.y, c_.x, c_.y, bc_);
    cut.cross(y, c_.x, c_.y, a_.x, a_.y, ca_);
    return cut;
  }

 private:
  const ScreenVertex& a_;
  const ScreenVertex& b_;
  const ScreenVertex& c_;
  float ab_, bc_, ca_;
};

/// First pixel (or row) whose centre lies at or after x.
int first_centre(float x) { return static_cast<int>(std::ceil(x - 0.5F)); }

Four look_up(const Texture& texture, float column, float row) {
  const int i = static_cast<int>(column), j = static_cast<int>(row);
  const float u = column - static_cast<float>(i), v = row - static_cast<float>(j);
  const Four* at = texture.texels.data() + texture.index(j, i);
  const Four* below = at + texture.width;
  const Four top = at[0] + (at[1] - at[0]) * u;
  const Four bottom = below[0] + (below[1] - below[0]) * u;
  return top + (bottom - top) * v;
}

}  // namespace

struct Canvas::Drawing {
  const Texture& texture;
  Four signature;
  Four lamp;
};

Canvas::Canvas(int width, int height)
    : width_(width),
      height_(height),
      colour_(static_cast<std::size_t>(width) * static_cast<std::size_t>(height)),
      depth_(colour_.size(), nowhere),
      left_(static_cast<std::size_t>(heights * height), -nowhere),
      right_(left_.size(), nowhere) {}

void Canvas::clear() {
  for (int row = first_row_; row <= last_row_; ++row) {
    std::fill_n(depth_.begin() + static_cast<std::ptrdiff_t>(index(row, 0)), width_, nowhere);
  }
  std::fill(left_.begin(), left_.end(), -nowhere);
  std::fill(right_.begin(), right_.end(), nowhere);
  first_row_ = height_;
  last_row_ = -1;
}

void Canvas::draw(const std::vector<ScreenVertex>& vertices, int rows, int columns,
                  const Texture& texture, Four signature, Four lamp) {
  const Drawing drawing{texture, signature, lamp};
  for (int row = 0; row + 1 < rows; ++row) {
    const ScreenVertex* top = vertices.data() + row * columns;
    const ScreenVertex* bottom = top + columns;
    for (int column = 0; column + 1 < columns; ++column) {
      triangle(drawing, top[column], top[column + 1], bottom[column]);
      triangle(drawing, top[column + 1], bottom[column + 1], bottom[column]);
    }
  }
}

void Canvas::triangle(const Drawing& drawing, const ScreenVertex& a, const ScreenVertex& b,
                      const ScreenVertex& c) {
  const float bx = b.x - a.x, by = b.y - a.y, cx = c.x - a.x, cy = c.y - a.y;
  const float area = bx * cy - cx * by;
  if (!(area > 1e-6F)) return;
  if (std::min({a.facing, b.facing, c.facing}) < 0.35F) widen_outline(a, b, c);

  const int first = std::max(first_centre(std::min({a.y, b.y, c.y})), 0);
  const int end = std::min(first_centre(std::max({a.y, b.y, c.y})), height_);
  if (first >= end) return;
  first_row_ = std::min(first_row_, first);
  last_row_ = std::max(last_row_, end - 1);
  const Sides sides(a, b, c);
  const float inverse = 1 / area;
  const Four shade_x = ((b.shade - a.shade) * cy - (c.shade - a.shade) * by) * inverse;
  const Four shade_y = ((c.shade - a.shade) * bx - (b.shade - a.shade) * cx) * inverse;
  const Four place_x = ((b.place - a.place) * cy - (c.place - a.place) * by) * inverse;
  const Four place_y = ((c.place - a.place) * bx - (b.place - a.place) * cx) * inverse;
  for (int row = first; row < end; ++row) {
    const float y = static_cast<float>(row) + 0.5F;
    const Cut cut = sides.at(y);
    const int from = std::max(first_centre(cut.left), 0);
    const int to = std::min(first_centre(cut.right), width_);
    if (from >= to) continue;
    const float dx = static_cast<float>(from) + 0.5F - a.x, dy = y - a.y;
    Four shade = a.shade + shade_x * dx + shade_y * dy;
    Four place = a.place + place_x * dx + place_y * dy;
    const std::size_t at = index(row, from);
    for (std::size_t i = at; i < at + static_cast<std::size_t>(to - from); ++i) {
      if (place[2] > depth_[i]) {
        depth_[i] = place[2];
        const Four texel = look_up(drawing.texture, place[0], place[1]);
        const float blood = texel[3] * place[3];
        colour_[i] = texel * shade * (1 - drawing.signature * blood) + drawing.lamp * shade[3];
        colour_[i][3] = 1;
      }
      shade += shade_x;
      place += place_x;
    }
  }
}

void Canvas::widen_outline(const ScreenVertex& a, const ScreenVertex& b, const ScreenVertex& c) {
  const Sides sides(a, b, c);
  const int first = std::max(first_centre(heights * std::min({a.y, b.y, c.y})), 0);
  const int end = std::min(first_centre(heights * std::max({a.y, b.y, c.y})), heights * height_);
  for (int i = first; i < end; ++i) {
    const Cut cut = sides.at((static_cast<float>(i) + 0.5F) / heights);
    const auto at = static_cast<std::size_t>(i);
    left_[at] = std::min(left_[at], cut.left);
    right_[at] = std::max(right_[at], cut.right);
  }
}

void Canvas::compose(int row, float* pixels) const {
  if (row < first_row_ || row > last_row_) return;
  const auto at = static_cast<std::size_t>(heights) * static_cast<std::size_t>(row);
  const float* left = left_.data() + at;
  const float* right = right_.data() + at;
  const float leftmost = std::min({left[0], left[1], left[2], left[3]});
  const float rightmost = std::max({right[0], right[1], right[2], right[3]});
  const int begin = static_cast<int>(std::clamp(std::floor(leftmost), 0.0F, float(width_)));
  const int end = static_cast<int>(std::clamp(std::ceil(rightmost), 0.0F, float(width_)));
  const float solid_from =
      std::max({left[0], left[1], left[2], left[3]});  // between these all is covered
  const float solid_to = std::min({right[0], right[1], right[2], right[3]});
  const float* depth = depth_.data() + index(row, 0);
  const Four* colour = colour_.data() + index(row, 0);
  int first = begin, last = end - 1;  // with a centre that is covered
  while (first < end && depth[first] == nowhere) ++first;
  while (last > first && depth[last] == nowhere) --last;
  if (first >= end) return;
  for (int x = begin; x < end; ++x) {
    const auto low = static_cast<float>(x);
    float share = 1;
    if (low < solid_from || low + 1 > solid_to) {
      share = 0;
      for (int i = 0; i < heights; ++i) {
        share += std::max(std::min(right[i], low + 1) - std::max(left[i], low), 0.0F) / heights;
      }
    }
    const int source = std::clamp(x, first, last);
    if (depth[source] == nowhere) continue;
    float* out = pixels + 3 * x;
    for (int k = 0; k < 3; ++k) out[k] += (colour[source][k] - out[k]) * share;
  }
}

}  // namespace rppg::datasets
