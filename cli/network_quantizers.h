/// Label quantisers on their way into a coarse-to-fine network.
#pragma once

#include <filesystem>
#include <string>

#include <CLI/CLI.hpp>

#include "cli/command.h"
#include "cli/label_quantizing.h"
#include "models/network.h"
#include "nn/checkpoint.h"

namespace rppg::cli {

/// Puts a quantiser of the right bit depth into every level of the network that has a head; returns
/// the digest of the weights. Throws Error(usage) for another network, Error(malformed) naming
/// `file` when one is missing or does not fit.
std::string set_quantizers(models::Network& network, const nn::WeightsFile& weights,
                           const std::filesystem::path& file);

/// Learns those that the network needs, as `quantize-labels` does in the folder common.out, and
/// puts them into it; returns the digest of the weights. Throws Error(interrupted), and
/// Error(all_failed) without a label that can be used.
std::string learn_quantizers(models::Network& network, LabelQuantizingOptions options,
                             const CommonOptions& common, const CLI::App& app);

}  // namespace rppg::cli
