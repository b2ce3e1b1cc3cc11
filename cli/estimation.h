/// From one recording to its waveform: options and steps that `evaluate` and `predict` share.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <CLI/CLI.hpp>

#include "cli/batch.h"
#include "data/alignment.h"
#include "data/clip_cache.h"
#include "results/protocol.h"
#include "results/store.h"

namespace rppg::cli {

/// The only home of these defaults.
struct EstimationOptions {
  std::string method;
  std::string protocol = "default";
  double window_seconds = -1;  ///< negative: as the protocol says
  std::string estimator;       ///< empty: as the protocol says
  std::string alignment;       ///< empty: as the protocol says
  std::string detector = "haar";
  std::string on_no_face;  ///< empty: fail, or fullframe for reference-pipeline protocols
  double min_face_coverage = 0.5;
  bool allow_damaged = false;
  double timeout_seconds = 0;
  std::string cache;
  int jobs = 0;  ///< 0 = as many as threads
};

/// --method; estimation.method is its default where it has one.
void declare_method_option(CLI::App& app, EstimationOptions& options);
void declare_estimation_options(CLI::App& app, EstimationOptions& options);
void declare_protocol_options(CLI::App& app, EstimationOptions& options);

/// The named protocol with the overrides; an overridden one is named "toolbox+window=10".
results::Protocol protocol_of(const EstimationOptions& options);

/// Turns one recording into a result; shared by all threads of a batch.
class Estimator {
 public:
  /// Throws Error(usage) for unknown names.
  Estimator(const EstimationOptions& options, int decoder_threads);

  const results::Protocol& protocol() const { return protocol_; }

  /// Digest of the recording's inputs and of everything that shapes its result.
  std::string key(const Item& item) const;

  /// Reads, finds the face, extracts, aligns and scores (against labels, where with_labels is
  /// true). Throws Error or Skipped with the reason.
  results::RecordingResult run(const Item& item, bool with_labels) const;

 private:
  video::ClipOptions clip_options() const;
  void require_sound(const video::Clip& clip, const std::filesystem::path& file) const;
  void require_face(const video::Clip& clip, const std::filesystem::path& file) const;

  EstimationOptions options_;
  results::Protocol protocol_;
  data::AlignmentOptions alignment_;
  std::string on_no_face_;
  int decoder_threads_;
  data::ClipCache cache_;
};

/// What is left to do when all recordings of a batch are worked on, or it was stopped: complete is
/// false then.
using Finish = std::function<Status(results::RunFolder& folder, const results::Protocol& protocol,
                                    bool complete)>;

/// Estimates all recordings of this shard into the output folder, then calls finish; --dry-run
/// prints the plan instead. label: of the progress lines.
Status estimate(const std::vector<Item>& all, const EstimationOptions& options,
                const CommonOptions& common, std::string_view label, bool with_labels,
                const Finish& finish);

/// What run.json says the results were made from: digests of selection and protocol.
std::map<std::string, std::string> hashes_of(const std::vector<Item>& all,
                                             const results::Protocol& protocol);

}  // namespace rppg::cli
