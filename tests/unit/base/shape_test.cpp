#include "base/shape.h"

#include <stdexcept>

#include <doctest/doctest.h>

using namespace rppg;

TEST_CASE("a shape knows its extents from both ends") {
  const Shape shape{2, 3, 5};
  CHECK(shape.rank() == 3);
  CHECK(shape[0] == 2);
  CHECK(shape[-1] == 5);
  CHECK(shape.count() == 30);
  CHECK(Shape().count() == 1);
  CHECK(Shape{4, 0}.count() == 0);
  CHECK(to_string(shape) == "(2, 3, 5)");
  CHECK(shape.with(-2, 7) == Shape{2, 7, 5});
  CHECK(shape != Shape{2, 3, 5, 1});
}

TEST_CASE("what is no shape is refused") {
  CHECK_THROWS_AS((Shape{1, 2, 3, 4, 5, 6, 7}), std::logic_error);
  CHECK_THROWS_AS((Shape{2, -1}), std::logic_error);
  CHECK_THROWS_AS((Shape{2, 3}[2]), std::logic_error);
  CHECK_THROWS_AS((Shape{2, 3}[-3]), std::logic_error);
}
