#include "signal/fft.h"

#include <algorithm>

#include <kissfft/kissfft.hh>

namespace rppg::signal {
namespace {

std::vector<Complex> transform(std::span<const Complex> input, bool inverse) {
  std::vector<Complex> output(input.size());
  if (!input.empty()) kissfft<double>(input.size(), inverse).transform(input.data(), output.data());
  return output;
}

}  // namespace

std::vector<Complex> real_fft(std::span<const double> samples, std::size_t length) {
  std::vector<Complex> padded(std::max(samples.size(), length));
  std::copy(samples.begin(), samples.end(), padded.begin());
  std::vector<Complex> spectrum = transform(padded, false);
  if (!spectrum.empty()) spectrum.resize(spectrum.size() / 2 + 1);
  return spectrum;
}

std::vector<Complex> fft(std::span<const Complex> samples) { return transform(samples, false); }

std::vector<Complex> inverse_fft(std::span<const Complex> spectrum) {
  std::vector<Complex> samples = transform(spectrum, true);
  for (Complex& sample : samples) sample /= static_cast<double>(samples.size());
  return samples;
}

struct FourierTransform::Plan {
  kissfft<double> transform;
};

FourierTransform::FourierTransform(std::size_t length)
    : length_(length), plan_(std::make_unique<const Plan>(Plan{kissfft<double>(length, false)})) {}

FourierTransform::~FourierTransform() = default;
FourierTransform::FourierTransform(FourierTransform&&) noexcept = default;
FourierTransform& FourierTransform::operator=(FourierTransform&&) noexcept = default;

void FourierTransform::forward(std::span<const Complex> samples,
                               std::span<Complex> spectrum) const {
  plan_->transform.transform(samples.data(), spectrum.data());
}

std::size_t next_power_of_two(std::size_t n) {
  std::size_t power = 1;
  while (power < n) power *= 2;
  return power;
}

}  // namespace rppg::signal
