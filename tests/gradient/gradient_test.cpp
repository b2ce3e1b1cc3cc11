// Every case under every instruction set; and wrong backward passes, which must be found.
#include <doctest/doctest.h>

#include "gradient/cases.h"
#include "kernels/kernels.h"

namespace rppg::test {
namespace {

/// y = x^3 with a backward pass that is given.
template <class Backward>
GradientCase cube(Backward backward) {
  return {"cube", {{4, 5}}, [backward](const std::vector<Tensor>& x) {
            Tape& tape = x[0].tape();
            const Tensor in = x[0];
            const Tensor y = tape.output(in.shape(), {in});
            for (std::size_t i = 0; i < in.values().size(); ++i) {
              const float v = in.values()[i];
              y.mutable_values()[i] = v * v * v;
            }
            return tape.record("cube", y, [=] {
              for (std::size_t i = 0; i < in.values().size(); ++i) {
                const float v = in.values()[i];
                backward(in.gradient()[i], 3 * v * v * y.gradient()[i]);
              }
            });
          }};
}

}  // namespace

TEST_CASE("backward passes agree with differences, under every instruction set") {
  for (const Kernels* table : available_kernels()) {
    const KernelsOverride override(*table);
    for (const GradientCase& the_case : gradient_cases()) {
      INFO(std::string(table->isa), ", ", the_case.name);
      CHECK(gradient_fault(the_case) == "");
    }
  }
}

TEST_CASE("the check finds wrong backward passes") {
  CHECK(gradient_fault(cube([](float& gradient, float d) { gradient += d; })) == "");
  CHECK(gradient_fault(cube([](float& gradient, float d) { gradient += 0.99F * d; })) != "");
  CHECK(gradient_fault(cube([](float& gradient, float d) { gradient = d; })) != "");
  CHECK(gradient_fault(cube([](float&, float) {})) != "");

  GradientCase misnamed = cube([](float& gradient, float d) { gradient += d; });
  misnamed.name = "square";
  CHECK(gradient_fault(misnamed) == "no op of that name is on the tape");
}

TEST_CASE("the check finds gradients that nobody wants, and ones that are missing") {
  const auto product = [](bool always) {
    return GradientCase{"product", {{6}, {6}}, [always](const std::vector<Tensor>& x) {
                          Tape& tape = x[0].tape();
                          const Tensor a = x[0];
                          const Tensor b = x[1];
                          const Tensor y = tape.output(a.shape(), {a, b});
                          for (std::size_t i = 0; i < 6; ++i) {
                            y.mutable_values()[i] = a.values()[i] * b.values()[i];
                          }
                          return tape.record("product", y, [=] {
                            for (std::size_t i = 0; i < 6; ++i) {
                              const float d = y.gradient()[i];
                              if (always || a.wants_gradient())
                                a.gradient()[i] += d * b.values()[i];
                              if (b.wants_gradient()) b.gradient()[i] += d * a.values()[i];
                            }
                          });
                        }};
  };
  CHECK(gradient_fault(product(false)) == "");
  CHECK(gradient_fault(product(true)) == "input 0: gets a gradient that it does not want");
}

}  // namespace rppg::test
