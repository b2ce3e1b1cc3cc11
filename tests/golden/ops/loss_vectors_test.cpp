// Losses on tensors, and code books, against values that PyTorch computed in double precision.
#include <algorithm>
#include <cmath>
#include <functional>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "base/text.h"
#include "io/hdf5.h"
#include "ops/codes.h"
#include "ops/losses.h"
#include "ops/spectral_losses.h"
#include "support/compare.h"
#include "support/resources.h"
#include "tensor/tape.h"

namespace rppg {
namespace {

constexpr double float_tolerance = 1e-4;  // that of the vectors for single precision

std::vector<double> to_doubles(std::span<const float> values) {
  return {values.begin(), values.end()};
}

struct LossAndGradient {
  double loss;
  std::vector<double> gradient;
};

using Loss = std::function<Tensor(Tensor x, Tensor target)>;

LossAndGradient run(const Loss& loss, const std::vector<float>& x, const std::vector<float>& target,
                    const Shape& shape) {
  Arena arena;
  Tape tape(arena, {.training = true, .gradients = true});
  const Tensor input = tape.input(x, shape, true);
  const Tensor y = loss(input, tape.input(target, shape));
  tape.backward(y);
  return {static_cast<double>(y.values()[0]), to_doubles(input.gradient())};
}

}  // namespace

TEST_CASE("LQ-rPPG's waveform losses on tensors") {
  const auto path = test::shared("reference/lq/losses.h5");
  if (!path) return;
  const io::Hdf5Reader file(*path);
  double worst = 0;
  for (const double rate_hz : {20.0, 25.0, 30.0}) {
    const std::string group = concat("/fs", rate_hz);
    const std::vector<std::pair<std::string, Loss>> losses{
        {"freq_ce",
         [=](Tensor x, Tensor target) { return ops::rate_cross_entropy(x, target, rate_hz); }},
        {"neg_pearson",
         [](Tensor x, Tensor target) { return ops::negative_pearson(x, target, 1e-8); }},
        {"hybrid", [=](Tensor x, Tensor target) { return ops::hybrid_loss(x, target, rate_hz); }},
    };
    for (const auto& each : losses) {
      const std::string& name = each.first;
      CAPTURE(group);
      CAPTURE(name);
      const auto [value, gradient] =
          run(each.second, file.floats(group + "/pred"), file.floats(group + "/target"), {4, 160});
      const double wanted = file.doubles(concat(group, "/", name)).front();
      const double error = std::max(
          std::abs(value - wanted) / std::abs(wanted),
          test::relative_difference(gradient, file.doubles(concat(group, "/grad_", name))));
      CHECK(error < float_tolerance);
      worst = std::max(worst, error);
    }
  }
  MESSAGE("largest relative error in single precision: " << worst);
}

TEST_CASE("divergence of spectra on tensors") {
  const auto path = test::shared("reference/toolbox/f_paper_protocol.h5");
  if (!path) return;
  const io::Hdf5Reader file(*path);
  double worst = 0;
  for (int i = 0; i < 6; ++i) {
    const std::string group = concat("/kl", i);
    CAPTURE(group);
    const auto extents = file.extents(group + "/y_teacher");
    const ops::DivergenceOptions options{
        .window = file.number_attribute(group, "periodic_hann") != 0
                      ? signal::Window::hann_periodic
                      : signal::Window::hann_symmetric,
        .centered = false,
        .epsilon = file.number_attribute(group, "eps"),
        .delta = 0};
    const double rate_hz = file.number_attribute(group, "fs");
    const auto loss = [&](Tensor x, Tensor target) {
      return ops::spectral_divergence(target, x, rate_hz, options);
    };
    const auto [value, gradient] =
        run(loss, file.floats(group + "/y_student"), file.floats(group + "/y_teacher"),
            {static_cast<Index>(extents[0]), static_cast<Index>(extents[1])});
    const double error =
        std::max(std::abs(value - file.number_attribute(group, "loss_batch_mean")),
                 test::relative_difference(gradient, file.doubles(group + "/grad_student")));
    CHECK(error < float_tolerance);
    worst = std::max(worst, error);
  }
  MESSAGE("largest error in single precision: " << worst);
}

TEST_CASE("code books: soft reconstruction and token cross entropy") {
  const auto path = test::shared("reference/lq/losses.h5");
  if (!path) return;
  const io::Hdf5Reader file(*path);
  const auto codes = file.doubles("/soft/codebook");
  const auto v = file.doubles("/soft/v");
  const auto tokens = file.integers("/soft/nearest");
  const auto count = static_cast<double>(v.size());
  std::vector<double> values, slopes, surprise_slopes;
  double surprise = 0;
  for (std::size_t i = 0; i < v.size(); ++i) {
    const auto soft = ops::soft_code(v[i], codes);
    values.push_back(soft.value);
    slopes.push_back(soft.slope);
    const auto token = ops::token_surprise(v[i], codes, static_cast<std::size_t>(tokens[i]));
    surprise += token.value / count;
    surprise_slopes.push_back(token.slope / count);
  }
  const double largest =
      std::max({test::relative_difference(values, file.doubles("/soft/recon")),
                test::relative_difference(slopes, file.doubles("/soft/drecon_dv")),
                std::abs(surprise - file.doubles("/soft/ce").front()),
                test::relative_difference(surprise_slopes, file.doubles("/soft/grad_ce"))});
  CHECK(largest < 1e-9);
  MESSAGE("largest error: " << largest);
}

}  // namespace rppg
