/// Face videos as networks see them, kept on disk as bytes and scaled when they are read.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "data/alignment.h"
#include "data/frame_scale.h"
#include "data/recording.h"
#include "data/scratch_file.h"
#include "video/clip.h"

namespace rppg::data {

/// The frames of one recording that its labels cover. Frames stay as the camera made them, each
/// with the label interpolated at its own time; nothing is blended onto an even grid.
struct FaceVideo {
  std::string id;
  int frame_size = 0;                ///< pixels, height and width
  std::vector<std::uint8_t> frames;  ///< (T, frame_size, frame_size, 3)
  std::vector<double> labels;        ///< (T), contact PPG as read; empty without labels
  double rate_hz = 0;                ///< mean rate of the frames

  std::size_t frame_bytes() const {
    return std::size_t{3} * static_cast<std::size_t>(frame_size) *
           static_cast<std::size_t>(frame_size);
  }
};

/// The crops of a clip at the frames on which `aligned` rests; they are moved out of the clip.
/// Throws std::logic_error when the clip has no crops of that size.
FaceVideo face_video(const Recording& recording, video::Clip&& clip, const Aligned& aligned,
                     int frame_size);

/// How a set of videos is shown to a network.
struct VideoFormat {
  int frame_size = 72;
  VideoScale video = VideoScale::standardized;
  LabelScale label = LabelScale::standardized;
};

/// Videos of one format. Only labels and scales are held in memory.
class FaceVideos {
 public:
  struct Entry {
    std::string id;
    std::size_t frames = 0;  ///< T; 0 where nothing was added
    double rate_hz = 0;
    std::vector<float> labels;  ///< (T), scaled
    FrameScale scale;
    std::uint64_t offset = 0;  ///< of the bytes
  };

  /// `count` places for videos, whose bytes are kept in `folder`. Throws as ScratchFile does.
  FaceVideos(const std::filesystem::path& folder, const VideoFormat& format, std::size_t count);

  const VideoFormat& format() const { return format_; }
  /// Numbers per frame: frame_size * frame_size * 3.
  std::size_t frame_values() const { return frame_values_; }
  const std::vector<Entry>& entries() const { return entries_; }

  /// Measures the scales over the whole video and keeps it at a place. Safe from several threads
  /// for different places. Throws Error(write_failed), std::logic_error for another frame size.
  void set(std::size_t place, const FaceVideo& video);

  /// Bytes that read() needs room for.
  std::size_t scratch_bytes(std::size_t frames) const { return (frames + 1) * frame_values_; }
  /// The scaled frames of entry [first, first + n) that fill `scaled` (n, H, W, 3). Safe from
  /// several threads, each with bytes of its own; allocates nothing.
  void read(const Entry& entry, std::size_t first, std::span<std::uint8_t> scratch,
            std::span<float> scaled) const;

 private:
  VideoFormat format_;
  std::size_t frame_values_;
  ScratchFile file_;
  std::vector<Entry> entries_;
};

}  // namespace rppg::data
