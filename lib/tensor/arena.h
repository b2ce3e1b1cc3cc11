/// Memory of one step: taken from the front, given back all at once.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <type_traits>
#include <vector>

#include "base/shape.h"

namespace rppg {

/// Bump allocation, 64-byte aligned. It grows by whole blocks and merges them at the next reset, so
/// that from the second equal step on nothing is taken from the heap, and no page is faulted in
/// again. Not for several threads at once.
class Arena {
 public:
  static constexpr std::size_t alignment = 64;

  Arena() = default;
  ~Arena() = default;
  Arena(const Arena&) = delete;
  Arena& operator=(const Arena&) = delete;

  /// Uninitialised. Throws std::bad_alloc.
  std::byte* allocate(std::size_t bytes);

  /// `count` elements, uninitialised; nothing is ever destroyed.
  template <class T>
  std::span<T> make(Index count) {
    static_assert(std::is_trivially_destructible_v<T> && alignof(T) <= alignment);
    const auto n = static_cast<std::size_t>(count);
    return {reinterpret_cast<T*>(allocate(n * sizeof(T))), n};
  }

  /// A place to come back to: everything allocated after mark() is given back by rewind().
  struct Mark {
    std::size_t block = 0;
    std::size_t used = 0;
  };
  Mark mark() const;
  void rewind(Mark mark);

  /// Gives back everything.
  void reset();

  /// The most that was in use at any time, in bytes.
  std::size_t peak_bytes() const { return peak_; }

 private:
  struct Free {
    void operator()(std::byte* memory) const;
  };
  struct Block {
    std::unique_ptr<std::byte, Free> memory;
    std::size_t size = 0;
    std::size_t used = 0;
  };
  void add_block(std::size_t size);

  std::vector<Block> blocks_;
  std::size_t current_ = 0;  ///< block that is filled
  std::size_t full_ = 0;     ///< bytes in use in the blocks before it
  std::size_t peak_ = 0;
};

}  // namespace rppg
