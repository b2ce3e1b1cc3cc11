// Dense layers against their definition in double precision, over blocks of every kind.
#include "ops/linear.h"

#include <cstring>
#include <stdexcept>
#include <vector>

#include <doctest/doctest.h>

#include "base/random.h"
#include "kernels/kernels.h"
#include "support/compare.h"

namespace rppg::ops {
namespace {

std::vector<float> numbers(Index count, std::string_view stream) {
  const Random random(3, stream);
  std::vector<float> values(static_cast<std::size_t>(count));
  for (std::size_t i = 0; i < values.size(); ++i) {
    values[i] = static_cast<float>(random.uniform(i, -1, 1));
  }
  return values;
}

std::vector<double> doubles(std::span<const float> values) {
  return {values.begin(), values.end()};
}

struct Results {
  std::vector<float> y, dx, dw, db;
};

Results run(Index rows, Index in, Index out, int threads) {
  const std::vector<float> x = numbers(rows * in, "x"), w = numbers(out * in, "w");
  const std::vector<float> b = numbers(out, "b"), dy = numbers(rows * out, "dy");
  Arena arena;
  Tape tape(arena, {.gradients = true, .threads = threads});
  const Tensor input = tape.input(x, {rows, in}, true);
  const Tensor weight = tape.input(w, {out, in}, true);
  const Tensor bias = tape.input(b, {out}, true);
  const Tensor y = linear(input, weight, bias);
  tape.backward(y, dy);
  const auto copy = [](std::span<const float> v) { return std::vector<float>(v.begin(), v.end()); };
  return {copy(y.values()), copy(input.gradient()), copy(weight.gradient()), copy(bias.gradient())};
}

struct Expected {
  std::vector<double> y, dx, dw, db;
};

Expected expect(Index rows, Index in, Index out) {
  const auto at = [](Index i) { return static_cast<std::size_t>(i); };
  const std::vector<double> x = doubles(numbers(rows * in, "x"));
  const std::vector<double> w = doubles(numbers(out * in, "w"));
  const std::vector<double> dy = doubles(numbers(rows * out, "dy"));
  const std::vector<double> b = doubles(numbers(out, "b"));
  Expected e{std::vector<double>(at(rows * out)), std::vector<double>(at(rows * in)),
             std::vector<double>(at(out * in)), std::vector<double>(at(out))};
  for (Index r = 0; r < rows; ++r) {
    for (Index o = 0; o < out; ++o) {
      const double d = dy[at(r * out + o)];
      double sum = b[at(o)];
      for (Index i = 0; i < in; ++i) {
        sum += x[at(r * in + i)] * w[at(o * in + i)];
        e.dx[at(r * in + i)] += d * w[at(o * in + i)];
        e.dw[at(o * in + i)] += d * x[at(r * in + i)];
      }
      e.y[at(r * out + o)] = sum;
      e.db[at(o)] += d;
    }
  }
  return e;
}

bool same_bits(const std::vector<float>& a, const std::vector<float>& b) {
  return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size() * sizeof(float)) == 0;
}

}  // namespace

TEST_CASE("linear agrees with its definition, with any number of threads") {
  struct Size {
    Index rows, in, out;
  };
  for (const Size& n : {Size{1, 1, 1}, {5, 1, 4}, {3, 700, 2}, {200, 70, 130}, {97, 1100, 65}}) {
    const Expected expected = expect(n.rows, n.in, n.out);
    for (const Kernels* table : available_kernels()) {
      const KernelsOverride override(*table);
      CAPTURE(table->isa);
      CAPTURE(n.rows);
      CAPTURE(n.in);
      const Results got = run(n.rows, n.in, n.out, 1);
      CHECK(test::relative_difference(doubles(got.y), expected.y) < 3e-6);
      CHECK(test::relative_difference(doubles(got.dx), expected.dx) < 3e-6);
      CHECK(test::relative_difference(doubles(got.dw), expected.dw) < 3e-6);
      CHECK(test::relative_difference(doubles(got.db), expected.db) < 3e-6);
      const Results other = run(n.rows, n.in, n.out, 3);
      CHECK(same_bits(got.y, other.y));
      CHECK(same_bits(got.dx, other.dx));
      CHECK(same_bits(got.dw, other.dw));
      CHECK(same_bits(got.db, other.db));
    }
  }
}

TEST_CASE("linear on some columns is linear on their copy") {
  const std::vector<float> x = numbers(3 * 9, "x"), w = numbers(4 * 5, "w");
  std::vector<float> part;
  for (std::size_t r = 0; r < 3; ++r) part.insert(part.end(), &x[r * 9 + 2], &x[r * 9 + 7]);
  Arena arena;
  Tape tape(arena, {});
  const Tensor weight = tape.input(w, {4, 5});
  const Tensor y = linear({tape.input(x, {3, 9}), 2, 5}, weight);
  const Tensor expected = linear(tape.input(part, {3, 5}), weight);
  for (std::size_t i = 0; i < 12; ++i) CHECK(y.values()[i] == expected.values()[i]);
}

TEST_CASE("linear of empty inputs, wrong shapes, and what it costs") {
  const std::vector<float> w = numbers(4 * 5, "w"), b{1, 2, 3, 4};
  CostLog costs;
  Arena arena;
  Tape tape(arena, {.costs = &costs});
  const Tensor weight = tape.input(w, {4, 5}), bias = tape.input(b, {4});
  CHECK(linear(tape.input({}, {2, 0, 5}), weight).shape() == Shape{2, 0, 4});
  const Tensor of_nothing = linear(tape.input({}, {1, 0}), tape.input({}, {4, 0}), bias);
  for (std::size_t i = 0; i < 4; ++i) CHECK(of_nothing.values()[i] == b[i]);
  costs.clear();
  linear(tape.input({w.data(), 10}, {2, 5}), weight, bias);
  REQUIRE(costs.size() == 1);
  CHECK(costs[0].multiplications == 2 * 4 * 5);

  const Tensor x = tape.input({w.data(), 12}, {3, 4});
  CHECK_THROWS_AS(linear(x, weight), std::logic_error);
  CHECK_THROWS_AS(linear({x, 2, 3}, weight), std::logic_error);
  CHECK_THROWS_AS(linear(tape.input({w.data(), 5}, {1, 5}), weight, x), std::logic_error);
}

}  // namespace rppg::ops
