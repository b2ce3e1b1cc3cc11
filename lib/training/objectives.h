/// What networks are trained for: the table of objectives. An objective is one file and one line in
/// objectives.cpp.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "tensor/tensor.h"

namespace rppg::training {

/// What belongs to the clips of a batch.
struct Targets {
  Tensor labels;                    ///< (B, T), scaled as the network's input format says
  std::span<const double> rate_hz;  ///< (B), of the frames
};

class Objective {
 public:
  Objective() = default;
  virtual ~Objective() = default;
  Objective(const Objective&) = delete;
  Objective& operator=(const Objective&) = delete;

  /// One number: the loss of the waveforms (B, T) that a network gave. Allocates nothing but on the
  /// tape.
  virtual Tensor loss(Tensor waveforms, const Targets& targets) const = 0;
};

struct ObjectiveEntry {
  std::string_view name;                 ///< as on the command line, "supervised"
  std::string_view description;          ///< one line
  std::vector<std::string_view> losses;  ///< to choose from; the first is the default
  /// With one of its losses.
  std::unique_ptr<Objective> (*make)(std::string_view loss);
};

std::span<const ObjectiveEntry> objective_entries();

/// Throws Error(usage) that lists the names, of objectives or losses; an empty loss is the default.
const ObjectiveEntry& find_objective(std::string_view name);
std::unique_ptr<Objective> make_objective(const ObjectiveEntry& entry, std::string_view loss);

// --- Entries -------------------------------------------------------------------------------------

/// Distance to the contact PPG: mean squared error (EfficientPhys) or 1 - Pearson correlation
/// (PhysNet).
std::unique_ptr<Objective> make_supervised(std::string_view loss);

}  // namespace rppg::training
