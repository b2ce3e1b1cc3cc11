/// From one recording to its frames, labels and clock: what evaluate, predict and train share.
#pragma once

#include <string>

#include <CLI/CLI.hpp>

#include "cli/inputs.h"
#include "data/alignment.h"
#include "data/clip_cache.h"
#include "models/model.h"
#include "results/protocol.h"
#include "video/clip.h"

namespace rppg::cli {

/// The only home of these defaults.
struct ReadingOptions {
  std::string alignment;  ///< empty: as the protocol says
  std::string detector = "haar";
  std::string on_no_face;  ///< empty: fail, or fullframe for reference-pipeline protocols
  double min_face_coverage = 0.5;
  bool allow_damaged = false;
  double timeout_seconds = 0;
  std::string cache;
};

void declare_reading_options(CLI::App& app, ReadingOptions& options);
/// --alignment, for commands that read labels.
void declare_alignment_option(CLI::App& app, ReadingOptions& options);

/// A recording that can be used.
struct Reading {
  video::Clip clip;  ///< cut to the part that the recording names
  data::Labels labels;
  data::Aligned aligned;
};

/// Reads recordings; shared by all threads of a batch.
class RecordingReader {
 public:
  /// input: of the network that face crops are kept for; null where mean colours are enough. Throws
  /// Error(usage) for unknown names.
  RecordingReader(const ReadingOptions& options, const results::Protocol& protocol,
                  const models::InputFormat* input, int decoder_threads);

  data::Alignment alignment() const { return alignment_.alignment; }

  /// The recording's inputs and all options that shape how it is read, as text for a digest.
  std::string key(const Item& item) const;

  /// Decodes, finds the face, judges both and aligns (with labels where with_labels is true).
  /// Throws Error or Skipped with the reason.
  Reading read(const Item& item, bool with_labels) const;

 private:
  video::ClipOptions clip_options() const;
  void require_sound(const video::Clip& clip, const std::filesystem::path& file) const;
  void require_face(const video::Clip& clip, const std::filesystem::path& file) const;

  ReadingOptions options_;
  bool reference_crops_;
  int crop_size_;            ///< 0: no crops
  std::size_t clip_frames_;  ///< of which only whole ones count; 0: every frame counts
  data::AlignmentOptions alignment_;
  std::string on_no_face_;
  int decoder_threads_;
  data::ClipCache cache_;
};

}  // namespace rppg::cli
