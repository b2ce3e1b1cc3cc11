/// Discrete Fourier transforms in double precision (the only file that knows KissFFT).
#pragma once

#include <complex>
#include <cstddef>
#include <memory>
#include <span>
#include <vector>

namespace rppg::signal {

using Complex = std::complex<double>;

/// X_k = sum_n x_n exp(-2 pi i k n / N) for k = 0 .. N/2, N = max(size, length); zero padded.
std::vector<Complex> real_fft(std::span<const double> samples, std::size_t length = 0);

/// Forward and inverse complex transforms of any length; the inverse divides by N.
std::vector<Complex> fft(std::span<const Complex> samples);
std::vector<Complex> inverse_fft(std::span<const Complex> spectrum);

/// Forward transforms of one length, again and again. For a length without prime factors above 5
/// forward() allocates nothing and may run at once on several threads.
class FourierTransform {
 public:
  explicit FourierTransform(std::size_t length);
  ~FourierTransform();
  FourierTransform(FourierTransform&&) noexcept;
  FourierTransform& operator=(FourierTransform&&) noexcept;
  FourierTransform(const FourierTransform&) = delete;
  FourierTransform& operator=(const FourierTransform&) = delete;

  std::size_t length() const { return length_; }
  /// Both of this length, and apart.
  void forward(std::span<const Complex> samples, std::span<Complex> spectrum) const;

 private:
  struct Plan;
  std::size_t length_;
  std::unique_ptr<const Plan> plan_;
};

/// Smallest power of two that is >= n (1 for n = 0).
std::size_t next_power_of_two(std::size_t n);

}  // namespace rppg::signal
