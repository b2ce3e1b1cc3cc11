/// What networks are trained for: the table of objectives. An objective is one file and one line in
/// objectives.cpp.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "models/model.h"
#include "tensor/tensor.h"

namespace rppg::training {

/// What belongs to the clips of a batch.
struct Targets {
  Tensor labels;                    ///< (B, T), scaled as the network's input format says
  std::span<const double> rate_hz;  ///< (B), of the frames
};

/// What an objective makes of a batch.
struct Judgement {
  Tensor waveforms;  ///< (B, T), what the network is used for
  Tensor loss;       ///< one number
};

class Objective {
 public:
  Objective() = default;
  virtual ~Objective() = default;
  Objective(const Objective&) = delete;
  Objective& operator=(const Objective&) = delete;

  /// Runs the network that it was made for on clips (B, T, H, W, 3), scaled as that one wants.
  /// Allocates nothing but on the tape, once all sampling rates were there. Not for several threads
  /// at once.
  virtual Judgement operator()(Tensor clips, const Targets& targets) const = 0;
};

struct ObjectiveEntry {
  std::string_view name;                 ///< as on the command line, "supervised"
  std::string_view description;          ///< one line
  std::vector<std::string_view> losses;  ///< to choose from; the first is the default
  /// For a network, which must outlive it, with one of its losses. Throws Error(usage) for a
  /// network that cannot be trained so.
  std::unique_ptr<Objective> (*make)(const models::Model& model, std::string_view loss);
};

std::span<const ObjectiveEntry> objective_entries();

/// Throws Error(usage) that lists the names, of objectives or losses; an empty loss is the default.
const ObjectiveEntry& find_objective(std::string_view name);
std::string_view find_loss(const ObjectiveEntry& entry, std::string_view loss);

// --- Entries -------------------------------------------------------------------------------------

/// Distance to the contact PPG: mean squared error (EfficientPhys) or 1 - Pearson correlation
/// (PhysNet).
std::unique_ptr<Objective> make_supervised(const models::Model& model, std::string_view loss);

/// Loss of `lq` that needs label quantisers.
inline constexpr std::string_view quantized_loss = "quantized";

/// Stage 2 of LQ-rPPG, for the coarse-to-fine network: every level is to give the contact PPG,
/// quantised with its codes (quantized_loss), as it is in the pulse band ("band-passed"), or as it
/// was read ("raw"). Labels are standardised clip by clip.
std::unique_ptr<Objective> make_lq(const models::Model& model, std::string_view loss);

}  // namespace rppg::training
