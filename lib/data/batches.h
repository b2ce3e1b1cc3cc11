/// Clips of fixed length in an order that is drawn anew for each epoch, read ahead by one thread.
#pragma once

#include <array>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <mutex>
#include <span>
#include <thread>
#include <vector>

#include "data/face_videos.h"

namespace rppg::data {

/// B clips; the last batch of an epoch may have fewer than the others.
struct Batch {
  std::size_t clips = 0;
  std::span<const float> frames;    ///< (B, T, H, W, 3), scaled
  std::span<const float> labels;    ///< (B, T), scaled
  std::span<const double> rate_hz;  ///< (B), of the frames
};

/// The same before it is given out.
struct MutableBatch {
  std::size_t clips = 0;
  std::span<float> frames;
  std::span<float> labels;
  std::span<const double> rate_hz;
};

/// Changes the batch of a step, in the thread that reads; a function of its arguments.
using BatchTreatment = std::function<void(std::uint64_t step, const MutableBatch& batch)>;

struct BatchOptions {
  std::size_t clip_frames = 0;  ///< T
  std::size_t batch_size = 4;   ///< B
  std::uint64_t seed = 1;
  BatchTreatment treatment;  ///< may be empty
};

/// One clip of a video.
struct ClipPlace {
  std::size_t video = 0;  ///< index in FaceVideos
  std::size_t first_frame = 0;
};

/// Consecutive clips that do not overlap, video after video; what is left at the end of a video
/// belongs to none (rPPG-Toolbox), and clips whose label is constant teach nothing.
std::vector<ClipPlace> clip_places(const FaceVideos& videos, std::size_t clip_frames);

/// 0 .. count-1 in the order of this epoch: Fisher-Yates on counter-based random numbers, the same
/// for the same seed, epoch and count on every machine.
void permute(std::uint64_t seed, std::uint64_t epoch, std::span<std::size_t> order);

/// The endless sequence of batches of all epochs, in each of which every clip comes once. It is a
/// function of (videos, options, step), so that it can be entered at any step.
class Batches {
 public:
  /// Starts to read the batch of `first_step`. videos must outlive this and have at least one clip
  /// (std::logic_error).
  Batches(const FaceVideos& videos, BatchOptions options, std::uint64_t first_step = 0);
  ~Batches();
  Batches(const Batches&) = delete;
  Batches& operator=(const Batches&) = delete;

  std::size_t clips() const { return places_.size(); }
  std::uint64_t steps_per_epoch() const;

  /// The batch of the next step, valid until the next call. Waits until it is read; throws what
  /// reading threw. Allocates nothing, nor does the thread but in the treatment.
  const Batch& next();

 private:
  struct Slot {
    std::vector<float> frames;
    std::vector<float> labels;
    std::vector<double> rate_hz;
    Batch batch;
    bool full = false;
  };

  void read_ahead(std::uint64_t step);
  void fill(std::uint64_t step, Slot& slot);
  bool wait_until_free(const Slot& slot);

  const FaceVideos& videos_;
  BatchOptions options_;
  std::vector<ClipPlace> places_;

  // Of the thread.
  std::vector<std::size_t> order_;
  std::vector<std::uint8_t> scratch_;
  std::uint64_t ordered_epoch_;

  std::mutex mutex_;
  std::condition_variable changed_;
  std::array<Slot, 2> slots_;
  std::size_t current_ = 0;  ///< slot that next() gave last
  bool given_ = false;       ///< next() was called
  bool stopping_ = false;
  std::exception_ptr failure_;
  std::thread thread_;
};

}  // namespace rppg::data
