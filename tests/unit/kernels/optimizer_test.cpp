// Steps of optimizers at every length of a tail, against the formulas in double precision.
#include "kernels/optimizer.h"

#include <cmath>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "base/random.h"
#include "kernels/kernels.h"

namespace rppg {
namespace {

using Floats = std::vector<float>;

constexpr float guard = 77;  // behind the numbers that belong to a call

Floats random_floats(Index count, std::uint64_t stream) {
  const Random random(3, stream);
  Floats values(static_cast<std::size_t>(count));
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = static_cast<float>(random.normal(i));
  values.push_back(guard);
  return values;
}

Floats squared(Floats values) {
  for (std::size_t i = 0; i + 1 < values.size(); ++i) values[i] *= values[i];
  return values;
}

std::vector<Index> lengths() {
  std::vector<Index> all;
  for (Index n = 0; n <= 40; ++n) all.push_back(n);
  all.push_back(1000);
  return all;
}

void check_close(float found, double wanted) {
  CHECK(std::abs(static_cast<double>(found) - wanted) < 2e-6 * (1 + std::abs(wanted)));
}

double wide(float x) { return static_cast<double>(x); }

}  // namespace

TEST_CASE("steps of Adam") {
  constexpr AdamStep step{.gradient_scale = 0.5F,
                          .coupled_decay = 0.02F,
                          .kept = 0.99F,
                          .beta1 = 0.9F,
                          .beta1_rest = 0.1F,
                          .beta2 = 0.99F,
                          .beta2_rest = 0.01F,
                          .step = 0.03F,
                          .root_scale = 1.5F,
                          .epsilon = 1e-3F};
  for (const Kernels* table : available_kernels()) {
    CAPTURE(std::string(table->isa));
    for (const Index n : lengths()) {
      CAPTURE(n);
      const Floats p0 = random_floats(n, 1);
      const Floats g0 = random_floats(n, 2);
      const Floats m0 = random_floats(n, 3);
      const Floats v0 = squared(random_floats(n, 4));
      Floats p = p0, g = g0, m = m0, v = v0;
      table->optimizer.adam(p.data(), g.data(), m.data(), v.data(), n, step);
      for (std::size_t i = 0; i < static_cast<std::size_t>(n); ++i) {
        const double gradient = 0.5 * wide(g0[i]) + 0.02 * wide(p0[i]);
        const double first = 0.9 * wide(m0[i]) + 0.1 * gradient;
        const double second = 0.99 * wide(v0[i]) + 0.01 * gradient * gradient;
        check_close(m[i], first);
        check_close(v[i], second);
        check_close(p[i], 0.99 * wide(p0[i]) - 0.03 * first / (1.5 * std::sqrt(second) + 1e-3));
        CHECK(g[i] == 0);
      }
      CHECK(p.back() == guard);
      CHECK(g.back() == guard);
      CHECK(m.back() == guard);
      CHECK(v.back() == guard);
    }
  }
}

TEST_CASE("steps of gradient descent") {
  constexpr DescentStep step{
      .gradient_scale = 0.5F, .coupled_decay = 0.02F, .momentum = 0.8F, .learning_rate = 0.3F};
  for (const Kernels* table : available_kernels()) {
    CAPTURE(std::string(table->isa));
    for (const Index n : lengths()) {
      CAPTURE(n);
      const Floats p0 = random_floats(n, 1);
      const Floats g0 = random_floats(n, 2);
      const Floats m0 = random_floats(n, 3);
      Floats p = p0, g = g0, m = m0;
      table->optimizer.descend(p.data(), g.data(), m.data(), n, step);
      for (std::size_t i = 0; i < static_cast<std::size_t>(n); ++i) {
        const double moment = 0.8 * wide(m0[i]) + 0.5 * wide(g0[i]) + 0.02 * wide(p0[i]);
        check_close(m[i], moment);
        check_close(p[i], wide(p0[i]) - 0.3 * moment);
        CHECK(g[i] == 0);
      }
      CHECK(p.back() == guard);
      CHECK(g.back() == guard);
      CHECK(m.back() == guard);
    }
  }
}

TEST_CASE("squared norms have the same bits under every instruction set") {
  for (const Index n : lengths()) {
    CAPTURE(n);
    const Floats values = random_floats(n, 5);
    double wanted = 0;
    for (std::size_t i = 0; i < static_cast<std::size_t>(n); ++i) {
      wanted += wide(values[i]) * wide(values[i]);
    }
    const double first = available_kernels().front()->optimizer.squared_norm(values.data(), n);
    CHECK(std::abs(first - wanted) <= 1e-14 * wanted);
    for (const Kernels* table : available_kernels()) {
      CHECK(table->optimizer.squared_norm(values.data(), n) == first);
    }
  }
}

TEST_CASE("squared norms of numbers whose squares no float holds") {
  const Floats values{3e30F, 4e30F, 1e-30F};
  for (const Kernels* table : available_kernels()) {
    CHECK(table->optimizer.squared_norm(values.data(), 2) == doctest::Approx(25e60));
    CHECK(table->optimizer.squared_norm(&values[2], 1) == doctest::Approx(1e-60));
  }
}

TEST_CASE("slabs are scaled") {
  for (const Kernels* table : available_kernels()) {
    for (const Index n : lengths()) {
      const Floats before = random_floats(n, 6);
      Floats values = before;
      table->optimizer.scale(values.data(), n, -0.3F);
      for (std::size_t i = 0; i < static_cast<std::size_t>(n); ++i) {
        CHECK(values[i] == before[i] * -0.3F);
      }
      CHECK(values.back() == guard);
    }
  }
}

}  // namespace rppg
