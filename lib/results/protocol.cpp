#include "results/protocol.h"

#include <algorithm>
#include <array>

#include "base/error.h"
#include "base/text.h"
#include "io/hash.h"
#include "results/protocol_json.h"

namespace rppg::results {
namespace {

using signal::HeartRateEstimator;

/// rPPG-Toolbox of today (Liu et al. 2023 and later commits).
Protocol toolbox() {
  Protocol protocol;
  protocol.name = "toolbox";
  protocol.estimator = HeartRateEstimator::fft;
  protocol.band = {0.6, 3.3};
  protocol.filter_order = 1;
  protocol.keep_remainder = true;
  protocol.full_macc = false;
  protocol.float32_running_sum = true;
  protocol.rmse_error = RmseError::root;
  protocol.index_alignment = true;
  protocol.reference_crops = true;
  return protocol;
}

/// rPPG-Toolbox as in its paper (NeurIPS 2023): the same with a narrower band.
Protocol toolbox_2023() {
  Protocol protocol = toolbox();
  protocol.name = "toolbox-2023";
  protocol.band = {0.75, 2.5};
  return protocol;
}

Protocol lq_rppg() {
  Protocol protocol;
  protocol.name = "lq-rppg";
  protocol.estimator = HeartRateEstimator::welch;
  protocol.band = {0.75, 2.5};
  protocol.filter_order = 1;
  protocol.snr.factor = 20;
  protocol.rmse_error = RmseError::square;
  protocol.index_alignment = true;
  protocol.reference_crops = true;
  protocol.whole_clips = true;
  return protocol;
}

/// Cross-view distillation of the power spectral density.
Protocol view_distillation() {
  Protocol protocol;
  protocol.name = "view-distillation";
  protocol.estimator = HeartRateEstimator::hann_padded;
  protocol.band = {0.5, 3.0};
  protocol.filter_order = 1;
  return protocol;
}

Protocol default_protocol() {
  Protocol protocol;
  protocol.name = "default";
  return protocol;
}

std::string estimator_text(HeartRateEstimator estimator) {
  switch (estimator) {
    case HeartRateEstimator::fft:
      return "largest FFT bin";
    case HeartRateEstimator::fft_interpolated:
      return "interpolated Hann FFT peak";
    case HeartRateEstimator::hann_padded:
      return "largest bin of padded Hann FFT";
    case HeartRateEstimator::welch:
      return "largest Welch bin";
    case HeartRateEstimator::peaks:
      return "beat-to-beat peaks";
  }
  return {};
}

std::string window_text(const Protocol& protocol) {
  if (protocol.window_seconds <= 0) return "whole recording";
  return concat(protocol.window_seconds, " s windows ",
                protocol.keep_remainder ? "with" : "without", " remainder");
}

}  // namespace

std::string_view name(RmseError error) {
  constexpr std::array<std::string_view, 3> names{"delta_method", "root", "square"};
  return names.at(static_cast<std::size_t>(error));
}

std::span<const Protocol> protocols() {
  static const std::array<Protocol, 5> all{toolbox(), toolbox_2023(), lq_rppg(),
                                           view_distillation(), default_protocol()};
  return all;
}

const Protocol& find_protocol(std::string_view name) {
  std::vector<std::string_view> names;
  for (const Protocol& protocol : protocols()) {
    if (protocol.name == name) return protocol;
    names.push_back(protocol.name);
  }
  const std::string_view guess = nearest(name, names);
  std::string known;
  for (const std::string_view candidate : names) {
    known += known.empty() ? std::string(candidate) : concat(", ", candidate);
  }
  throw Error(Status::usage, concat("no protocol '", name, "'",
                                    guess.empty() ? concat("; there are ", known)
                                                  : concat("; did you mean '", guess, "'?")));
}

std::string describe(const Protocol& protocol) {
  return concat(protocol.band.low_hz, "-", protocol.band.high_hz, " Hz, detrend ",
                protocol.detrend_lambda, ", Butterworth order ", protocol.filter_order, ", ",
                window_text(protocol), ", ", estimator_text(protocol.estimator), ", SNR ",
                protocol.snr.factor, " log10 within ", protocol.snr.half_width_hz, " Hz");
}

std::string protocol_hash(const Protocol& protocol) {
  return io::sha256(io::to_text(parameters_json(protocol), true)).substr(0, 12);
}

}  // namespace rppg::results
