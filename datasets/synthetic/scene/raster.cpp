#include "datasets/synthetic/scene/raster.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <utility>

namespace rppg::datasets {
namespace {

constexpr float nowhere = -1e9F;
constexpr int heights = 4;  // of the outline within one row

/// First pixel whose centre lies at or after x, or 0 before the picture.
int first_centre(float x) {
  const float next_edge = x + 0.5F;  // cut off, not rounded: below 0 nothing matters
  return std::max(static_cast<int>(next_edge), 0);
}

/// A side of a triangle, always taken from its upper end: two triangles that share it cut rows at
/// the same places.
struct Side {
  float x, y, slope;

  Side(const ScreenVertex& upper, const ScreenVertex& lower)
      : x(upper.x),
        y(upper.y),
        slope(lower.y > upper.y ? (lower.x - upper.x) / (lower.y - upper.y) : 0.0F) {}
  float at(float row) const { return x + (row - y) * slope; }
};

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

Span hull(Span a, Span b) {
  if (a.begin >= a.end) return b;
  if (b.begin >= b.end) return a;
  return {std::min(a.begin, b.begin), std::max(a.end, b.end)};
}

/// Where horizontal lines cut a triangle.
class Canvas::Cuts {
 public:
  Cuts(const ScreenVertex& a, const ScreenVertex& b, const ScreenVertex& c)
      : Cuts(sorted({&a, &b, &c})) {}

  float top() const { return top_; }
  float bottom() const { return bottom_; }
  /// From left to right, for a line between top and bottom.
  std::pair<float, float> at(float y) const {
    const float whole = whole_.at(y), part = (y < middle_ ? upper_ : lower_).at(y);
    return whole < part ? std::pair(whole, part) : std::pair(part, whole);
  }

 private:
  using Corners = std::array<const ScreenVertex*, 3>;

  static Corners sorted(Corners corners) {
    const auto order = [&corners](std::size_t i, std::size_t j) {
      if (corners[j]->y < corners[i]->y) std::swap(corners[i], corners[j]);
    };
    order(0, 1);
    order(1, 2);
    order(0, 1);
    return corners;
  }

  explicit Cuts(const Corners& from_top)
      : top_(from_top[0]->y),
        middle_(from_top[1]->y),
        bottom_(from_top[2]->y),
        whole_(*from_top[0], *from_top[2]),
        upper_(*from_top[0], *from_top[1]),
        lower_(*from_top[1], *from_top[2]) {}

  float top_, middle_, bottom_;
  Side whole_, upper_, lower_;
};

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
      covered_(static_cast<std::size_t>(height)),
      left_(static_cast<std::size_t>(heights * height), -nowhere),
      right_(left_.size(), nowhere) {}

void Canvas::clear() {
  for (int row = first_row_; row <= last_row_; ++row) {
    std::fill_n(depth_.begin() + static_cast<std::ptrdiff_t>(index(row, 0)), width_, nowhere);
  }
  std::fill(covered_.begin(), covered_.end(), Span{});
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
  const Cuts cuts(a, b, c);
  if (std::min({a.facing, b.facing, c.facing}) < 0.35F) widen_outline(cuts);

  const int first = first_centre(cuts.top());
  const int end = std::min(first_centre(cuts.bottom()), height_);
  if (first >= end) return;
  first_row_ = std::min(first_row_, first);
  last_row_ = std::max(last_row_, end - 1);
  const float inverse = 1 / area;
  const Four shade_x = ((b.shade - a.shade) * cy - (c.shade - a.shade) * by) * inverse;
  const Four shade_y = ((c.shade - a.shade) * bx - (b.shade - a.shade) * cx) * inverse;
  const Four place_x = ((b.place - a.place) * cy - (c.place - a.place) * by) * inverse;
  const Four place_y = ((c.place - a.place) * bx - (b.place - a.place) * cx) * inverse;
  for (int row = first; row < end; ++row) {
    const float y = static_cast<float>(row) + 0.5F;
    const auto [left, right] = cuts.at(y);
    const int from = first_centre(left);
    const int to = std::min(first_centre(right), width_);
    if (from >= to) continue;
    Span& covered = covered_[static_cast<std::size_t>(row)];
    covered = hull(covered, {from, to});
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

void Canvas::widen_outline(const Cuts& cuts) {
  const int first = first_centre(heights * cuts.top());
  const int end = std::min(first_centre(heights * cuts.bottom()), heights * height_);
  for (int i = first; i < end; ++i) {
    const auto [left, right] = cuts.at((static_cast<float>(i) + 0.5F) / heights);
    const auto at = static_cast<std::size_t>(i);
    left_[at] = std::min(left_[at], left);
    right_[at] = std::max(right_[at], right);
  }
}

Span Canvas::compose(int row, float* pixels) const {
  const Span covered = covered_[static_cast<std::size_t>(row)];
  if (covered.begin >= covered.end) return {};
  // Where the outline was not seen from the side, pixels tell of it.
  const float first = static_cast<float>(covered.begin) + 0.5F;
  const float last = static_cast<float>(covered.end) - 0.5F;
  const auto at = static_cast<std::size_t>(heights) * static_cast<std::size_t>(row);
  std::array<float, heights> left{}, right{};
  for (std::size_t i = 0; i < heights; ++i) {
    left[i] = std::min(left_[at + i], first);
    right[i] = std::max(right_[at + i], last);
  }
  const auto [leftmost, solid_from] = std::minmax({left[0], left[1], left[2], left[3]});
  const auto [solid_to, rightmost] = std::minmax({right[0], right[1], right[2], right[3]});
  const auto width = static_cast<float>(width_);
  const Span span{static_cast<int>(std::clamp(std::floor(leftmost), 0.0F, width)),
                  static_cast<int>(std::clamp(std::ceil(rightmost), 0.0F, width))};
  const float* depth = depth_.data() + index(row, 0);
  const Four* colour = colour_.data() + index(row, 0);
  for (int x = span.begin; x < span.end; ++x) {
    const int source = std::clamp(x, covered.begin, covered.end - 1);
    if (depth[source] == nowhere) continue;
    float* out = pixels + 3 * x;
    const auto low = static_cast<float>(x);
    if (low >= solid_from && low + 1 <= solid_to) {
      std::memcpy(out, &colour[source], 3 * sizeof(float));
      continue;
    }
    float share = 0;
    for (std::size_t i = 0; i < heights; ++i) {
      share += std::max(std::min(right[i], low + 1) - std::max(left[i], low), 0.0F) / heights;
    }
    for (int k = 0; k < 3; ++k) out[k] += (colour[source][k] - out[k]) * share;
  }
  return span;
}

}  // namespace rppg::datasets
