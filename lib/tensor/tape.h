/// Records how tensors were made, and runs the backward passes in reverse.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <new>
#include <span>
#include <type_traits>
#include <utility>

#include "base/shape.h"
#include "tensor/arena.h"
#include "tensor/cost.h"
#include "tensor/tensor.h"

namespace rppg {

struct TapeOptions {
  bool training = false;   ///< dropout drops, batch norm uses the batch and updates its averages
  bool gradients = false;  ///< backward passes are recorded
  int threads = 1;
  std::uint64_t seed = 0;  ///< of dropout
  std::uint64_t step = 0;  ///< random numbers differ from step to step
  bool dropout = true;     ///< false: nothing is dropped in training
  /// What each dropout of the step keeps, in their order, instead of random choices: for
  /// comparisons with other programs.
  std::span<const std::span<const std::uint8_t>> kept{};
  CostLog* costs = nullptr;  ///< where ops write down what they cost; null: nowhere
  /// Asked before each op and each backward step: true ends the pass by Error(interrupted), so that
  /// long passes follow a request to stop.
  bool (*cancelled)() = nullptr;
};

/// One forward pass, and its backward pass. Lives no longer than the next reset of its arena.
class Tape {
 public:
  /// Resets the arena.
  Tape(Arena& arena, const TapeOptions& options);
  ~Tape() = default;
  Tape(const Tape&) = delete;
  Tape& operator=(const Tape&) = delete;

  const TapeOptions& options() const { return options_; }
  int threads() const { return options_.threads; }
  Arena& arena() { return arena_; }

  /// Numbers from outside; they are not copied and must outlive the tape.
  Tensor input(std::span<const float> values, const Shape& shape, bool wants_gradient = false);

  /// A new tensor, uninitialised; it wants a gradient when a parent does.
  Tensor output(const Shape& shape, std::initializer_list<Tensor> parents);

  /// The same numbers (and gradient) under another shape of the same count.
  Tensor view(Tensor x, const Shape& shape);

  /// Uninitialised numbers that backward passes may refer to.
  template <class T = float>
  std::span<T> scratch(Index count) {
    return arena_.make<T>(count);
  }

  /// States how to go back from y: backward() is called once y's gradient is complete, and adds to
  /// the gradients of those parents that want one. `name` is the op's. Returns y.
  template <class Backward>
  Tensor record(const char* name, Tensor y, Backward backward) {
    static_assert(
        std::is_trivially_destructible_v<Backward> && std::is_trivially_copyable_v<Backward>,
        "capture tensors, spans and numbers by value");
    if (!options_.gradients || !y.wants_gradient()) return y;
    struct Recorded : Step {
      explicit Recorded(Backward f) : function(f) {}
      Backward function;
    };
    auto* step = new (arena_.allocate(sizeof(Recorded))) Recorded(backward);
    step->run = [](Step* base) { static_cast<Recorded*>(base)->function(); };
    append(step, name, y);
    return y;
  }

  /// Gradients of all that `loss` (one number) was made from; parameters keep theirs in the store.
  void backward(Tensor loss);
  /// The same for any tensor and the gradient of the loss for it.
  void backward(Tensor y, std::span<const float> gradient);

  /// Writes down what an op costs, where that is wanted; multiplications and additions are per
  /// number it makes. An op without parameters has no weight: Tensor().
  void count_cost(const char* op, Tensor weight, Tensor y, Index multiplications,
                  Index additions = 0);

  /// A number that differs from call to call in one step and is the same in every equal step; names
  /// the stream of an op's random numbers.
  std::uint64_t next_stream() { return streams_++; }

  /// Calls visit(name) for each recorded op, last first.
  template <class Visit>
  void for_each_op(Visit visit) const {
    for (const Step* step = last_; step != nullptr; step = step->previous) visit(step->name);
  }

 private:
  struct Step {
    void (*run)(Step*) = nullptr;
    Step* previous = nullptr;
    const char* name = nullptr;
    TensorNode* y = nullptr;
  };
  void check_cancelled() const;
  void append(Step* step, const char* name, Tensor y);
  TensorNode* make_node(const Shape& shape);

  Arena& arena_;
  TapeOptions options_;
  Step* last_ = nullptr;
  std::uint64_t streams_ = 0;
};

}  // namespace rppg
