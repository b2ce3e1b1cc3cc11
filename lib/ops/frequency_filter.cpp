// The transforms are matrix products: clips have some hundred frames, and many channels share them.
#include "ops/frequency_filter.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "ops/product.h"
#include "tensor/parallel.h"

namespace rppg::ops {
namespace {

/// x is real, so that bins up to half the rate tell all; the filter does not treat a bin and its
/// mirror image alike.
struct Filter {
  FrequencyFilterWeights weights;
  Index frames, channels;
  Index bins;          ///< 0 .. frames / 2
  const float* basis;  ///< (2 bins, frames): cosines, then negative sines, over sqrt(frames)

  Index size() const { return 2 * bins * channels; }
  bool has_mirror(Index bin) const { return bin > 0 && 2 * bin != frames; }
};

float* make_basis(Tape& tape, Index frames, Index bins) {
  const std::span<double> cosines = tape.scratch<double>(frames);
  const std::span<double> sines = tape.scratch<double>(frames);
  const double scale = 1 / std::sqrt(static_cast<double>(frames));
  for (Index j = 0; j < frames; ++j) {
    const double angle =
        2 * std::numbers::pi * static_cast<double>(j) / static_cast<double>(frames);
    cosines[static_cast<std::size_t>(j)] = scale * std::cos(angle);
    sines[static_cast<std::size_t>(j)] = scale * std::sin(angle);
  }
  float* basis = tape.scratch(2 * bins * frames).data();
  for (Index k = 0; k < bins; ++k) {
    for (Index n = 0; n < frames; ++n) {
      const auto j = static_cast<std::size_t>(k * n % frames);
      basis[k * frames + n] = static_cast<float>(cosines[j]);
      basis[(bins + k) * frames + n] = static_cast<float>(-sines[j]);
    }
  }
  return basis;
}

/// (frames, channels) -> (2 bins, channels): real, then imaginary parts.
void transform(const Filter& f, int threads, const float* x, float* spectrum) {
  const MatrixSegment segment{f.basis, x, f.frames};
  multiply(threads,
           {.m = 2 * f.bins,
            .n = f.channels,
            .a_row = f.frames,
            .a_column = 1,
            .b_row = f.channels,
            .c = spectrum,
            .c_row = f.channels,
            .bias = nullptr,
            .add = false},
           {&segment, 1});
}

/// The transposed: both the way back and the gradient of transform().
void transform_back(const Filter& f, int threads, const float* spectrum, float* x, bool add) {
  const MatrixSegment segment{f.basis, spectrum, 2 * f.bins};
  multiply(threads,
           {.m = f.frames,
            .n = f.channels,
            .a_row = 1,
            .a_column = f.frames,
            .b_row = f.channels,
            .c = x,
            .c_row = f.channels,
            .bias = nullptr,
            .add = add},
           {&segment, 1});
}

/// One channel of the weights.
struct Weight {
  float real, imaginary, real_bias, imaginary_bias;
};

Weight weight_at(const Filter& f, Index c) {
  const Index diagonal = c * (f.channels + 1);
  return {f.weights.real.values().data()[diagonal], f.weights.imaginary.values().data()[diagonal],
          f.weights.real_bias.values().data()[c], f.weights.imaginary_bias.values().data()[c]};
}

/// A bin of a channel, before relu. Its mirror image has the other sign of `im`.
struct Bin {
  float re, im;
};

Bin weighted(const Weight& w, Bin x) {
  return {x.re * w.real - x.im * w.imaginary + w.real_bias,
          x.im * w.real + x.re * w.imaginary + w.imaginary_bias};
}

float positive(float x) { return x > 0 ? x : 0; }

/// What a bin and its mirror image together give to cosine and negative sine.
void filter(const Filter& f, const float* spectrum, float* filtered) {
  const Index imaginary = f.bins * f.channels;
  for (Index c = 0; c < f.channels; ++c) {
    const Weight w = weight_at(f, c);
    for (Index k = 0; k < f.bins; ++k) {
      const Index at = k * f.channels + c;
      const Bin x{spectrum[at], spectrum[at + imaginary]};
      const Bin z = weighted(w, x);
      float re = positive(z.re), im = positive(z.im);
      if (f.has_mirror(k)) {
        const Bin mirror = weighted(w, {x.re, -x.im});
        re += positive(mirror.re);
        im -= positive(mirror.im);
      }
      filtered[at] = re;
      filtered[at + imaginary] = im;
    }
  }
}

struct WeightGradient {
  double real = 0, imaginary = 0, real_bias = 0, imaginary_bias = 0;
};

/// Back through one bin, d being the gradient for relu(weighted(w, x)); adds to both.
void go_back(const Weight& w, Bin x, Bin d, WeightGradient& dw, Bin& dx) {
  const Bin z = weighted(w, x);
  const float re = z.re > 0 ? d.re : 0, im = z.im > 0 ? d.im : 0;
  dx.re += re * w.real + im * w.imaginary;
  dx.im += im * w.real - re * w.imaginary;
  dw.real += static_cast<double>(re * x.re + im * x.im);
  dw.imaginary += static_cast<double>(im * x.re - re * x.im);
  dw.real_bias += static_cast<double>(re);
  dw.imaginary_bias += static_cast<double>(im);
}

void add_weight_gradient(const Filter& f, Index c, const WeightGradient& dw) {
  const auto add = [](Tensor to, Index at, double value) {
    if (to.wants_gradient()) to.gradient().data()[at] += static_cast<float>(value);
  };
  add(f.weights.real, c * (f.channels + 1), dw.real);
  add(f.weights.imaginary, c * (f.channels + 1), dw.imaginary);
  add(f.weights.real_bias, c, dw.real_bias);
  add(f.weights.imaginary_bias, c, dw.imaginary_bias);
}

/// The gradient for the filtered spectrum becomes that for the spectrum.
void filter_backward(const Filter& f, const float* spectrum, float* d) {
  const Index imaginary = f.bins * f.channels;
  for (Index c = 0; c < f.channels; ++c) {
    const Weight w = weight_at(f, c);
    WeightGradient dw;
    for (Index k = 0; k < f.bins; ++k) {
      const Index at = k * f.channels + c;
      const Bin x{spectrum[at], spectrum[at + imaginary]};
      const Bin upstream{d[at], d[at + imaginary]};
      Bin dx{0, 0};
      go_back(w, x, upstream, dw, dx);
      if (f.has_mirror(k)) {
        Bin mirrored{0, 0};
        go_back(w, {x.re, -x.im}, {upstream.re, -upstream.im}, dw, mirrored);
        dx.re += mirrored.re;
        dx.im -= mirrored.im;
      }
      d[at] = dx.re;
      d[at + imaginary] = dx.im;
    }
    add_weight_gradient(f, c, dw);
  }
}

void check_shapes(Tensor x, const FrequencyFilterWeights& weights) {
  const Shape& shape = x.shape();
  const Index channels = shape[-1];
  require_shape("frequency_filter: x", shape, {shape[0], shape[1], channels});
  require_shape("frequency_filter: real", weights.real.shape(), {channels, channels});
  require_shape("frequency_filter: imaginary", weights.imaginary.shape(), {channels, channels});
  require_shape("frequency_filter: real_bias", weights.real_bias.shape(), {channels});
  require_shape("frequency_filter: imaginary_bias", weights.imaginary_bias.shape(), {channels});
}

}  // namespace

Tensor frequency_filter(Tensor x, const FrequencyFilterWeights& weights) {
  check_shapes(x, weights);
  Tape& tape = x.tape();
  const int threads = tape.threads();
  const Index clips = x.shape()[0], frames = x.shape()[1], channels = x.shape()[2];
  const Tensor y = tape.output(
      x.shape(), {x, weights.real, weights.imaginary, weights.real_bias, weights.imaginary_bias});
  const Arena::Mark mark = tape.arena().mark();
  const Index bins = frames / 2 + 1;
  const Filter f{weights, frames, channels, bins, make_basis(tape, frames, bins)};
  float* const spectra = tape.scratch(clips * f.size()).data();
  float* const filtered = tape.scratch(f.size()).data();
  for (Index b = 0; b < clips; ++b) {
    const Index at = b * frames * channels;
    transform(f, threads, x.values().data() + at, spectra + b * f.size());
    filter(f, spectra + b * f.size(), filtered);
    transform_back(f, threads, filtered, y.mutable_values().data() + at, false);
  }
  if (!y.wants_gradient()) tape.arena().rewind(mark);
  tape.count_cost("frequency_filter", weights.real, y, 4 * bins + 4);

  return tape.record("frequency_filter", y, [=] {
    for (Index b = 0; b < clips; ++b) {
      const Index at = b * frames * channels;
      transform(f, threads, y.gradient().data() + at, filtered);
      filter_backward(f, spectra + b * f.size(), filtered);
      if (x.wants_gradient()) {
        transform_back(f, threads, filtered, x.gradient().data() + at, true);
      }
    }
  });
}

}  // namespace rppg::ops
