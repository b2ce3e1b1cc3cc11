// PBV: blood-volume-pulse signature over the whole video (de Haan and van Leest 2014).
#include <Eigen/Dense>

#include "base/error.h"
#include "classical/methods.h"
#include "classical/trace.h"
#include "signal/filter.h"

namespace rppg::classical {

std::vector<double> pbv(const RgbTrace& trace) {
  require_trace(trace, 3, "PBV");
  const auto frames = static_cast<Eigen::Index>(trace.size());
  Eigen::Matrix3Xd colors(3, frames);
  Eigen::Vector3d signature;
  for (Eigen::Index c = 0; c < 3; ++c) {
    const std::vector<double>& channel = trace.channels[static_cast<std::size_t>(c)];
    const double center = nonzero_mean(channel, "PBV");
    for (Eigen::Index t = 0; t < frames; ++t) {
      colors(c, t) = channel[static_cast<std::size_t>(t)] / center;
    }
    signature(c) = signal::standard_deviation(channel) / center;
  }
  if (signature.norm() < constant_below) {
    throw Error(Status::malformed, "PBV: the colours are constant");
  }
  signature.normalize();
  const Eigen::Matrix3d product = colors * colors.transpose();
  const Eigen::Vector3d weights = product.partialPivLu().solve(signature);
  if (!weights.allFinite()) {
    throw Error(Status::malformed, "PBV: the three colours are not independent");
  }
  const Eigen::RowVectorXd pulse = (weights.transpose() * colors) / signature.dot(weights);
  return {pulse.data(), pulse.data() + frames};
}

}  // namespace rppg::classical
