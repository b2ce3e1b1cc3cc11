#include "datasets/synthetic/scene/lens.h"

#include <algorithm>

namespace rppg::datasets {
namespace {

// Of either neighbour in each direction: half the variance, 0.6 pixels squared.
constexpr float neighbour_share = 0.18F;

/// Values of begin <= i < end, each mixed with those at the same place of two other arrays.
void mix_neighbours(const float* before, const float* at, const float* after, std::size_t begin,
                    std::size_t end, float* out) {
  for (std::size_t i = begin; i < end; ++i) {
    out[i] = at[i] + neighbour_share * (before[i] + after[i] - 2 * at[i]);
  }
}

}  // namespace

Lens::Lens(const Stage& stage, int width, int height)
    : stage_(stage),
      width_(width),
      height_(height),
      blurred_down_(3 * static_cast<std::size_t>(width)),
      blurred_(blurred_down_.size()) {
  for (Row& row : rows_) row.pixels.resize(blurred_.size());
}

void Lens::look(int row) { kept(row).span = stage_.row(row, kept(row).pixels.data()); }

const float* Lens::row(int row) {
  if (row == 0) look(0);
  if (row + 1 < height_) look(row + 1);
  const Row& above = kept(std::max(row - 1, 0));
  const Row& here = kept(row);
  const Row& below = kept(std::min(row + 1, height_ - 1));
  Span span = hull(hull(above.span, here.span), below.span);
  span = {std::max(span.begin, 2), std::min(span.end, width_ - 2)};
  if (span.begin >= span.end) return here.pixels.data();

  const auto begin = 3 * static_cast<std::size_t>(span.begin - 1);
  const auto end = 3 * static_cast<std::size_t>(span.end + 1);
  mix_neighbours(above.pixels.data(), here.pixels.data(), below.pixels.data(), begin - 3, end + 3,
                 blurred_down_.data());
  std::copy_n(here.pixels.data(), begin, blurred_.data());
  mix_neighbours(blurred_down_.data() - 3, blurred_down_.data(), blurred_down_.data() + 3, begin,
                 end, blurred_.data());
  std::copy(here.pixels.data() + end, here.pixels.data() + here.pixels.size(),
            blurred_.data() + end);
  return blurred_.data();
}

}  // namespace rppg::datasets
