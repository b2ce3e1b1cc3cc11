#include "tensor/arena.h"

#include <cstdint>
#include <cstring>
#include <vector>

#include <doctest/doctest.h>

using namespace rppg;

namespace {

/// The same requests as a training step makes them: of very different sizes.
std::vector<std::byte*> step(Arena& arena) {
  std::vector<std::byte*> places;
  for (const std::size_t bytes : {std::size_t{1}, std::size_t{5'000'000}, std::size_t{64},
                                  std::size_t{100}, std::size_t{9'000'000}}) {
    places.push_back(arena.allocate(bytes));
    std::memset(places.back(), 7, bytes);
  }
  return places;
}

}  // namespace

TEST_CASE("memory is aligned, and no two pieces overlap") {
  Arena arena;
  std::vector<std::byte*> places;
  for (std::size_t bytes = 1; bytes < 300; ++bytes) {
    places.push_back(arena.allocate(bytes));
    CHECK(reinterpret_cast<std::uintptr_t>(places.back()) % Arena::alignment == 0);
    std::memset(places.back(), static_cast<int>(bytes % 251), bytes);
  }
  for (std::size_t i = 0; i < places.size(); ++i) {
    for (std::size_t k = 0; k <= i; ++k) {
      REQUIRE(std::to_integer<std::size_t>(places[i][k]) == (i + 1) % 251);
    }
  }
}

TEST_CASE("from the second step on, the same requests get the same places") {
  Arena arena;
  step(arena);
  arena.reset();
  const auto second = step(arena);
  arena.reset();
  CHECK(step(arena) == second);
  CHECK(arena.peak_bytes() >= 14'000'165);
  CHECK(arena.peak_bytes() < 14'010'000);
}

TEST_CASE("rewinding gives back what was taken since, and nothing else") {
  Arena arena;
  const std::span<float> kept = arena.make<float>(100);
  for (float& value : kept) value = 3;
  const Arena::Mark mark = arena.mark();
  const std::byte* first = arena.allocate(50'000'000);  // a block of its own
  arena.rewind(mark);
  CHECK(arena.allocate(10) != nullptr);
  arena.rewind(mark);
  arena.allocate(50'000'000);
  for (const float value : kept) REQUIRE(value == 3);
  CHECK(first != nullptr);
  CHECK(arena.peak_bytes() < 51'000'000);
}
