/// Clips at other speeds and mirrored, so that a network sees more than was filmed.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "data/batches.h"

namespace rppg::training {

/// With probability 1/2 a clip with a heart rate above 90 bpm is played at half speed (from a frame
/// drawn at random on) and one below 75 bpm twice at double speed, frames and label alike; with
/// probability 1/2 it is mirrored.
enum class Augmentation {
  none,
  per_clip,
  /// As LQ-rPPG does it for MMPD: what is drawn for one clip is done to the whole batch, and what
  /// is drawn for a later clip replaces it but for the clips before, so that clip i ends with the
  /// last change that was drawn for any clip from i on. The last clip decides about mirroring.
  whole_batch,
};

inline constexpr std::array augmentations{Augmentation::none, Augmentation::per_clip,
                                          Augmentation::whole_batch};

/// "none", "per-clip", "whole-batch".
std::string_view name(Augmentation augmentation);

/// Changes batches; what it does is a function of the seed, the step and the batch.
class Augmenter {
 public:
  /// Frames of frame_size * frame_size pixels of three numbers.
  Augmenter(Augmentation kind, std::uint64_t seed, std::size_t frame_size);

  /// labels may be scaled in any way that keeps their rate.
  void operator()(std::uint64_t step, const data::MutableBatch& batch);

 private:
  enum class Speed { same, half, twice };
  /// What is done to one clip.
  struct Change {
    Speed speed = Speed::same;
    std::size_t first_frame = 0;  ///< of half speed
    bool mirrored = false;
  };
  void draw(std::uint64_t step, const data::MutableBatch& batch);
  void share();
  void play(std::span<float> samples, std::size_t width, const Change& change);
  void mirror(std::span<float> frames) const;

  Augmentation kind_;
  std::uint64_t seed_;
  std::size_t frame_size_;
  std::vector<Change> changes_;  ///< of the clips of the batch
  std::vector<float> before_;    ///< a clip before its change
};

}  // namespace rppg::training
