// LGI: projection orthogonal to the dominant colour direction (Pilz et al. 2018).
#include <Eigen/Dense>

#include "classical/methods.h"
#include "classical/projection.h"
#include "classical/trace.h"

namespace rppg::classical {

std::vector<double> lgi(const RgbTrace& trace) {
  require_trace(trace, 3, "LGI");
  // The first left singular vector of the 3 x T matrix C is the eigenvector of the largest
  // eigenvalue of C C'.
  Eigen::Matrix3d product = Eigen::Matrix3d::Zero();
  for (std::size_t t = 0; t < trace.size(); ++t) {
    const Eigen::Vector3d color(trace.channels[0][t], trace.channels[1][t], trace.channels[2][t]);
    product += color * color.transpose();
  }
  const Eigen::SelfAdjointEigenSolver<Eigen::Matrix3d> solver(product);
  const Eigen::Vector3d u = solver.eigenvectors().col(2);
  return green_of_projection(trace, {u(0), u(1), u(2)});
}

}  // namespace rppg::classical
