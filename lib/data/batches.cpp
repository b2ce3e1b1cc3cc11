#include "data/batches.h"

#include <algorithm>
#include <functional>
#include <limits>
#include <numeric>
#include <stdexcept>
#include <utility>

#include "base/random.h"

namespace rppg::data {

std::vector<ClipPlace> clip_places(const FaceVideos& videos, std::size_t clip_frames) {
  const auto is_constant = [](std::span<const float> labels) {
    return std::adjacent_find(labels.begin(), labels.end(), std::not_equal_to<>()) == labels.end();
  };
  std::vector<ClipPlace> places;
  for (std::size_t v = 0; v < videos.entries().size(); ++v) {
    const FaceVideos::Entry& entry = videos.entries()[v];
    for (std::size_t first = 0; first + clip_frames <= entry.frames; first += clip_frames) {
      const auto labels = std::span(entry.labels).subspan(first, clip_frames);
      if (!is_constant(labels)) places.push_back({v, first});
    }
  }
  return places;
}

void permute(std::uint64_t seed, std::uint64_t epoch, std::span<std::size_t> order) {
  const Random random(seed, "order of clips");
  std::iota(order.begin(), order.end(), std::size_t{0});
  const std::uint64_t first = epoch * order.size();
  for (std::size_t i = order.size(); i-- > 1;) {
    std::swap(order[i], order[random.integer(first + i, i + 1)]);
  }
}

Batches::Batches(const FaceVideos& videos, BatchOptions options, std::uint64_t first_step)
    : videos_(videos),
      options_(std::move(options)),
      places_(clip_places(videos, options_.clip_frames)),
      order_(places_.size()),
      scratch_(videos.scratch_bytes(options_.clip_frames)),
      ordered_epoch_(std::numeric_limits<std::uint64_t>::max()) {
  if (places_.empty()) throw std::logic_error("Batches: no clip");
  const std::size_t most = std::min(options_.batch_size, places_.size());
  for (Slot& slot : slots_) {
    slot.frames.resize(most * options_.clip_frames * videos.frame_values());
    slot.labels.resize(most * options_.clip_frames);
    slot.rate_hz.resize(most);
  }
  thread_ = std::thread([this, first_step] { read_ahead(first_step); });
}

Batches::~Batches() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

std::uint64_t Batches::steps_per_epoch() const {
  return (places_.size() + options_.batch_size - 1) / options_.batch_size;
}

const Batch& Batches::next() {
  std::unique_lock lock(mutex_);
  if (given_) {
    slots_[current_].full = false;
    current_ = 1 - current_;
    changed_.notify_all();
  }
  given_ = true;
  const Slot& slot = slots_[current_];
  changed_.wait(lock, [&] { return slot.full || failure_; });
  if (!slot.full) std::rethrow_exception(failure_);
  return slot.batch;
}

bool Batches::wait_until_free(const Slot& slot) {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return !slot.full || stopping_; });
  return !stopping_;
}

void Batches::read_ahead(std::uint64_t step) {
  try {
    for (std::size_t i = 0; wait_until_free(slots_[i]); i = 1 - i) {
      fill(step++, slots_[i]);
      const std::lock_guard lock(mutex_);
      slots_[i].full = true;
      changed_.notify_all();
    }
  } catch (...) {
    const std::lock_guard lock(mutex_);
    failure_ = std::current_exception();
    changed_.notify_all();
  }
}

void Batches::fill(std::uint64_t step, Slot& slot) {
  const std::uint64_t epoch = step / steps_per_epoch();
  if (epoch != ordered_epoch_) permute(options_.seed, epoch, order_);
  ordered_epoch_ = epoch;

  const std::size_t first = step % steps_per_epoch() * options_.batch_size;
  const std::size_t clips = std::min(options_.batch_size, places_.size() - first);
  const std::size_t clip_frames = options_.clip_frames;
  const std::size_t clip_values = clip_frames * videos_.frame_values();
  for (std::size_t i = 0; i < clips; ++i) {
    const ClipPlace& place = places_[order_[first + i]];
    const FaceVideos::Entry& entry = videos_.entries()[place.video];
    videos_.read(entry, place.first_frame, scratch_,
                 std::span(slot.frames).subspan(i * clip_values, clip_values));
    std::copy_n(entry.labels.begin() + static_cast<std::ptrdiff_t>(place.first_frame), clip_frames,
                slot.labels.begin() + static_cast<std::ptrdiff_t>(i * clip_frames));
    slot.rate_hz[i] = entry.rate_hz;
  }
  const MutableBatch batch{clips, std::span(slot.frames).first(clips * clip_values),
                           std::span(slot.labels).first(clips * clip_frames),
                           std::span(slot.rate_hz).first(clips)};
  if (options_.treatment) options_.treatment(step, batch);
  slot.batch = {batch.clips, batch.frames, batch.labels, batch.rate_hz};
}

}  // namespace rppg::data
