#include "models/registry.h"

#include <array>
#include <utility>

#include "base/error.h"
#include "base/text.h"
#include "models/coarse_to_fine.h"
#include "models/efficient_phys.h"
#include "models/physnet.h"
#include "models/rhythm_mamba.h"

namespace rppg::models {
namespace {

/// A whole number in [low, high]. Throws Error(usage).
Index whole(const Settings& settings, const char* name, Index low, Index high) {
  const double value = settings.at(name);
  const auto number = static_cast<Index>(value);
  if (static_cast<double>(number) != value || number < low || number > high) {
    throw Error(Status::usage, concat(name, " must be a whole number from ", low, " to ", high,
                                      ", not ", format_number(value)));
  }
  return number;
}

std::unique_ptr<Model> make_efficient_phys(nn::Scope scope, const Settings& settings) {
  const Index depth = whole(settings, "frame_depth", 2, 1000);
  const Index clip_frames = whole(settings, "clip_frames", depth, 100'000);
  if (clip_frames % depth != 0) {
    throw Error(Status::usage,
                concat("clip_frames must be a multiple of frame_depth (", depth, ")"));
  }
  return std::make_unique<EfficientPhys>(
      scope, EfficientPhys::Config{.frame_size = whole(settings, "frame_size", 12, 1024),
                                   .frame_depth = depth,
                                   .clip_frames = clip_frames});
}

Settings infer_efficient_phys(const CheckpointShapes& shapes) {
  constexpr std::uint64_t most_inputs = 1 << 24;  // of 1024 pixels and more
  const auto dense = shapes.find("final_dense_1.weight");
  if (dense == shapes.end() || dense->second.size() != 2 || dense->second[1] > most_inputs) {
    return {};
  }
  const auto size = EfficientPhys::frame_size_for(static_cast<Index>(dense->second[1]));
  return size ? Settings{{"frame_size", static_cast<double>(*size)}} : Settings{};
}

std::unique_ptr<Model> make_physnet(nn::Scope scope, const Settings& settings) {
  const Index clip_frames = whole(settings, "clip_frames", 4, 100'000);
  if (clip_frames % 4 != 0) throw Error(Status::usage, "clip_frames must be a multiple of 4");
  return std::make_unique<PhysNet>(
      scope, PhysNet::Config{.frame_size = whole(settings, "frame_size", 16, 1024),
                             .clip_frames = clip_frames});
}

std::unique_ptr<Model> make_coarse_to_fine(nn::Scope scope, const Settings& settings) {
  CoarseToFine::Config config{.frame_size = whole(settings, "frame_size", 8, 1024),
                              .clip_frames = whole(settings, "clip_frames", 2, 100'000),
                              .soft_codes = whole(settings, "soft_codes", 0, 1) != 0};
  if (config.frame_size % 8 != 0) throw Error(Status::usage, "frame_size must be a multiple of 8");
  for (std::size_t i = 0; i < CoarseToFine::levels; ++i) {
    const bool last = i + 1 == CoarseToFine::levels;
    config.bits[i] =
        static_cast<int>(whole(settings, concat("bits", i + 1).c_str(), last ? 1 : 0, 5));
  }
  return std::make_unique<CoarseToFine>(scope, config);
}

Settings infer_coarse_to_fine(const CheckpointShapes& shapes) {
  const auto positions = shapes.find("position_embedding");
  if (positions == shapes.end() || positions->second.size() != 3) return {};
  return {{"clip_frames", static_cast<double>(positions->second[1])}};
}

std::vector<std::string> coarse_to_fine_parts() {
  std::vector<std::string> parts;
  for (std::size_t i = 0; i < CoarseToFine::levels; ++i) {
    parts.push_back(CoarseToFine::quantizer_name(i));
  }
  return parts;
}

/// The quantiser with as many codes.
std::optional<std::string> coarse_to_fine_part(const CheckpointShapes& shapes) {
  const auto codes = shapes.find("quantizer.embeddings.weight");
  if (codes == shapes.end() || codes->second.empty()) return std::nullopt;
  for (std::size_t i = 0; i < CoarseToFine::levels; ++i) {
    if (codes->second.front() == std::uint64_t{2} << i) {
      return CoarseToFine::quantizer_name(i);
    }
  }
  return std::nullopt;
}

std::unique_ptr<Model> make_rhythm_mamba(nn::Scope scope, const Settings& settings) {
  const Index size = whole(settings, "frame_size", 8, 1024);
  const Index clip_frames = whole(settings, "clip_frames", 8, 100'000);
  if (size % 8 != 0) throw Error(Status::usage, "frame_size must be a multiple of 8");
  if (clip_frames % 2 != 0) throw Error(Status::usage, "clip_frames must be a multiple of 2");
  const bool both = whole(settings, "bidirectional", 0, 1) != 0;
  return std::make_unique<RhythmMamba>(
      scope, RhythmMamba::Config{.frame_size = size,
                                 .clip_frames = clip_frames,
                                 .reach = both ? nn::MambaReach::both : nn::MambaReach::forward});
}

Settings infer_rhythm_mamba(const CheckpointShapes& shapes) {
  return {{"bidirectional", shapes.count("blocks.0.attn.mamba.A_b_log") > 0 ? 1 : 0}};
}

const std::array<ModelEntry, 4>& entries() {
  static const std::array<ModelEntry, 4> table{{
      {"efficientphys",
       "EfficientPhys",
       "Liu et al., EfficientPhys: enabling simple, fast and accurate camera-based cardiac "
       "measurement, WACV 2023",
       {{"frame_size", 72}, {"frame_depth", 10}, {"clip_frames", 180}},
       make_efficient_phys,
       infer_efficient_phys},
      {"physnet",
       "PhysNet",
       "Yu et al., Remote photoplethysmograph signal measurement from facial videos using "
       "spatio-temporal networks, BMVC 2019",
       {{"frame_size", 72}, {"clip_frames", 128}},
       make_physnet},
      {"c2f",
       "LQ-rPPG coarse-to-fine",
       "LQ-rPPG: quantised labels and a coarse-to-fine network",
       {{"frame_size", 128},
        {"clip_frames", 160},
        {"bits1", 1},
        {"bits2", 2},
        {"bits3", 3},
        {"bits4", 4},
        {"bits5", 5},
        {"soft_codes", 1}},
       make_coarse_to_fine,
       infer_coarse_to_fine,
       coarse_to_fine_parts(),
       coarse_to_fine_part},
      {"rhythmmamba",
       "RhythmMamba",
       "Zou et al., RhythmMamba: fast, lightweight, and accurate remote physiological "
       "measurement, AAAI 2025",
       {{"frame_size", 128}, {"clip_frames", 160}, {"bidirectional", 1}},
       make_rhythm_mamba,
       infer_rhythm_mamba},
  }};
  return table;
}

}  // namespace

std::span<const ModelEntry> model_entries() { return entries(); }

const ModelEntry& find_model(std::string_view name) {
  std::string names;
  for (const ModelEntry& entry : model_entries()) {
    if (entry.name == name) return entry;
    names += concat(names.empty() ? "" : ", ", entry.name);
  }
  throw Error(Status::usage, concat("unknown model '", name, "'; one of ", names));
}

Settings settings_of(const ModelEntry& entry, const Settings& changes) {
  Settings settings = entry.settings;
  for (const auto& [name, value] : changes) {
    const auto found = settings.find(name);
    if (found == settings.end()) {
      throw Error(Status::usage, concat("model ", entry.name, " has no setting '", name, "'"));
    }
    found->second = value;
  }
  return settings;
}

}  // namespace rppg::models
