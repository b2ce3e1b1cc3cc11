#include "cli/network_quantizers.h"

#include <map>
#include <set>
#include <string_view>
#include <utility>

#include "base/error.h"
#include "base/text.h"
#include "io/hash.h"
#include "models/coarse_to_fine.h"

namespace rppg::cli {
namespace {

using models::CoarseToFine;

const CoarseToFine& coarse_to_fine(const models::Network& network) {
  const auto* model = dynamic_cast<const CoarseToFine*>(&network.model());
  if (model == nullptr) throw Error(Status::usage, "label quantisers are for model c2f only");
  return *model;
}

/// Their tensors, under the names that they have in the network.
std::map<std::string, io::NamedArray> tensors_for(const CoarseToFine& model,
                                                  const nn::WeightsFile& weights,
                                                  const std::filesystem::path& file) {
  std::map<std::string, io::NamedArray> tensors;
  for (std::size_t level = 0; level < CoarseToFine::levels; ++level) {
    if (!model.has_head(level)) continue;
    const int bits = model.config().bits[level];
    const auto part = weights.parts.find(quantizer_part(bits));
    if (part == weights.parts.end()) {
      throw Error(Status::malformed, file, concat("holds no quantiser of ", bits, " bits"));
    }
    for (io::NamedArray tensor : part->second.tensors) {
      tensor.name.insert(0, CoarseToFine::quantizer_name(level) + ".");
      tensors[tensor.name] = std::move(tensor);
    }
  }
  return tensors;
}

}  // namespace

std::string set_quantizers(models::Network& network, const nn::WeightsFile& weights,
                           const std::filesystem::path& file) {
  const auto tensors = tensors_for(coarse_to_fine(network), weights, file);
  nn::NetworkRecord record = network.record();
  for (io::NamedArray& tensor : record.tensors) {
    const auto found = tensors.find(tensor.name);
    if (found != tensors.end()) tensor = found->second;
  }
  network.load(record, file);
  const auto image = nn::weights_image(weights);
  return io::sha256({reinterpret_cast<const char*>(image.data()), image.size()});
}

std::string learn_quantizers(models::Network& network, LabelQuantizingOptions options,
                             const CommonOptions& common, const CLI::App& app) {
  std::set<int> bits(coarse_to_fine(network).config().bits.begin(),
                     coarse_to_fine(network).config().bits.end());
  bits.erase(0);
  options.bits.assign(bits.begin(), bits.end());
  LabelQuantizing quantizing(options, common, app);
  const Status status = quantizing.run();
  if (status == Status::interrupted) throw Error(status, "stopped on request");
  if (status == Status::all_failed) throw Error(status, "no label that can be quantised");
  return set_quantizers(network, quantizing.weights(), common.out / "quantizers.h5");
}

}  // namespace rppg::cli
