#include "training/quantizer_training.h"

#include <array>
#include <cmath>
#include <stdexcept>

#include "base/error.h"
#include "base/interrupt.h"
#include "base/text.h"
#include "data/batches.h"
#include "models/label_quantizer.h"
#include "models/lq_losses.h"
#include "nn/optimizer.h"
#include "nn/schedule.h"
#include "signal/pulse_label.h"
#include "tensor/arena.h"
#include "tensor/tape.h"

namespace rppg::training {
namespace {

using signal::LabelClips;

constexpr int first_choosable_epoch = 6;  ///< of QuantizerSelection::training_batches

constexpr std::array<QuantizerRecipe, 2> recipes{
    {{.name = "default", .rule = {.revive_below = 0.05}},
     {.name = "paper", .selection = QuantizerSelection::training_batches}}};

/// A quantiser with its parameters.
struct Network {
  nn::ParameterStore store;
  models::LabelQuantizer quantizer;

  Network(Index codes, Index clip_frames)
      : quantizer(nn::Scope(store), {.codes = codes, .clip_frames = clip_frames}) {}
};

/// Mean |error| of the heart rate over clips that have one.
class RateError {
 public:
  explicit RateError(const LabelClips& clips) : rate_hz_(clips.rate_hz) {
    for (const auto& clip : clips.raw) {
      rates_bpm_.push_back(signal::label_rate_bpm(clip, clips.rate_hz, false));
    }
  }

  void start() { sum_ = count_ = 0; }
  void add(std::size_t clip, std::span<const double> quantized) {
    const double error =
        std::abs(signal::label_rate_bpm(quantized, rate_hz_, true) - rates_bpm_[clip]);
    if (std::isfinite(error)) {
      sum_ += error;
      ++count_;
    }
  }
  double mean() const { return sum_ / count_; }

 private:
  double rate_hz_;
  std::vector<double> rates_bpm_;
  double sum_ = 0;
  double count_ = 0;
};

/// One training, from its arguments to its result.
class Training {
 public:
  Training(int bits, const LabelClips& clips, const LabelClips& choosing,
           const QuantizerRecipe& recipe, std::uint64_t seed)
      : clips_(clips),
        choosing_(choosing),
        recipe_(recipe),
        seed_(seed),
        frames_(clips.prepared.front().size()),
        network_(Index{1} << bits, static_cast<Index>(frames_)),
        train_error_(clips),
        choosing_error_(choosing),
        order_(clips.prepared.size()),
        used_(std::size_t{1} << bits) {
    network_.store.initialize(seed);
  }

  TrainedQuantizer run() {
    nn::Optimizer optimizer(network_.store, {.weight_decay = 0});
    const auto batches = static_cast<Index>((order_.size() + batch() - 1) / batch());
    const nn::Schedule schedule{nn::Schedule::Kind::one_cycle, recipe_.learning_rate,
                                recipe_.epochs * batches};
    TrainedQuantizer result;
    Index step = 0;
    for (int epoch = 1; epoch <= recipe_.epochs; ++epoch) {
      QuantizerEpoch record{.epoch = epoch};
      data::permute(seed_, static_cast<std::uint64_t>(epoch), order_);
      train_error_.start();
      for (std::size_t begin = 0; begin < order_.size(); begin += batch(), ++step) {
        record.loss += train_step(begin, step) / static_cast<double>(batches);
        optimizer.step(schedule.at(step));
      }
      choose(record);
      result.history.push_back(record);
      if (is_better(record, result)) {
        result.best = result.history.size() - 1;
        result.record = record_of();
      }
    }
    return result;
  }

 private:
  std::size_t batch() const { return static_cast<std::size_t>(recipe_.batch_size); }

  /// Waves of clips in memory of the tape.
  Tensor waves(Tape& tape, const LabelClips& clips, std::span<const std::size_t> which) const {
    const auto values = tape.scratch(static_cast<Index>(which.size() * frames_));
    for (std::size_t i = 0; i < which.size(); ++i) {
      const std::vector<double>& clip = clips.prepared[which[i]];
      for (std::size_t t = 0; t < frames_; ++t) {
        values[i * frames_ + t] = static_cast<float>(clip[t]);
      }
    }
    return tape.input(values, {static_cast<Index>(which.size()), static_cast<Index>(frames_)});
  }

  /// Forward and backward; returns the loss.
  double train_step(std::size_t begin, Index step) {
    if (stop_requested()) throw Error(Status::interrupted, "stopped on request");
    const auto which = std::span<const std::size_t>(order_).subspan(
        begin, std::min(batch(), order_.size() - begin));
    Tape tape(arena_, {.training = true,
                       .gradients = true,
                       .seed = seed_,
                       .step = static_cast<std::uint64_t>(step)});
    const Tensor input = waves(tape, clips_, which);
    const auto output = network_.quantizer(input);
    const auto loss = models::quantizer_loss(output, input, clips_.rate_hz);
    network_.quantizer.follow(output, recipe_.rule);
    tape.backward(loss.total);
    if (recipe_.selection == QuantizerSelection::training_batches) {
      add_errors(output, which, train_error_);
    }
    const auto value = static_cast<double>(loss.total.values()[0]);
    if (!std::isfinite(value)) {
      throw Error(Status::malformed,
                  concat("training diverged: the loss of step ", step + 1, " is not finite"));
    }
    return value;
  }

