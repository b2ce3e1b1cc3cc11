// Schedules and steps of optimizers against PyTorch.
#include <algorithm>
#include <cmath>
#include <span>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "base/text.h"
#include "io/hdf5.h"
#include "nn/optimizer.h"
#include "nn/schedule.h"
#include "support/compare.h"
#include "support/resources.h"

namespace rppg::nn {
namespace {

using Values = std::vector<double>;

Schedule one_cycle(double learning_rate, std::size_t steps) {
  return {.kind = Schedule::Kind::one_cycle,
          .learning_rate = learning_rate,
          .steps = static_cast<Index>(steps)};
}

struct Rates {
  Values learning_rate;
  Values beta1;
};

Rates rates_of(const Schedule& schedule, std::size_t steps) {
  Rates rates;
  for (std::size_t k = 0; k < steps; ++k) {
    const StepRates at = schedule.at(static_cast<Index>(k));
    rates.learning_rate.push_back(at.learning_rate);
    rates.beta1.push_back(at.beta1);
  }
  return rates;
}

Values to_doubles(std::span<const float> values) { return {values.begin(), values.end()}; }

Tensor tensor_of(const ParameterStore& store, const char* name) { return store.find(name)->tensor; }

std::span<const float> row(const std::vector<float>& matrix, std::size_t index, std::size_t width) {
  return std::span(matrix).subspan(index * width, width);
}

}  // namespace

TEST_CASE("one cycle of PyTorch") {
  const auto path = test::shared("reference/toolbox/d5_optim_onecycle.h5");
  if (!path) return;
  const io::Hdf5Reader file(*path);
  double worst = 0;
  for (const std::size_t steps : {10, 100, 1234}) {
    const std::string group = concat("/schedule_", steps);
    const Rates rates = rates_of(one_cycle(file.number_attribute(group, "max_lr"), steps), steps);
    const double largest =
        std::max(test::largest_difference(rates.learning_rate, file.doubles(group + "/lr")),
                 test::largest_difference(rates.beta1, file.doubles(group + "/beta1")));
    CAPTURE(group);
    CHECK(largest < 1e-15);
    worst = std::max(worst, largest);
  }
  MESSAGE("largest difference: " << worst);
}

TEST_CASE("Adam, AdamW and clipping of PyTorch") {
  const auto path = test::shared("reference/toolbox/d5_optim_onecycle.h5");
  if (!path) return;
  const io::Hdf5Reader file(*path);
  double worst = 0;
  for (const std::string name :
       {"adam_wd0", "adamw_wd0", "adamw_default_wd", "adamw_wd0.01_clip1"}) {
    CAPTURE(name);
    const std::string group = "/" + name;
    const auto attribute = [&](const char* of) { return file.number_attribute(group, of); };
    ParameterStore store;
    store.add("p", {12}, Role::trained, {});
    store.add("q", {3, 4}, Role::trained, {});
    store.initialize(1);
    const Tensor p = tensor_of(store, "p");
    const Tensor q = tensor_of(store, "q");
    std::ranges::copy(file.floats(group + "/p0"), p.mutable_values().begin());
    std::ranges::copy(file.floats(group + "/q0"), q.mutable_values().begin());

    Optimizer optimizer(store, {.kind = name == "adam_wd0" ? OptimizerOptions::Kind::adam
                                                           : OptimizerOptions::Kind::adamw,
                                .weight_decay = attribute("weight_decay"),
                                .beta2 = attribute("beta2"),
                                .epsilon = attribute("eps"),
                                .max_gradient_norm = std::max(0.0, attribute("clip"))});
    const Schedule schedule =
        one_cycle(attribute("max_lr"), static_cast<std::size_t>(attribute("total_steps")));
    const auto gradients = file.floats(group + "/grads");
    const auto wanted_p = file.floats(group + "/p");
    const auto wanted_q = file.floats(group + "/q");
    const Values norms = file.doubles(group + "/grad_norm_before_clip");
    const Values learning_rates = file.doubles(group + "/lr");
    for (std::size_t k = 0; k < norms.size(); ++k) {
      const StepRates rates = schedule.at(static_cast<Index>(k));
      CHECK(std::abs(rates.learning_rate - learning_rates[k]) < 1e-15);
      std::ranges::copy(row(gradients, k, 24).first(12), p.gradient().begin());
      std::ranges::copy(row(gradients, k, 24).last(12), q.gradient().begin());
      const double norm = optimizer.step(rates);
      if (attribute("clip") > 0) CHECK(norm == doctest::Approx(norms[k]).epsilon(1e-6));
      const double largest = std::max(
          test::largest_difference(to_doubles(p.values()), to_doubles(row(wanted_p, k, 12))),
          test::largest_difference(to_doubles(q.values()), to_doubles(row(wanted_q, k, 12))));
      CHECK(largest < 2e-6);
      worst = std::max(worst, largest);
    }
  }
  MESSAGE("largest difference of a parameter: " << worst);
}

TEST_CASE("LQ-rPPG's trainings of a parabola") {
  const auto path = test::shared("reference/lq/optim.h5");
  if (!path) return;
  const io::Hdf5Reader file(*path);
  double worst = 0;
  for (const std::string group : {"/lq", "/c2f"}) {
    CAPTURE(group);
    const auto attribute = [&](const char* of) { return file.number_attribute(group, of); };
    const Values target = file.doubles(group + "/q");
    const Values wanted = file.doubles(group + "/params");
    const auto steps = static_cast<std::size_t>(attribute("epochs") * attribute("steps_per_epoch"));
    const Schedule schedule = one_cycle(attribute("max_lr"), steps);
    const Rates rates = rates_of(schedule, steps);
    CHECK(test::relative_difference(rates.learning_rate, file.doubles(group + "/lr_used")) < 1e-9);
    CHECK(test::relative_difference(rates.beta1, file.doubles(group + "/beta1_used")) < 1e-9);

    ParameterStore store;
    const Tensor p = store.add("p", {10}, Role::trained, {});
    store.initialize(1);
    std::ranges::copy(file.floats(group + "/p0"), p.mutable_values().begin());
    Optimizer optimizer(store, {.weight_decay = attribute("weight_decay")});
    for (std::size_t k = 0; k < steps; ++k) {
      for (std::size_t i = 0; i < target.size(); ++i) {
        const double slope =
            2 * static_cast<double>(i + 1) * (static_cast<double>(p.values()[i]) - target[i]);
        p.gradient()[i] = static_cast<float>(slope);
      }
      optimizer.step(schedule.at(static_cast<Index>(k)));
      const double error = test::relative_difference(
          to_doubles(p.values()), std::span(wanted).subspan(k * target.size(), target.size()));
      CHECK(error < 1e-4);
      worst = std::max(worst, error);
    }
  }
  MESSAGE("largest relative difference of a parameter: " << worst);
}

}  // namespace rppg::nn
