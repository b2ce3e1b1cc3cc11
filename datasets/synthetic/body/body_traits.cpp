#include "datasets/synthetic/body/body_traits.h"

#include <algorithm>
#include <array>

namespace rppg::datasets {

double Spread::draw(const Random& random, std::uint64_t index) const {
  return std::clamp(mean + deviation * random.normal(index), low, high);
}

double HeartTraits::mean_rate_bpm(int subject_index, const Random& random) const {
  if (known_rates_bpm.empty()) return rate_bpm.draw(random, 0);
  const auto turn = static_cast<std::size_t>(subject_index) % known_rates_bpm.size();
  return known_rates_bpm[turn] * random.uniform(0, 0.99, 1.01);
}

std::span<const Amount<LabelNoise>> label_noise_amounts() {
  static constexpr std::array<Amount<LabelNoise>, 10> table{{
      {"noise", &LabelNoise::noise, 0, 1, "white, standard deviation in pulse heights"},
      {"breathing", &LabelNoise::breathing, 0, 2, "baseline with respiration, pulse heights"},
      {"wander", &LabelNoise::wander, 0, 5, "slow baseline, standard deviation in pulse heights"},
      {"bursts", &LabelNoise::bursts, 0, 0.4, "motion artefacts, share of the time"},
      {"clipping", &LabelNoise::clipping, 0, 0.8, "share of the pulse height cut off"},
      {"loss", &LabelNoise::loss, 0, 0.3, "no contact, share of the time"},
      {"drift", &LabelNoise::drift, 0, 0.9, "amplitude, largest relative change"},
      {"dropouts", &LabelNoise::dropouts, 0, 0.9, "share of samples that repeat the one before"},
      {"lag", &LabelNoise::lag_s, -2, 2, "of labels behind frames, s"},
      {"clock", &LabelNoise::clock_s_per_min, -1, 1, "growth of the lag, s/min"},
  }};
  return table;
}

std::span<const Amount<TimingTraits>> timing_amounts() {
  static constexpr std::array<Amount<TimingTraits>, 5> table{{
      {"jitter", &TimingTraits::jitter_s, 0, 0.1, "of exposures, largest, s"},
      {"slowness", &TimingTraits::slowness, 0, 0.3,
       "largest share by which the rate lies below the nominal one"},
      {"dropped", &TimingTraits::dropped, 0, 0.5, "share of frames lost"},
      {"doubled", &TimingTraits::doubled, 0, 0.5, "share of frames that repeat a picture"},
      {"poll", &TimingTraits::poll_s, 0, 0.1, "grid of the stamps, s"},
  }};
  return table;
}

}  // namespace rppg::datasets
