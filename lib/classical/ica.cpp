// ICA: JADE on the standardised traces, the component with the highest spectral peak (Poh et al.
// 2010; Cardoso 1999). For real data the complex rotations of JADE reduce to the real ones below.
#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include <Eigen/Dense>

#include "base/error.h"
#include "classical/methods.h"
#include "classical/trace.h"
#include "signal/fft.h"
#include "signal/filter.h"

namespace rppg::classical {
namespace {

using Eigen::Index;
using Eigen::Matrix3d;
using Eigen::Matrix3Xd;

constexpr double detrend_lambda = 100;
constexpr int filter_order = 3;
constexpr Band filter_band{0.7, 2.5};
constexpr int max_sweeps = 1000;

Matrix3Xd standardized(const RgbTrace& trace) {
  Matrix3Xd x(3, static_cast<Index>(trace.size()));
  for (std::size_t c = 0; c < 3; ++c) {
    const std::vector<double> detrended = signal::detrend(trace.channels[c], detrend_lambda);
    const double smallest = constant_below * std::abs(signal::mean(trace.channels[c]));
    if (!(signal::standard_deviation(detrended) > smallest)) {
      throw Error(Status::malformed, "ICA: a colour is constant");
    }
    const std::vector<double> channel = signal::standardize(detrended);
    x.row(static_cast<Index>(c)) =
        Eigen::Map<const Eigen::RowVectorXd>(channel.data(), static_cast<Index>(channel.size()));
  }
  return x;
}

Matrix3Xd whitened(const Matrix3Xd& x) {
  const Matrix3d covariance = x * x.transpose() / static_cast<double>(x.cols());
  const Eigen::SelfAdjointEigenSolver<Matrix3d> solver(covariance);
  if (!(solver.eigenvalues()(0) > 1e-12 * solver.eigenvalues()(2))) {
    throw Error(Status::malformed, "ICA: the three colours are not independent");
  }
  return solver.operatorInverseSqrt() * x;
}

/// The three strongest eigenmatrices of the fourth-order cumulants, scaled by their eigenvalues.
std::array<Matrix3d, 3> cumulant_matrices(const Matrix3Xd& y) {
  const auto n = static_cast<double>(y.cols());
  const Matrix3d r = y * y.transpose() / n;
  Eigen::Matrix<double, 9, 9> q;
  for (Index l = 0; l < 3; ++l) {
    for (Index k = 0; k < 3; ++k) {
      for (Index j = 0; j < 3; ++j) {
        for (Index i = 0; i < 3; ++i) {
          const double moment =
              (y.row(l).array() * y.row(k).array() * y.row(j).array() * y.row(i).array()).sum() / n;
          q(3 * l + k, 3 * j + i) =
              moment - r(i, j) * r(l, k) - r(i, k) * r(l, j) - r(i, l) * r(j, k);
        }
      }
    }
  }
  const Eigen::SelfAdjointEigenSolver<Eigen::Matrix<double, 9, 9>> solver((q + q.transpose()) / 2);
  std::array<Index, 9> order{0, 1, 2, 3, 4, 5, 6, 7, 8};
  std::sort(order.begin(), order.end(), [&](Index a, Index b) {
    return std::abs(solver.eigenvalues()(a)) > std::abs(solver.eigenvalues()(b));
  });
  std::array<Matrix3d, 3> matrices;
  for (std::size_t m = 0; m < 3; ++m) {
    const Eigen::Matrix<double, 9, 1> vector = solver.eigenvectors().col(order[m]);
    for (Index row = 0; row < 3; ++row) {
      for (Index column = 0; column < 3; ++column) {
        matrices[m](row, column) =
            vector(3 * row + column) * std::abs(solver.eigenvalues()(order[m]));
      }
    }
  }
  return matrices;
}

struct Rotation {
  double c = 1;
  double s = 0;
};

/// The Jacobi rotation that makes the matrices most diagonal in the plane (p, q).
Rotation best_rotation(const std::array<Matrix3d, 3>& matrices, Index p, Index q) {
  Eigen::Matrix<double, 2, 3> g;
  for (Index m = 0; m < 3; ++m) {
    const Matrix3d& matrix = matrices[static_cast<std::size_t>(m)];
    g(0, m) = matrix(p, p) - matrix(q, q);
    g(1, m) = matrix(p, q) + matrix(q, p);
  }
  const Eigen::SelfAdjointEigenSolver<Eigen::Matrix2d> solver(g * g.transpose());
  Eigen::Vector2d angle = solver.eigenvectors().col(1);
  if (angle(0) < 0) angle = -angle;
  const double c = std::sqrt(0.5 + angle(0) / 2);
  return {c, angle(1) / (2 * c)};
}

/// The orthogonal matrix that diagonalises the matrices jointly.
Matrix3d joint_diagonalizer(std::array<Matrix3d, 3> matrices, double threshold) {
  Matrix3d v = Matrix3d::Identity();
  bool rotated = true;
  for (int sweep = 0; rotated && sweep < max_sweeps; ++sweep) {
    rotated = false;
    for (const auto& [p, q] : {std::pair<Index, Index>{0, 1}, {0, 2}, {1, 2}}) {
      const Rotation rotation = best_rotation(matrices, p, q);
      if (std::abs(rotation.s) <= threshold) continue;
      rotated = true;
      Matrix3d g = Matrix3d::Identity();
      g(p, p) = g(q, q) = rotation.c;
      g(p, q) = -rotation.s;
      g(q, p) = rotation.s;
      v *= g;
      for (Matrix3d& matrix : matrices) matrix = (g.transpose() * matrix * g).eval();
    }
  }
  return v;
}

/// Largest share of power in one bin, without DC and Nyquist.
double peak_share(const std::vector<double>& component) {
  const std::vector<signal::Complex> bins = signal::real_fft(component);
  double all = 0, largest = 0;
  for (std::size_t k = 1; k <= (component.size() - 1) / 2; ++k) {
    all += std::norm(bins[k]);
    largest = std::max(largest, std::norm(bins[k]));
  }
  return all > 0 ? largest / all : 0;
}

}  // namespace

std::vector<double> ica(const RgbTrace& trace) {
  require_trace(trace, 22, "ICA");
  const Matrix3Xd y = whitened(standardized(trace));
  const double threshold = 1 / (100 * std::sqrt(static_cast<double>(y.cols())));
  const Matrix3Xd sources = joint_diagonalizer(cumulant_matrices(y), threshold).transpose() * y;
  std::vector<double> best;
  double best_share = -1;
  for (Index c = 0; c < 3; ++c) {
    std::vector<double> component(static_cast<std::size_t>(sources.cols()));
    for (Index t = 0; t < sources.cols(); ++t) {
      component[static_cast<std::size_t>(t)] = sources(c, t);
    }
    const double share = peak_share(component);
    if (share > best_share) {
      best_share = share;
      best = std::move(component);
    }
  }
  const auto filter = signal::butterworth_bandpass(filter_order, filter_band, trace.rate_hz);
  return signal::filtfilt(filter, best);
}

}  // namespace rppg::classical
