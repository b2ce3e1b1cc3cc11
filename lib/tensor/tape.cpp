#include "tensor/tape.h"

#include <algorithm>
#include <stdexcept>

#include "base/error.h"
#include "tensor/parallel.h"

namespace rppg {

std::span<float> Tensor::gradient() const {
  TensorNode* owner = node_->whole != nullptr ? node_->whole : node_;
  const Index n = count();
  if (owner->gradient == nullptr) {
    float* const values = owner->tape->arena().make<float>(n).data();
    for_ranges(owner->tape->threads(), n,
               [=](Index begin, Index end) { std::fill(values + begin, values + end, 0.0F); });
    owner->gradient = values;
  }
  return {owner->gradient, static_cast<std::size_t>(n)};
}

bool Tensor::has_gradient() const {
  return (node_->whole != nullptr ? node_->whole : node_)->gradient != nullptr;
}

void require_shape(const char* what, const Shape& shape, const Shape& expected) {
  if (shape == expected) return;
  throw std::logic_error(std::string(what) + ": shape " + to_string(shape) + ", expected " +
                         to_string(expected));
}

Tape::Tape(Arena& arena, const TapeOptions& options) : arena_(arena), options_(options) {
  arena_.reset();
}

TensorNode* Tape::make_node(const Shape& shape) {
  auto* node = new (arena_.allocate(sizeof(TensorNode))) TensorNode;
  node->shape = shape;
  node->tape = this;
  return node;
}

Tensor Tape::input(std::span<const float> values, const Shape& shape, bool wants_gradient) {
  require_shape("input", {static_cast<Index>(values.size())}, {shape.count()});
  TensorNode* node = make_node(shape);
  node->values = const_cast<float*>(values.data());  // no op writes to its inputs
  node->wants_gradient = wants_gradient && options_.gradients;
  return Tensor(node);
}

void Tape::check_cancelled() const {
  if (options_.cancelled != nullptr && options_.cancelled()) {
    throw Error(Status::interrupted, "stopped on request");
  }
}

Tensor Tape::output(const Shape& shape, std::initializer_list<Tensor> parents) {
  check_cancelled();
  TensorNode* node = make_node(shape);
  node->values = arena_.make<float>(shape.count()).data();
  node->wants_gradient =
      options_.gradients && std::any_of(parents.begin(), parents.end(), [](const Tensor& parent) {
        return parent && parent.wants_gradient();
      });
  return Tensor(node);
}

Tensor Tape::view(Tensor x, const Shape& shape) {
  require_shape("view", {x.count()}, {shape.count()});
  TensorNode* node = make_node(shape);
  node->values = x.node()->values;
  node->wants_gradient = x.wants_gradient();
  node->whole = x.node()->whole != nullptr ? x.node()->whole : x.node();
  return Tensor(node);
}

void Tape::count_cost(const char* op, Tensor weight, Tensor y, Index multiplications,
                      Index additions) {
  if (options_.costs == nullptr) return;
  const auto outputs = static_cast<double>(y.count());
  options_.costs->push_back({op, weight.node(), outputs * static_cast<double>(multiplications),
                             outputs * static_cast<double>(additions), outputs});
}

void Tape::append(Step* step, const char* name, Tensor y) {
  step->name = name;
  step->y = y.node();
  step->previous = last_;
  last_ = step;
}

void Tape::backward(Tensor loss) {
  require_shape("backward: loss", loss.shape(), Shape());
  const float one = 1;
  backward(loss, {&one, 1});
}

void Tape::backward(Tensor y, std::span<const float> gradient) {
  require_shape("backward: gradient", {static_cast<Index>(gradient.size())}, {y.count()});
  if (!y.wants_gradient()) throw std::logic_error("backward: nothing here wants a gradient");
  const std::span<float> sum = y.gradient();
  for_ranges(threads(), y.count(), [&](Index begin, Index end) {
    for (auto i = static_cast<std::size_t>(begin); i < static_cast<std::size_t>(end); ++i) {
      sum[i] += gradient[i];
    }
  });
  for (Step* step = last_; step != nullptr; step = step->previous) {
    if (!Tensor(step->y).has_gradient()) continue;
    check_cancelled();
    step->run(step);
  }
}

}  // namespace rppg