  void add_errors(const models::LabelQuantizer::Output& output, std::span<const std::size_t> which,
                  RateError& error) const {
    for (std::size_t i = 0; i < which.size(); ++i) {
      const auto wave = output.quantized.values().subspan(i * frames_, frames_);
      error.add(which[i], std::vector<double>(wave.begin(), wave.end()));
    }
  }

  /// Fills what the epoch is chosen by.
  void choose(QuantizerEpoch& record) {
    std::fill(used_.begin(), used_.end(), 0);
    choosing_error_.start();
    for (std::size_t clip = 0; clip < choosing_.prepared.size(); ++clip) {
      Tape tape(arena_, {});
      const Tensor input = waves(tape, choosing_, {&clip, 1});
      const auto output = network_.quantizer(input);
      const auto loss = models::quantizer_loss(output, input, choosing_.rate_hz);
      record.choosing_loss += static_cast<double>(loss.total.values()[0]) /
                              static_cast<double>(choosing_.prepared.size());
      for (const std::int32_t token : output.tokens) used_[static_cast<std::size_t>(token)] = 1;
      add_errors(output, {&clip, 1}, choosing_error_);
    }
    for (const int used : used_) record.used_codes += used;
    const bool as_trained = recipe_.selection == QuantizerSelection::training_batches;
    record.mae_bpm = (as_trained ? train_error_ : choosing_error_).mean();
  }

  bool is_better(const QuantizerEpoch& now, const TrainedQuantizer& result) const {
    if (result.history.size() == 1) return true;
    const QuantizerEpoch& best = result.history[result.best];
    if (recipe_.selection == QuantizerSelection::training_batches) {
      if (now.epoch < first_choosable_epoch) return false;
      if (best.epoch < first_choosable_epoch) return true;
      return now.mae_bpm < best.mae_bpm;
    }
    if (now.mae_bpm != best.mae_bpm) return now.mae_bpm < best.mae_bpm;
    return now.choosing_loss < best.choosing_loss;
  }

  nn::NetworkRecord record_of() const {
    return {
        quantizer_model,
        {{"clip_frames", static_cast<double>(frames_)},
         {"codes", static_cast<double>(used_.size())}},
        {{"label", "band-passed 0.75-2.5 Hz, standardised"}, {"rate_hz", concat(clips_.rate_hz)}},
        nn::tensors_of(network_.store)};
  }

  const LabelClips& clips_;
  const LabelClips& choosing_;
  const QuantizerRecipe& recipe_;
  std::uint64_t seed_;
  std::size_t frames_;
  Network network_;
  RateError train_error_;
  RateError choosing_error_;
  std::vector<std::size_t> order_;
  std::vector<int> used_;
  Arena arena_;
};

double setting(const nn::NetworkRecord& record, const std::string& name,
               const std::filesystem::path& file) {
  const auto found = record.settings.find(name);
  if (record.model != quantizer_model || found == record.settings.end() || !(found->second >= 1) ||
      found->second > 65536) {
    throw Error(Status::malformed, file, "holds no label quantiser");
  }
  return found->second;
}

}  // namespace

const QuantizerRecipe& find_quantizer_recipe(std::string_view name) {
  for (const QuantizerRecipe& recipe : recipes) {
    if (recipe.name == name) return recipe;
  }
  throw Error(Status::usage, concat("recipe '", name, "': not known: there is default, paper"));
}

TrainedQuantizer train_quantizer(int bits, const LabelClips& clips, const LabelClips& held_out,
                                 const QuantizerRecipe& recipe, std::uint64_t seed) {
  if (clips.prepared.empty()) throw std::logic_error("train_quantizer: no clips");
  return Training(bits, clips, held_out.prepared.empty() ? clips : held_out, recipe, seed).run();
}

struct Quantizer::Impl {
  Network network;
  Index codes;
  mutable Arena arena;

  Impl(Index codes_in, Index frames) : network(codes_in, frames), codes(codes_in) {}
};

Quantizer::Quantizer(const nn::NetworkRecord& record, const std::filesystem::path& file)
    : impl_(std::make_unique<Impl>(static_cast<Index>(setting(record, "codes", file)),
                                   static_cast<Index>(setting(record, "clip_frames", file)))) {
  impl_->network.store.initialize(0);
  nn::load_tensors(impl_->network.store, record.tensors, file);
  impl_->network.store.freeze();
}

Quantizer::~Quantizer() = default;
Quantizer::Quantizer(Quantizer&&) noexcept = default;
Quantizer& Quantizer::operator=(Quantizer&&) noexcept = default;

int Quantizer::codes() const { return static_cast<int>(impl_->codes); }

int Quantizer::bits() const {
  return static_cast<int>(std::lround(std::log2(static_cast<double>(impl_->codes))));
}

std::vector<double> Quantizer::codebook() const {
  const auto values = impl_->network.quantizer.codes().values();
  return {values.begin(), values.end()};
}

Quantizer::Result Quantizer::operator()(std::span<const double> prepared) const {
  Tape tape(impl_->arena, {});
  const std::vector<float> wave(prepared.begin(), prepared.end());
  const auto output =
      impl_->network.quantizer(tape.input(wave, {1, static_cast<Index>(wave.size())}));
  const auto values = output.quantized.values();
  return {{output.tokens.begin(), output.tokens.end()}, {values.begin(), values.end()}};
}

}  // namespace rppg::training
