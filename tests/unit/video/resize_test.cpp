// Area resize: blocks, parts of pixels, enlargement.
#include "video/resize.h"

#include <doctest/doctest.h>

#include "clips.h"

using namespace rppg::video;

TEST_CASE("reduction by a whole factor is the mean of blocks") {
  const GrayImage image{4, 2, {0, 2, 10, 20, 4, 6, 30, 40}};
  CHECK(resize_area(image, 2, 1).gray == std::vector<std::uint8_t>{3, 25});
}

TEST_CASE("reduction by a fraction weighs pixels by their shares") {
  const GrayImage image{3, 1, {0, 90, 180}};
  CHECK(resize_area(image, 2, 1).gray == std::vector<std::uint8_t>{30, 150});
}

TEST_CASE("one colour stays the same at every size, three channels apart") {
  const Image image = rppg::test::flat(31, 17, {200, 100, 7});
  for (const int size : {1, 8, 31, 72}) {
    const Image resized = resize_area(image, size, size);
    CHECK(resized.width == size);
    CHECK(resized.rgb == rppg::test::flat(size, size, {200, 100, 7}).rgb);
  }
}
