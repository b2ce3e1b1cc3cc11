/// Parameters of a model: one slab of values, one of gradients, under their PyTorch names.
#pragma once

#include <cstdint>
#include <deque>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "tensor/tensor.h"

namespace rppg::nn {

/// How values start.
struct Initialization {
  enum class Kind {
    constant,          ///< a
    uniform,           ///< in [-a, a)
    truncated_normal,  ///< standard deviation a before cutting at b standard deviations
    log_ranks,         ///< ln(1 + index on the last axis): the state matrix of Mamba
  };
  Kind kind = Kind::constant;
  double a = 0;
  double b = 2;
};

enum class Role {
  trained,  ///< changed by the optimizer
  buffer,   ///< kept with the model, changed by its own rule: running averages, code books
  counter,  ///< the same, a whole number
};

/// One named array.
struct Parameter {
  std::string name;
  Role role = Role::trained;
  Initialization start;
  Index offset = 0;  ///< into the slab of its role: values() or buffers()
  Tensor tensor;
};

/// All parameters and buffers of one model. Names are unique; tensors stay where they are once the
/// store is initialised.
class ParameterStore {
 public:
  ParameterStore() = default;
  ~ParameterStore() = default;
  ParameterStore(const ParameterStore&) = delete;
  ParameterStore& operator=(const ParameterStore&) = delete;

  /// Throws std::logic_error for a name that is taken, and after initialize().
  Tensor add(std::string name, const Shape& shape, Role role, const Initialization& start);

  /// Takes the slabs and draws all values; each parameter's numbers depend on the seed and its own
  /// name only.
  void initialize(std::uint64_t seed);

  const std::vector<Parameter>& parameters() const { return parameters_; }
  /// Null when there is none.
  const Parameter* find(std::string_view name) const;

  std::span<float> values() { return values_; }        ///< of all trained parameters, with padding
  std::span<float> gradients() { return gradients_; }  ///< alike
  std::span<float> buffers() { return buffers_; }
  void clear_gradients();

  /// Nothing here wants a gradient from now on.
  void freeze();

  /// Trained numbers, without padding.
  Index trained_count() const;

 private:
  std::vector<Parameter> parameters_;
  std::deque<TensorNode> nodes_;
  std::vector<float> values_;
  std::vector<float> gradients_;
  std::vector<float> buffers_;
  Index trained_size_ = 0;
  Index buffer_size_ = 0;
};

/// A place in a store: "blocks.0". Layers make their parameters through it, so that none can exist
/// unregistered.
class Scope {
 public:
  explicit Scope(ParameterStore& store) : store_(&store) {}

  Scope operator/(std::string_view name) const;
  Scope operator/(Index index) const;

  /// The same place; what is made below it is kept with the model, but no optimizer changes it.
  Scope frozen() const;

  Tensor parameter(std::string_view name, const Shape& shape, const Initialization& start) const;
  Tensor buffer(std::string_view name, const Shape& shape, const Initialization& start) const;
  Tensor buffer(std::string_view name, const Shape& shape, double value) const;
  Tensor counter(std::string_view name) const;
  const std::string& path() const { return path_; }

 private:
  std::string join(std::string_view name) const;

  ParameterStore* store_;
  std::string path_;
  Role role_ = Role::trained;  ///< of its parameters
};

}  // namespace rppg::nn
