#include "nn/parameters.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "base/random.h"

namespace rppg::nn {
namespace {

constexpr Index alignment = 16;  // floats

Index padded(Index count) { return (count + alignment - 1) / alignment * alignment; }

/// The first of the normal numbers of this index that lies within `cut` standard deviations.
double truncated_normal(const Random& random, std::uint64_t index, double cut) {
  constexpr std::uint64_t tries = 64;
  for (std::uint64_t i = 0; i < tries; ++i) {
    const double x = random.normal(index * tries + i);
    if (std::abs(x) <= cut) return x;
  }
  return 0;
}

double draw(const Parameter& parameter, const Random& random, Index index) {
  const auto i = static_cast<std::uint64_t>(index);
  const Initialization& start = parameter.start;
  switch (start.kind) {
    case Initialization::Kind::uniform:
      return random.uniform(i, -start.a, start.a);
    case Initialization::Kind::truncated_normal:
      return start.a * truncated_normal(random, i, start.b);
    case Initialization::Kind::log_ranks:
      return std::log(1.0 + static_cast<double>(index % parameter.tensor.shape()[-1]));
    case Initialization::Kind::constant:
      break;
  }
  return start.a;
}

}  // namespace

Tensor ParameterStore::add(std::string name, const Shape& shape, Role role,
                           const Initialization& start) {
  if (!values_.empty() || !buffers_.empty()) {
    throw std::logic_error("parameter " + name + ": the store is initialised already");
  }
  if (find(name) != nullptr) throw std::logic_error("parameter " + name + ": the name is taken");
  TensorNode& node = nodes_.emplace_back();
  node.shape = shape;
  node.wants_gradient = role == Role::trained;
  Index& size = role == Role::trained ? trained_size_ : buffer_size_;
  parameters_.push_back({std::move(name), role, start, size, Tensor(&node)});
  size += padded(shape.count());
  return parameters_.back().tensor;
}

void ParameterStore::initialize(std::uint64_t seed) {
  values_.assign(static_cast<std::size_t>(trained_size_), 0.0F);
  gradients_.assign(static_cast<std::size_t>(trained_size_), 0.0F);
  buffers_.assign(static_cast<std::size_t>(buffer_size_), 0.0F);
  for (const Parameter& parameter : parameters_) {
    TensorNode& node = *parameter.tensor.node();
    const bool trained = parameter.role == Role::trained;
    node.values = (trained ? values_ : buffers_).data() + parameter.offset;
    if (trained) node.gradient = gradients_.data() + parameter.offset;
    const Random random(seed, parameter.name);
    for (Index i = 0; i < parameter.tensor.count(); ++i) {
      node.values[i] = static_cast<float>(draw(parameter, random, i));
    }
  }
}

const Parameter* ParameterStore::find(std::string_view name) const {
  const auto found = std::find_if(parameters_.begin(), parameters_.end(),
                                  [&](const Parameter& each) { return each.name == name; });
  return found == parameters_.end() ? nullptr : &*found;
}

void ParameterStore::clear_gradients() { std::fill(gradients_.begin(), gradients_.end(), 0.0F); }

void ParameterStore::freeze() {
  for (TensorNode& node : nodes_) node.wants_gradient = false;
}

Index ParameterStore::trained_count() const {
  Index count = 0;
  for (const Parameter& parameter : parameters_) {
    if (parameter.role == Role::trained) count += parameter.tensor.count();
  }
  return count;
}

std::string Scope::join(std::string_view name) const {
  return path_.empty() ? std::string(name) : path_ + "." + std::string(name);
}

Scope Scope::operator/(std::string_view name) const {
  Scope inner(*this);
  inner.path_ = join(name);
  return inner;
}

Scope Scope::operator/(Index index) const { return *this / std::to_string(index); }

Scope Scope::frozen() const {
  Scope same(*this);
  same.role_ = Role::buffer;
  return same;
}

Tensor Scope::parameter(std::string_view name, const Shape& shape,
                        const Initialization& start) const {
  return store_->add(join(name), shape, role_, start);
}

Tensor Scope::buffer(std::string_view name, const Shape& shape, const Initialization& start) const {
  return store_->add(join(name), shape, Role::buffer, start);
}

Tensor Scope::buffer(std::string_view name, const Shape& shape, double value) const {
  return buffer(name, shape, {.kind = Initialization::Kind::constant, .a = value});
}

Tensor Scope::counter(std::string_view name) const {
  return store_->add(join(name), Shape(), Role::counter, {});
}

}  // namespace rppg::nn
