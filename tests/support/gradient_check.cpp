#include "support/gradient_check.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <numeric>

#include "base/random.h"
#include "base/text.h"

namespace rppg::test {
namespace {

using Floats = std::vector<float>;

Floats uniform(Index count, std::string_view stream, double low, double high) {
  const Random random(5, stream);
  Floats values(static_cast<std::size_t>(count));
  for (std::size_t i = 0; i < values.size(); ++i) {
    values[i] = static_cast<float>(random.uniform(i, low, high));
  }
  return values;
}

/// Multiples of 0.1 around zero, moved by 0.05, in random order.
Floats spread(Index count, std::string_view stream) {
  const Random random(5, stream);
  Floats values(static_cast<std::size_t>(count));
  for (std::size_t i = 0; i < values.size(); ++i) {
    const auto rank = static_cast<double>(i) - std::floor(static_cast<double>(count) / 2);
    values[i] = static_cast<float>(0.1 * rank + 0.05);
  }
  for (std::size_t i = values.size(); i > 1; --i) {
    std::swap(values[i - 1], values[random.integer(i, i)]);
  }
  return values;
}

double dot(std::span<const float> a, std::span<const float> b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += double{a[i]} * double{b[i]};
  return sum;
}

bool same_bits(const Floats& a, const Floats& b) {
  return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size() * sizeof(float)) == 0;
}

class Check {
 public:
  explicit Check(const GradientCase& the_case) : case_(the_case) {
    for (const Shape& shape : case_.inputs) {
      const std::string stream = concat("input ", points_.size());
      points_.push_back(case_.values == Values::spread
                            ? spread(shape.count(), stream)
                            : uniform(shape.count(), stream, case_.low, case_.high));
      presets_.push_back(uniform(shape.count(), concat("preset ", points_.size()), -1, 1));
    }
  }

  std::string fault() {
    const std::vector<bool> all(points_.size(), true);
    const Result result = backward(all, 1);
    if (!named_) return "no op of that name is on the tape";
    if (!std::all_of(result.y.begin(), result.y.end(), [](float y) { return std::isfinite(y); })) {
      return "what it makes is not finite";
    }
    const Result threaded = backward(all, 2);
    if (!same_bits(result.y, threaded.y)) return "two threads make other numbers than one";
    for (std::size_t i = 0; i < points_.size(); ++i) {
      if (!same_bits(result.gradients[i], threaded.gradients[i])) {
        return concat("input ", i, ": two threads give another gradient than one");
      }
      for (const char* direction : {"first", "second", "third"}) {
        std::string fault = direction_fault(i, result.gradients[i], direction);
        if (!fault.empty()) return fault;
      }
    }
    return unwanted_fault(result);
  }

 private:
  struct Result {
    Floats y;
    std::vector<Floats> gradients;  ///< with the presets in them
  };

  Tape make_tape(bool gradients, int threads) {
    return Tape(arena_, {.training = case_.training,
                         .gradients = gradients,
                         .threads = threads,
                         .seed = 3,
                         .step = 4});
  }

  Result backward(const std::vector<bool>& wanted, int threads) {
    Tape tape = make_tape(true, threads);
    std::vector<Tensor> x;
    for (std::size_t i = 0; i < points_.size(); ++i) {
      x.push_back(tape.input(points_[i], case_.inputs[i], wanted[i]));
      if (wanted[i]) std::copy(presets_[i].begin(), presets_[i].end(), x[i].gradient().begin());
    }
    const Tensor y = case_.function(x);
    cotangent_ = uniform(y.count(), "cotangent", -1, 1);
    tape.for_each_op([&](const char* name) { named_ = named_ || name == case_.name; });
    tape.backward(y, cotangent_);
    Result result{{y.values().begin(), y.values().end()}, {}};
    for (std::size_t i = 0; i < points_.size(); ++i) {
      const bool has = x[i].has_gradient();
      result.gradients.push_back(has ? Floats(x[i].gradient().begin(), x[i].gradient().end())
                                     : Floats());
    }
    return result;
  }

  /// <cotangent, f> with input i moved by h along v.
  double value(std::size_t i, const Floats& v, double h) {
    Tape tape = make_tape(false, 1);
    Floats moved = points_[i];
    for (std::size_t k = 0; k < moved.size(); ++k) moved[k] += static_cast<float>(h * double{v[k]});
    std::vector<Tensor> x;
    for (std::size_t j = 0; j < points_.size(); ++j) {
      x.push_back(tape.input(j == i ? moved : points_[j], case_.inputs[j]));
    }
    return dot(case_.function(x).values(), cotangent_);
  }

  std::string direction_fault(std::size_t i, const Floats& gradient, const char* direction) {
    const Floats v = uniform(case_.inputs[i].count(), concat(direction, i), -1, 1);
    const double h = case_.step;
    const double near = (value(i, v, h) - value(i, v, -h)) / (2 * h);
    const double far = (value(i, v, 2 * h) - value(i, v, -2 * h)) / (4 * h);
    const double wanted = (4 * near - far) / 3;
    double norm = 0;
    double found = 0;
    for (std::size_t k = 0; k < v.size(); ++k) {
      const double g = double{gradient[k]} - double{presets_[i][k]};
      norm += g * g;
      found += g * double{v[k]};
    }
    // v is uniform in [-1, 1): a correct derivative is of the order of |gradient| / sqrt(3). The
    // last term: rounding of the presets.
    const double scale = std::max(std::sqrt(norm / 3), std::abs(wanted));
    const double limit = case_.tolerance * scale + 1e-7 * std::sqrt(static_cast<double>(v.size()));
    if (std::abs(found - wanted) <= limit) return "";
    return concat("input ", i, ": derivative ", found, " instead of ", wanted, " +- ", limit);
  }

  /// Leaves out the gradient of one input at a time.
  std::string unwanted_fault(const Result& result) {
    for (std::size_t left_out = 0; left_out < points_.size() && points_.size() > 1; ++left_out) {
      std::vector<bool> wanted(points_.size(), true);
      wanted[left_out] = false;
      const Result partial = backward(wanted, 1);
      if (!partial.gradients[left_out].empty()) {
        return concat("input ", left_out, ": gets a gradient that it does not want");
      }
      for (std::size_t i = 0; i < points_.size(); ++i) {
        if (i != left_out && !same_bits(partial.gradients[i], result.gradients[i])) {
          return concat("input ", i, ": another gradient when input ", left_out, " wants none");
        }
      }
    }
    return "";
  }

  const GradientCase& case_;
  Arena arena_;
  std::vector<Floats> points_;
  std::vector<Floats> presets_;
  Floats cotangent_;
  bool named_ = false;
};

}  // namespace

std::string gradient_fault(const GradientCase& the_case) { return Check(the_case).fault(); }

}  // namespace rppg::test
