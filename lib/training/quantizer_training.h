/// Stage 1 of LQ-rPPG: a label quantiser learns from labels alone.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "nn/checkpoint.h"
#include "nn/parameters.h"
#include "ops/vector_quantizer.h"
#include "signal/pulse_label.h"

namespace rppg::training {

/// Which of its epochs a quantiser is taken from: that of the lowest error of the heart rate.
enum class QuantizerSelection {
  /// Over held-out clips after each epoch; at equal errors the lower loss, then the earlier epoch.
  held_out,
  /// Over the training batches of the epoch as they came by, from the sixth epoch on, the earliest
  /// of equal ones: as the released quantisers were chosen.
  training_batches,
};

struct QuantizerRecipe {
  std::string_view name;
  int epochs = 30;
  int batch_size = 16;
  double learning_rate = 1e-3;
  ops::CodeBookRule rule;
  QuantizerSelection selection = QuantizerSelection::held_out;
};

/// "default" or "paper". Throws Error(usage).
const QuantizerRecipe& find_quantizer_recipe(std::string_view name);

/// One finished epoch.
struct QuantizerEpoch {
  int epoch = 0;  ///< from 1
  double loss = 0;
  double mae_bpm = 0;  ///< of the heart rate, over the clips that choose
  double choosing_loss = 0;
  int used_codes = 0;
};

struct TrainedQuantizer {
  nn::NetworkRecord record;
  std::vector<QuantizerEpoch> history;
  std::size_t best = 0;  ///< index in history
};

inline constexpr const char* quantizer_model = "label-quantizer";

/// Trains a quantiser of 2^bits codes. held_out may be empty: the training clips choose then. The
/// same arguments give the same bits. Throws Error(interrupted), std::logic_error without clips.
TrainedQuantizer train_quantizer(int bits, const signal::LabelClips& clips,
                                 const signal::LabelClips& held_out, const QuantizerRecipe& recipe,
                                 std::uint64_t seed);

/// A label quantiser that is not trained further.
class Quantizer {
 public:
  /// Throws Error(malformed) naming `file` where the record is none.
  Quantizer(const nn::NetworkRecord& record, const std::filesystem::path& file);
  ~Quantizer();
  Quantizer(const Quantizer&) = delete;
  Quantizer& operator=(const Quantizer&) = delete;
  Quantizer(Quantizer&&) noexcept;
  Quantizer& operator=(Quantizer&&) noexcept;

  int codes() const;
  int bits() const;
  std::vector<double> codebook() const;

  struct Result {
    std::vector<std::int32_t> tokens;
    std::vector<double> values;
  };
  /// A prepared clip, at most as long as those it was trained on.
  Result operator()(std::span<const double> prepared) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace rppg::training
