// The filter against its definition over all frequencies, and the ops of several starting points.
#include "ops/frequency_filter.h"

#include <algorithm>
#include <complex>
#include <numbers>
#include <vector>

#include <doctest/doctest.h>

#include "base/random.h"
#include "kernels/kernels.h"
#include "ops/time_segments.h"
#include "tensor/tape.h"

using namespace rppg;
using Complex = std::complex<double>;

namespace {

std::vector<float> random_numbers(Index count, std::uint64_t stream) {
  const Random random(3, stream);
  std::vector<float> numbers(static_cast<std::size_t>(count));
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    numbers[i] = static_cast<float>(random.uniform(i, -1, 1));
  }
  return numbers;
}

Complex turn(Index k, Index n, Index frames) {
  return std::polar(1.0, 2 * std::numbers::pi * static_cast<double>(k * n % frames) /
                             static_cast<double>(frames));
}

double relu(double x) { return std::max(x, 0.0); }

/// One channel of the filter, frequency by frequency.
std::vector<double> defined(const std::vector<double>& x, Complex weight, Complex bias) {
  const auto frames = static_cast<Index>(x.size());
  const double scale = 1 / std::sqrt(static_cast<double>(frames));
  std::vector<Complex> spectrum(x.size());
  for (Index k = 0; k < frames; ++k) {
    Complex sum = 0;
    for (Index n = 0; n < frames; ++n) {
      sum += x[static_cast<std::size_t>(n)] * std::conj(turn(k, n, frames));
    }
    const Complex z = scale * sum * weight + bias;
    spectrum[static_cast<std::size_t>(k)] = {relu(z.real()), relu(z.imag())};
  }
  std::vector<double> y;
  for (Index n = 0; n < frames; ++n) {
    Complex sum = 0;
    for (Index k = 0; k < frames; ++k) {
      sum += spectrum[static_cast<std::size_t>(k)] * turn(k, n, frames);
    }
    y.push_back(scale * sum.real());
  }
  return y;
}

void check_filter(Index frames, Index channels, int threads) {
  const std::vector<float> x = random_numbers(2 * frames * channels, 1);
  const std::vector<float> real = random_numbers(channels * channels, 2);
  const std::vector<float> imaginary = random_numbers(channels * channels, 3);
  const std::vector<float> biases = random_numbers(2 * channels, 4);
  Arena arena;
  Tape tape(arena, {.threads = threads});
  const auto first = static_cast<std::size_t>(channels);
  const Tensor y = ops::frequency_filter(
      tape.input(x, {2, frames, channels}),
      {tape.input(real, {channels, channels}), tape.input(imaginary, {channels, channels}),
       tape.input(std::span(biases).first(first), {channels}),
       tape.input(std::span(biases).last(first), {channels})});
  const auto at = [](const std::vector<float>& numbers, Index i) {
    return static_cast<double>(numbers[static_cast<std::size_t>(i)]);
  };
  for (Index b = 0; b < 2; ++b) {
    for (Index c = 0; c < channels; ++c) {
      std::vector<double> wave;
      for (Index n = 0; n < frames; ++n) wave.push_back(at(x, (b * frames + n) * channels + c));
      const Index diagonal = c * (channels + 1);
      const std::vector<double> wanted =
          defined(wave, {at(real, diagonal), at(imaginary, diagonal)},
                  {at(biases, c), at(biases, channels + c)});
      for (Index n = 0; n < frames; ++n) {
        const Index place = (b * frames + n) * channels + c;
        REQUIRE(std::abs(static_cast<double>(y.values()[static_cast<std::size_t>(place)]) -
                         wanted[static_cast<std::size_t>(n)]) < 2e-6);
      }
    }
  }
}

}  // namespace

TEST_CASE("channels are filtered frequency by frequency, for even and odd lengths") {
  for (const Kernels* table : available_kernels()) {
    CAPTURE(table->isa);
    const KernelsOverride chosen(*table);
    check_filter(80, 5, 1);
    check_filter(13, 19, 2);
    check_filter(1, 2, 1);
  }
}

TEST_CASE("copies of a clip begin with its segments, and their means come back to their places") {
  Arena arena;
  Tape tape(arena, {});
  const std::vector<float> clip{0, 1, 2, 3, 4, 5, 6};  // segments of two frames, one left over
  const Tensor copies = ops::shifted_copies(tape.input(clip, {1, 7, 1}), 3);
  const std::vector<float> shifted{0, 1, 2, 3, 4, 5, 6, 2, 3, 4, 5, 6, 5, 6, 4, 5, 6, 3, 4, 5, 6};
  CHECK(std::equal(shifted.begin(), shifted.end(), copies.values().begin()));
  const Tensor back = ops::mean_of_copies(copies, 3);
  CHECK(back.shape() == Shape{1, 7, 1});
  for (std::size_t t = 0; t < clip.size(); ++t) {
    CHECK(back.values()[t] == doctest::Approx(clip[t]));
  }
  std::vector<float> numbered(21);
  for (std::size_t i = 0; i < numbered.size(); ++i) numbered[i] = static_cast<float>(i);
  const Tensor mean = ops::mean_of_copies(tape.input(numbered, {3, 7, 1}), 3);
  const std::vector<float> wanted{
      0, 1, (2 + 7) / 2.0F, (3 + 8) / 2.0F, (4 + 9 + 14) / 3.0F, (5 + 10 + 15) / 3.0F, 6};
  for (std::size_t t = 0; t < wanted.size(); ++t) {
    CHECK(mean.values()[t] == doctest::Approx(wanted[t]));
  }
}
