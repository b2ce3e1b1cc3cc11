#include "models/complexity.h"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <set>
#include <string_view>
#include <utility>

#include "base/interrupt.h"
#include "tensor/tape.h"

namespace rppg::models {
namespace {

/// Everything of a parameter's name but its last part; a bare parameter is a layer of its own.
std::string layer_name(const std::string& parameter) {
  return parameter.substr(0, parameter.rfind('.'));
}

/// "mamba_1.0.mamba.in_proj" lies in a Mamba block, "mamba_1.0.x_norm" does not.
bool in_mamba_block(const std::string& layer) {
  return ("." + layer + ".").find(".mamba.") != std::string::npos;
}

/// What thop counts for an op; none for ops that are no module in PyTorch or that it does not know.
std::optional<double> thop_operations(const OpCost& cost) {
  constexpr std::array<std::string_view, 5> products{
      "convolution", "convolution1d", "depthwise_convolution", "linear", "attention_pool"};
  const std::string_view op = cost.op;
  if (std::find(products.begin(), products.end(), op) != products.end()) {
    return cost.multiplications;
  }
  // Two of its four taps meet a frame of the input; thop counts all.
  if (op == "upsample_frames") return 2 * cost.multiplications;
  if (op == "batch_norm" || op == "layer_norm") return 4 * cost.outputs;
  if (op == "average_pool") return cost.outputs;
  if (op == "picture_mean") return cost.additions + cost.outputs;
  return std::nullopt;
}

/// Layers in order of their first mention.
class Table {
 public:
  explicit Table(const nn::ParameterStore& store) {
    for (const nn::Parameter& parameter : store.parameters()) {
      names_[parameter.tensor.node()] = layer_name(parameter.name);
    }
  }

  void add(const OpCost& cost) {
    LayerCost& layer = row(cost.weight != nullptr ? names_.at(cost.weight) : cost.op);
    if (layer.op.empty()) layer.op = cost.op;
    layer.cost.multiply_adds += cost.multiplications;
    const std::optional<double> operations = thop_operations(cost);
    if (!operations || in_mamba_block(layer.name)) return;
    layer.thop.multiply_adds += *operations;
    seen_by_thop_.insert(layer.name);
  }

  void add(const nn::Parameter& parameter) {
    if (parameter.role != nn::Role::trained) return;
    LayerCost& layer = row(layer_name(parameter.name));
    layer.cost.parameters += parameter.tensor.count();
    if (seen_by_thop_.count(layer.name) > 0) layer.thop.parameters += parameter.tensor.count();
  }

  std::vector<LayerCost> layers() && { return std::move(layers_); }

 private:
  LayerCost& row(const std::string& name) {
    const auto [found, is_new] = places_.try_emplace(name, layers_.size());
    if (is_new) layers_.push_back({.name = name, .op = {}, .cost = {}, .thop = {}});
    return layers_[found->second];
  }

  std::map<const TensorNode*, std::string> names_;
  std::map<std::string, std::size_t> places_;
  std::set<std::string> seen_by_thop_;
  std::vector<LayerCost> layers_;
};

CostLog costs_of_forward_pass(const Network& network, Index frames, int threads) {
  const Index size = network.model().input().frame_size;
  const Shape shape{1, frames, size, size, 3};
  const std::vector<float> zeros(static_cast<std::size_t>(shape.count()));
  CostLog costs;
  Arena arena;
  Tape tape(arena, {.threads = threads, .costs = &costs, .cancelled = stop_requested});
  network.model()(tape.input(zeros, shape));
  return costs;
}

Cost sum(const std::vector<LayerCost>& layers, Cost LayerCost::*kind) {
  Cost total;
  for (const LayerCost& layer : layers) {
    total.parameters += (layer.*kind).parameters;
    total.multiply_adds += (layer.*kind).multiply_adds;
  }
  return total;
}

}  // namespace

Cost Complexity::total() const { return sum(layers, &LayerCost::cost); }

Cost Complexity::thop_total() const { return sum(layers, &LayerCost::thop); }

Complexity complexity_of(const Network& network, Index frames, int threads) {
  Table table(network.parameters());
  for (const OpCost& cost : costs_of_forward_pass(network, frames, threads)) table.add(cost);
  for (const nn::Parameter& parameter : network.parameters().parameters()) table.add(parameter);
  return {frames, std::move(table).layers()};
}

}  // namespace rppg::models
