#include "tensor/arena.h"

#include <algorithm>
#include <cstdlib>
#include <new>
#include <sys/mman.h>

namespace rppg {
namespace {

constexpr std::size_t smallest_block = std::size_t{1} << 20;
constexpr std::size_t huge_page = std::size_t{2} << 20;

std::size_t rounded_up(std::size_t bytes, std::size_t unit) {
  return (bytes + unit - 1) / unit * unit;
}

}  // namespace

void Arena::Free::operator()(std::byte* memory) const { std::free(memory); }

void Arena::add_block(std::size_t size) {
  const std::size_t unit = size < huge_page ? alignment : huge_page;
  size = rounded_up(size, unit);
  std::byte* memory = static_cast<std::byte*>(std::aligned_alloc(unit, size));
  if (memory == nullptr) throw std::bad_alloc();
  if (unit == huge_page) ::madvise(memory, size, MADV_HUGEPAGE);  // a wish; may fail
  blocks_.push_back({std::unique_ptr<std::byte, Free>(memory), size, 0});
}

std::byte* Arena::allocate(std::size_t bytes) {
  bytes = rounded_up(std::max<std::size_t>(bytes, 1), alignment);
  while (current_ < blocks_.size() && blocks_[current_].size - blocks_[current_].used < bytes) {
    full_ += blocks_[current_].used;
    if (++current_ < blocks_.size()) blocks_[current_].used = 0;
  }
  if (current_ == blocks_.size()) {
    const std::size_t last = blocks_.empty() ? 0 : blocks_.back().size;
    add_block(std::max({bytes, 2 * last, smallest_block}));
  }
  Block& block = blocks_[current_];
  std::byte* memory = block.memory.get() + block.used;
  block.used += bytes;
  peak_ = std::max(peak_, full_ + block.used);
  return memory;
}

Arena::Mark Arena::mark() const {
  return {current_, current_ < blocks_.size() ? blocks_[current_].used : 0};
}

void Arena::rewind(Mark mark) {
  if (blocks_.empty()) return;
  current_ = std::min(mark.block, blocks_.size() - 1);
  blocks_[current_].used = mark.used;
  full_ = 0;
  for (std::size_t i = 0; i < current_; ++i) full_ += blocks_[i].used;
}

void Arena::reset() {
  if (blocks_.size() > 1) {
    blocks_.clear();
    add_block(peak_);
  }
  if (!blocks_.empty()) blocks_.front().used = 0;
  current_ = 0;
  full_ = 0;
}

}  // namespace rppg
