// Products of every shape of block, in one segment and several, against their definition.
#include <cmath>
#include <vector>

#include <doctest/doctest.h>

#include "base/random.h"
#include "kernels/kernels.h"

using namespace rppg;

namespace {

std::vector<float> random_floats(Index n, std::string_view stream) {
  const Random random(5, stream);
  std::vector<float> values(static_cast<std::size_t>(n));
  for (std::size_t i = 0; i < values.size(); ++i) {
    values[i] = static_cast<float>(random.uniform(i, -1, 1));
  }
  return values;
}

/// A (m, k) lies by rows or by columns; k is cut into two segments.
void check_product(const Kernels& kernels, Index m, Index n, Index k, bool by_rows, bool add) {
  CAPTURE(kernels.isa);
  CAPTURE(m);
  CAPTURE(n);
  CAPTURE(k);
  const auto a = random_floats(m * k, "a"), b = random_floats(k * n, "b");
  const auto bias = random_floats(n, "bias"), before = random_floats(m * n, "c");
  std::vector<float> c = before;
  const Index row = by_rows ? k : 1, column = by_rows ? 1 : m, cut = k / 3;
  const MatrixSegment segments[] = {{a.data(), b.data(), cut},
                                    {a.data() + cut * column, b.data() + cut * n, k - cut}};
  kernels.matrix.multiply({.m = m,
                           .n = n,
                           .a_row = row,
                           .a_column = column,
                           .b_row = n,
                           .c = c.data(),
                           .c_row = n,
                           .bias = add ? nullptr : bias.data(),
                           .add = add},
                          segments, 2);
  const auto at = [](const std::vector<float>& x, Index i) {
    return static_cast<double>(x[static_cast<std::size_t>(i)]);
  };
  for (Index i = 0; i < m; ++i) {
    for (Index j = 0; j < n; ++j) {
      double sum = add ? at(before, i * n + j) : at(bias, j);
      for (Index t = 0; t < k; ++t) sum += at(a, i * row + t * column) * at(b, t * n + j);
      REQUIRE(std::abs(at(c, i * n + j) - sum) < 1e-5);
    }
  }
}

}  // namespace

TEST_CASE("products are those of the definition") {
  for (const Kernels* kernels : available_kernels()) {
    for (const Index n : {1, 2, 3, 4, 5, 8, 9, 16, 19, 40, 67}) {
      for (const Index m : {1, 5, 16, 35}) {
        for (const Index k : {0, 1, 6, 21}) {
          check_product(*kernels, m, n, k, true, false);
          check_product(*kernels, m, n, k, true, true);
          check_product(*kernels, m, n, k, false, true);
        }
      }
    }
  }
}
