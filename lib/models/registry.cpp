#include "models/registry.h"

#include <array>

#include "base/error.h"
#include "base/text.h"
#include "models/efficient_phys.h"
#include "models/physnet.h"

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

const std::array<ModelEntry, 2>& entries() {
  static const std::array<ModelEntry, 2> table{{
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
