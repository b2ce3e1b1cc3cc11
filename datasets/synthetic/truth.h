/// truth.json: what is known of a synthetic recording.
#pragma once

#include <filesystem>
#include <vector>

#include "datasets/synthetic/scene/film.h"

namespace rppg::datasets {

/// Writes seed, difficulty, amounts of label noise, and per frame times, pulses, rates and face
/// boxes as JSON. Times are those of the take less its first; stamp_s are what the files say.
void write_truth(const std::filesystem::path& file, const Session& session,
                 const Difficulty& difficulty, const Take& take, const std::vector<double>& stamp_s,
                 const Truth& truth);

}  // namespace rppg::datasets
