/// From contact PPG to label quantisers, quantised labels and what they kept, in an output folder.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "base/error.h"
#include "cli/command.h"
#include "cli/inputs.h"
#include "cli/label_data.h"
#include "io/hdf5.h"
#include "nn/checkpoint.h"
#include "results/label_report.h"
#include "results/ledger.h"
#include "training/quantizer_training.h"

namespace rppg::cli {

/// The only home of these defaults.
struct LabelQuantizingOptions {
  std::vector<std::string> inputs;
  std::vector<std::string> valid;
  std::vector<int> bits{1, 2, 3, 4, 5};
  std::string quantizers;  ///< weights file to apply; empty: train
  std::string recipe = "default";
  std::string alignment;  ///< empty: as the recipe says
  int epochs = -1;        ///< negative: as the recipe says
  double rate_hz = 30;
  std::size_t clip_samples = 160;
  bool no_train = false;
  bool reuse = false;
};

/// Of the quantiser of so many bits in a weights file: "quantizer3".
std::string quantizer_part(int bits);

/// Stage 1 of LQ-rPPG as a run: what `quantize-labels` does, and `train --objective lq` first.
class LabelQuantizing {
 public:
  /// Throws Error as select_labels() does, and Error(usage) for unknown names.
  LabelQuantizing(const LabelQuantizingOptions& options, const CommonOptions& common,
                  const CLI::App& app);

  const std::vector<Item>& items() const { return items_; }

  /// Fills the folder; the exit status of the run. Throws Error.
  Status run();

  /// Quantisers of all wanted bit depths, after run().
  const nn::WeightsFile& weights() const { return weights_; }
  /// The analysis, after run(); without analyses where it did not come to that.
  const results::LabelReport& report() const { return report_; }

 private:
  void divide();
  std::string subject_of(std::size_t i) const;
  std::map<std::string, std::string> provenance() const;
  nn::WeightsFile given() const;
  void get_quantizers();
  std::filesystem::path weights_file() const;
  std::map<int, std::string> logs_before() const;
  std::string log_of(int bits, const training::TrainedQuantizer& trained) const;
  void write_labels() const;
  void write_recording(const LabelRecording& recording, io::Hdf5Writer& writer) const;
  void analyze();
  void write_ledger();
  std::map<std::string, std::string> hashes() const;
  Status finish(bool complete, Status status) const;

  const LabelQuantizingOptions& options_;
  const CommonOptions& common_;
  const CLI::App& app_;
  training::QuantizerRecipe recipe_;
  bool paper_;
  LabelReading reading_;
  std::chrono::system_clock::time_point started_ = std::chrono::system_clock::now();
  std::vector<Item> items_;  ///< those of --valid last
  std::size_t given_to_train_ = 0;
  std::vector<LabelRecording> recordings_;
  std::vector<std::size_t> training_;  ///< indices of recordings
  std::vector<std::size_t> choosing_;
  nn::WeightsFile weights_;
  std::map<int, training::Quantizer> quantizers_;
  results::LabelReport report_;
  results::Coverage coverage_;
};

}  // namespace rppg::cli
