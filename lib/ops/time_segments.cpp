#include "ops/time_segments.h"

#include <algorithm>

#include "kernels/kernels.h"

namespace rppg::ops {
namespace {

struct Segments {
  Index copies, clips, frames, length, width;

  Index row(Index copy, Index clip, Index t) const { return (copy * clips + clip) * frames + t; }
  /// Frame of x that a copy has at t.
  Index source(Index copy, Index t) const {
    const Index from = t + copy * length;
    return from < frames ? from : t;
  }
  /// Copies that have frame t of the clip at its place of theirs: copy 0, and those that begin no
  /// later than its segment.
  Index copies_at(Index t) const {
    return t < copies * length ? t / std::max<Index>(length, 1) + 1 : 1;
  }
};

/// to[row] += factor from[row], rows of `width` numbers.
void add_row(const Segments& s, const float* from, Index from_row, float factor, float* to,
             Index to_row) {
  kernels().elementwise.add_scaled(from + from_row * s.width, factor, s.width,
                                   to + to_row * s.width);
}

/// Calls visit(row of all copies, row of the clip) for every frame of every copy.
template <class Visit>
void for_copied_rows(const Segments& s, const Visit& visit) {
  for (Index copy = 0; copy < s.copies; ++copy) {
    for (Index clip = 0; clip < s.clips; ++clip) {
      for (Index t = 0; t < s.frames; ++t) {
        visit(s.row(copy, clip, t), s.row(0, clip, s.source(copy, t)));
      }
    }
  }
}

/// Calls visit(row of all copies, row of the clip, share) for every frame that enters a mean.
template <class Visit>
void for_mean_rows(const Segments& s, const Visit& visit) {
  for (Index clip = 0; clip < s.clips; ++clip) {
    for (Index t = 0; t < s.frames; ++t) {
      const Index count = s.copies_at(t);
      for (Index copy = 0; copy < count; ++copy) {
        visit(s.row(copy, clip, t - copy * s.length), s.row(0, clip, t),
              1 / static_cast<float>(count));
      }
    }
  }
}

}  // namespace

Tensor shifted_copies(Tensor x, Index copies) {
  const Shape& shape = x.shape();
  const Segments s{copies, shape[0], shape[1], shape[1] / copies, shape[2]};
  const Tensor y = x.tape().output({copies * s.clips, s.frames, s.width}, {x});
  const float* in = x.values().data();
  float* out = y.mutable_values().data();
  for_copied_rows(s, [&](Index copied, Index row) {
    std::copy_n(in + row * s.width, s.width, out + copied * s.width);
  });
  return x.tape().record("shifted_copies", y, [=] {
    for_copied_rows(s, [&](Index copied, Index row) {
      add_row(s, y.gradient().data(), copied, 1, x.gradient().data(), row);
    });
  });
}

Tensor mean_of_copies(Tensor x, Index copies) {
  const Shape& shape = x.shape();
  const Segments s{copies, shape[0] / copies, shape[1], shape[1] / copies, shape[2]};
  require_shape("mean_of_copies", shape, {s.copies * s.clips, s.frames, s.width});
  const Tensor y = x.tape().output({s.clips, s.frames, s.width}, {x});
  const float* in = x.values().data();
  float* out = y.mutable_values().data();
  std::fill(out, out + y.count(), 0.0F);
  for_mean_rows(
      s, [&](Index copied, Index row, float share) { add_row(s, in, copied, share, out, row); });
  return x.tape().record("mean_of_copies", y, [=] {
    for_mean_rows(s, [&](Index copied, Index row, float share) {
      add_row(s, y.gradient().data(), row, share, x.gradient().data(), copied);
    });
  });
}

}  // namespace rppg::ops
