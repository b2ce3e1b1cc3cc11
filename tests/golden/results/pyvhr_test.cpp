// Stored windows of pyVHR on UBFC, PURE and LGI: its mean absolute errors come out again.
#include <cmath>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include "base/atomic_file.h"
#include "base/text.h"
#include "io/csv.h"
#include "results/metrics.h"
#include "results/protocol.h"
#include "support/resources.h"

namespace {

using namespace rppg;

using Track = std::vector<std::pair<double, double>>;  // time, bpm

double nearest_value(const Track& track, double time) {
  double value = track.front().second;
  double distance = std::abs(track.front().first - time);
  for (const auto& [t, bpm] : track) {
    if (std::abs(t - time) < distance) {
      distance = std::abs(t - time);
      value = bpm;
    }
  }
  return value;
}

}  // namespace

TEST_CASE("MAE of stored windows is the stored MAE") {
  const auto folder = test::shared("realdata/preds/pyvhr");
  if (!folder) return;
  int compared = 0;
  for (const std::string set : {"LGI_PPGI_holistic", "PURE_deep", "PURE_holistic", "UBFC1_holistic",
                                "UBFC2_deep", "UBFC2_holistic"}) {
    const auto file = *folder / (set + ".csv");
    const io::Table windows(read_file(file), file);
    std::map<std::string, std::pair<Track, Track>> tracks;  // reference, estimate
    for (std::size_t i = 0; i < windows.size(); ++i) {
      const auto row = windows.row(i);
      auto& [reference, estimate] = tracks[std::string(row["row"])];
      (row["kind"] == "GT" ? reference : estimate).emplace_back(row.number("t"), row.number("bpm"));
    }
    const auto summary_file = *folder / (set + "_summary.csv");
    const io::Table summary(read_file(summary_file), summary_file);
    for (std::size_t i = 0; i < summary.size(); ++i) {
      const auto row = summary.row(i);
      const auto& [reference, estimate] = tracks.at(std::string(row["row"]));
      std::vector<results::ScoredPair> pairs;
      for (const auto& [time, bpm] : estimate) {
        pairs.push_back({.subject = "one",
                         .hr_reference_bpm = nearest_value(reference, time),
                         .hr_predicted_bpm = bpm});
      }
      const auto metrics = results::compute_metrics(pairs, results::find_protocol("default"));
      REQUIRE(metrics.front().name == "MAE");
      CHECK(metrics.front().value == doctest::Approx(row.number("MAE")).epsilon(1e-4));
      ++compared;
    }
  }
  CHECK(compared == 837);
}
