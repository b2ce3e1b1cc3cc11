/// From one recording to its waveform: options and steps that `evaluate` and `predict` share.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <CLI/CLI.hpp>

#include "cli/batch.h"
#include "cli/reading.h"
#include "models/network.h"
#include "results/protocol.h"
#include "results/store.h"

namespace rppg::cli {

/// The only home of these defaults.
struct EstimationOptions {
  std::string method;
  std::string model;  ///< weights file; goes before the method
  std::string protocol = "default";
  double window_seconds = -1;  ///< negative: as the protocol says
  std::string estimator;       ///< empty: as the protocol says
  ReadingOptions reading;
  int jobs = 0;  ///< 0 = as many as threads, one for networks
};

/// --method and --model; options.method is the default where it has one.
void declare_method_options(CLI::App& app, EstimationOptions& options);
void declare_estimation_options(CLI::App& app, EstimationOptions& options);
void declare_protocol_options(CLI::App& app, EstimationOptions& options);

/// The named protocol with the overrides; an overridden one is named "toolbox+window=10".
results::Protocol protocol_of(const EstimationOptions& options);

/// Recordings at the same time, and threads of each.
struct ThreadPlan {
  int jobs = 1;
  int threads_each = 1;
};
/// jobs: 0 = as many as threads.
ThreadPlan plan_threads(const CommonOptions& common, int jobs, std::size_t items);

/// Turns one recording into a result; shared by all threads of a batch.
class Estimator {
 public:
  /// Throws Error(usage) for unknown names, and as models::read_network() does, while the process
  /// has one thread.
  Estimator(const EstimationOptions& options, const ThreadPlan& plan);

  const results::Protocol& protocol() const { return protocol_; }

  /// Digest of the recording's inputs and of everything that shapes its result.
  std::string key(const Item& item) const;

  /// Reads, finds the face, extracts, aligns and scores (against labels, where with_labels is
  /// true). Throws Error or Skipped with the reason.
  results::RecordingResult run(const Item& item, bool with_labels) const;

 private:
  /// The crops are moved out of the reading.
  Waveform predict(const data::Recording& recording, Reading& reading) const;

  std::string method_;  ///< name of the method or network
  results::Protocol protocol_;
  int threads_;  ///< of a network
  std::unique_ptr<models::Network> network_;
  std::string weights_digest_;
  std::string detector_;  ///< without its file
  std::optional<RecordingReader> reader_;
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
