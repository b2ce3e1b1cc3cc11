#include "training/label_treatments.h"

#include <cmath>
#include <cstdint>
#include <functional>
#include <string>
#include <utility>

#include "signal/filter.h"
#include "signal/smoothing.h"
#include "signal/uniform_quantizer.h"

namespace rppg::training {
namespace {

using Clip = std::vector<double>;

/// A clip after a treatment.
struct Treated {
  Clip values;
  std::vector<std::int32_t> tokens;
};

/// One row of the analysis. prepared: the label in the pulse band; raw: as it was read.
struct Treatment {
  std::string method;
  int bits = 0;
  std::function<Treated(const Clip& prepared, const Clip& raw)> apply;
};

/// (x - mean) / unbiased standard deviation; zeros for a constant.
Clip standardized(const Clip& clip) {
  Clip result = signal::standardize(clip);
  const auto n = static_cast<double>(clip.size());
  for (double& sample : result) sample *= std::sqrt((n - 1) / n);
  return result;
}

Treated in_steps(const Clip& clip, int bits) {
  auto quantized = signal::quantize_uniformly(clip, std::size_t{1} << bits);
  return {std::move(quantized.values), std::move(quantized.indices)};
}

Clip averaged(const Clip& raw) {
  constexpr std::size_t width = 5;
  return standardized(signal::moving_average(raw, width));
}

Clip shrunk(const Clip& raw) {
  constexpr int octaves = 3;
  return standardized(signal::shrink_wavelets(raw, octaves));
}

std::vector<Treatment> treatments(const std::map<int, Quantizer>& quantizers) {
  std::vector<Treatment> all{{"band-pass", 0,
                              [](const Clip& prepared, const Clip&) {
                                return Treated{prepared, {}};
                              }},
                             {"moving average", 0,
                              [](const Clip&, const Clip& raw) {
                                return Treated{averaged(raw), {}};
                              }},
                             {"wavelets", 0, [](const Clip&, const Clip& raw) {
                                return Treated{shrunk(raw), {}};
                              }}};
  for (const auto& [bits, each] : quantizers) {
    const Quantizer* quantizer = &each;
    all.push_back({results::learned_method, bits, [quantizer](const Clip& prepared, const Clip&) {
                     auto result = (*quantizer)(prepared);
                     return Treated{std::move(result.values), std::move(result.tokens)};
                   }});
  }
  for (const auto& [b, quantizer] : quantizers) {
    const int bits = b;
    all.push_back({"uniform", bits,
                   [bits](const Clip& prepared, const Clip&) { return in_steps(prepared, bits); }});
    all.push_back({"moving average + uniform", bits,
                   [bits](const Clip&, const Clip& raw) { return in_steps(averaged(raw), bits); }});
    all.push_back({"wavelets + uniform", bits,
                   [bits](const Clip&, const Clip& raw) { return in_steps(shrunk(raw), bits); }});
  }
  return all;
}

results::LabelAnalysis analysis_of(const signal::LabelClips& set, const Treatment& treatment) {
  results::TreatedLabels treated{.method = treatment.method, .bits = treatment.bits};
  for (std::size_t i = 0; i < set.raw.size(); ++i) {
    Treated clip = treatment.apply(set.prepared[i], set.raw[i]);
    treated.tokens.insert(treated.tokens.end(), clip.tokens.begin(), clip.tokens.end());
    treated.clips.push_back(std::move(clip.values));
    if (!set.clean.empty()) {
      treated.clean.push_back(treatment.apply(set.clean[i], set.clean[i]).values);
    }
  }
  return results::analyze(set, treated);
}

}  // namespace

std::vector<results::LabelAnalysis> analyze_treatments(
    const signal::LabelClips& clips, const std::map<int, Quantizer>& quantizers_by_bits) {
  std::vector<results::LabelAnalysis> analyses;
  for (const Treatment& treatment : treatments(quantizers_by_bits)) {
    analyses.push_back(analysis_of(clips, treatment));
  }
  return analyses;
}

}  // namespace rppg::training
