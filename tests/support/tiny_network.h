/// A network of six parameters with everything that a training has to keep: running averages, a
/// counter and random numbers.
#pragma once

#include <cmath>
#include <memory>

#include "base/random.h"
#include "models/registry.h"
#include "tensor/tape.h"

namespace rppg::test {

/// waveform = sum over channels of weight * (mean colour - its average) * (1 + noise) + bias; the
/// average is the batch's in training and the running one else.
class TinyModel final : public models::Model {
 public:
  TinyModel(const nn::Scope& scope, const models::Settings& settings) {
    input_.frame_size = static_cast<Index>(settings.at("frame_size"));
    input_.clip_frames = static_cast<Index>(settings.at("clip_frames"));
    input_.frame_multiple = 4;
    input_.video = models::VideoScale::standardized;
    input_.label = settings.at("differences") != 0 ? models::LabelScale::diff_normalized
                                                   : models::LabelScale::standardized;
    weight_ = (scope / "head").parameter("weight", {3}, {nn::Initialization::Kind::uniform, 0.3});
    bias_ = (scope / "head").parameter("bias", {1}, {nn::Initialization::Kind::uniform, 0.3});
    average_ = (scope / "norm").buffer("running_mean", {3}, 0.0);
    batches_ = (scope / "norm").counter("num_batches_tracked");
  }

  const models::InputFormat& input() const override { return input_; }

  Tensor operator()(Tensor clips) const override {
    Tape& tape = clips.tape();
    const Index rows = clips.shape()[0] * clips.shape()[1];
    const Index pixels = clips.shape()[2] * clips.shape()[3];
    if (clips.shape()[1] % input_.frame_multiple != 0) throw std::logic_error("TinyModel: frames");
    const std::span<float> colours = tape.scratch(rows * 3);
    means(clips.values(), rows, pixels, colours);
    centre(tape.options().training, rows, colours);
    if (tape.options().training) disturb(tape, colours);

    const Tensor weight = weight_;
    const Tensor bias = bias_;
    const Tensor y = tape.output({clips.shape()[0], clips.shape()[1]}, {clips, weight, bias});
    for (Index r = 0; r < rows; ++r) {
      float sum = bias.values()[0];
      for (Index c = 0; c < 3; ++c) sum += at(weight.values(), c) * at(colours, 3 * r + c);
      y.mutable_values()[static_cast<std::size_t>(r)] = sum;
    }
    return tape.record("tiny", y, [=] {
      for (Index r = 0; r < rows; ++r) {
        const float dy = at(y.gradient(), r);
        bias.gradient()[0] += dy;
        for (Index c = 0; c < 3; ++c) {
          weight.gradient()[static_cast<std::size_t>(c)] += dy * at(colours, 3 * r + c);
        }
      }
    });
  }

 private:
  template <class Values>
  static float at(const Values& values, Index i) {
    return values[static_cast<std::size_t>(i)];
  }

  static void means(std::span<const float> values, Index rows, Index pixels,
                    std::span<float> colours) {
    for (Index r = 0; r < rows; ++r) {
      for (Index c = 0; c < 3; ++c) {
        double sum = 0;
        for (Index p = 0; p < pixels; ++p) {
          sum += static_cast<double>(at(values, (r * pixels + p) * 3 + c));
        }
        colours[static_cast<std::size_t>(3 * r + c)] =
            static_cast<float>(sum / static_cast<double>(pixels));
      }
    }
  }

  void centre(bool training, Index rows, std::span<float> colours) const {
    const std::span<float> average = average_.mutable_values();
    for (std::size_t c = 0; c < 3; ++c) {
      float mean = average[c];
      if (training) {
        double sum = 0;
        for (Index r = 0; r < rows; ++r) {
          sum += static_cast<double>(colours[static_cast<std::size_t>(3 * r) + c]);
        }
        mean = static_cast<float>(sum / static_cast<double>(rows));
        average[c] += 0.1F * (mean - average[c]);
      }
      for (Index r = 0; r < rows; ++r) colours[static_cast<std::size_t>(3 * r) + c] -= mean;
    }
    if (training) batches_.mutable_values()[0] += 1;
  }

  static void disturb(Tape& tape, std::span<float> colours) {
    const Random random(tape.options().seed, tape.next_stream());
    const std::uint64_t first = tape.options().step * colours.size();
    for (std::size_t i = 0; i < colours.size(); ++i) {
      colours[i] *= static_cast<float>(1 + 0.05 * random.normal(first + i));
    }
  }

  models::InputFormat input_;
  Tensor weight_, bias_, average_, batches_;
};

inline const models::ModelEntry& tiny_entry() {
  static const models::ModelEntry entry{
      "tiny",
      "Tiny",
      "tests",
      {{"frame_size", 2}, {"clip_frames", 32}, {"differences", 0}},
      [](nn::Scope scope, const models::Settings& settings) -> std::unique_ptr<models::Model> {
        return std::make_unique<TinyModel>(scope, settings);
      }};
  return entry;
}

}  // namespace rppg::test
