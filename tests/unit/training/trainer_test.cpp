#include "training/trainer.h"

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <sys/wait.h>
#include <unistd.h>

#include <doctest/doctest.h>

#include "base/atomic_file.h"
#include "base/error.h"
#include "base/interrupt.h"
#include "base/log.h"
#include "io/hash.h"
#include "io/json.h"
#include "results/protocol.h"
#include "support/resources.h"
#include "support/tiny_network.h"
#include "training/inference.h"
#include "unit/training/sample_videos.h"

namespace {

using namespace rppg;
using training::EpochRecord;

constexpr const char* outputs[] = {"weights.h5", "metrics.json", "log.jsonl", "checkpoint.h5"};

training::TrainingOptions options_of(int epochs) {
  training::TrainingOptions options;
  options.recipe.epochs = epochs;
  options.recipe.batch_size = 3;
  options.recipe.learning_rate = 0.05;
  options.seed = 4;
  return options;
}

/// Network, videos and objective of one training; each object starts anew.
struct Training {
  explicit Training(const std::filesystem::path& out, bool validate = true,
                    const training::TrainingOptions& options = options_of(5))
      : folder(out),
        network(test::tiny_entry(), {}, options.seed),
        format(training::video_format(network.model().input())),
        videos(folder, format, 3),
        valid_videos(folder, format, 2) {
    log::set_level(log::Level::error);
    for (int v = 0; v < 3; ++v) {
      videos.set(static_cast<std::size_t>(v), test::sample_video(v, 150));
    }
    std::vector<training::ValidationRecording> recordings;
    for (int v = 0; v < 2; ++v) {
      const data::FaceVideo video = test::sample_video(v + 5, 250);
      valid_videos.set(static_cast<std::size_t>(v), video);
      recordings.push_back(test::sample_recording(video));
    }
    validation.emplace(valid_videos, recordings, results::find_protocol("default"));
    trainer.emplace(network, *objective, videos, validate ? &*validation : nullptr, options,
                    std::map<std::string, std::string>{{"data", "sample"}}, folder);
  }

  std::filesystem::path folder;
  models::Network network;
  data::VideoFormat format;
  data::FaceVideos videos;
  data::FaceVideos valid_videos;
  std::unique_ptr<training::Objective> objective =
      training::make_supervised(network.model(), "negative-pearson");
  std::optional<training::Validation> validation;
  std::optional<training::Trainer> trainer;
};

/// Digests of all that a training leaves.
std::vector<std::string> trained(const std::filesystem::path& folder) {
  std::vector<std::string> digests;
  for (const char* name : outputs) digests.push_back(io::sha256_file(folder / name));
  return digests;
}

/// Calls `act` when the loss is asked for the n-th time.
class Interrupting final : public training::Objective {
 public:
  Interrupting(const training::Objective& inner, int n, std::function<void()> act)
      : inner_(inner), left_(n), act_(std::move(act)) {}
  training::Judgement operator()(Tensor clips, const training::Targets& targets) const override {
    if (--left_ == 0) act_();
    return inner_(clips, targets);
  }

 private:
  const training::Objective& inner_;
  mutable int left_;
  std::function<void()> act_;
};

/// Trains in a child process in which `act` happens at the n-th loss; returns its wait status. The
/// child ends with 0 when the training came to its end and 75 when it stopped.
int train_in_child(const std::filesystem::path& folder, bool resume, double checkpoint_minutes,
                   int n, const std::function<void()>& act) {
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    install_stop_signals();
    training::TrainingOptions options = options_of(5);
    options.checkpoint_minutes = checkpoint_minutes;
    Training training(folder);
    const Interrupting objective(*training.objective, n, act);
    training::Trainer trainer(training.network, objective, training.videos, &*training.validation,
                              options, {{"data", "sample"}}, folder);
    if (resume) trainer.resume();
    ::_exit(trainer.run() ? 0 : 75);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  return status;
}

/// Losses of a whole run: 5 epochs of 4 steps and 14 validation clips each.
constexpr int losses_in_all = 5 * (4 + 14);

TEST_CASE("a network learns the pulse, and the best epoch is what is kept") {
  const test::TemporaryFolder folder;
  Training training(folder.path());
  CHECK(training.trainer->run());
  const auto& history = training.trainer->history();
  REQUIRE(history.size() == 5);
  CHECK(history.back().train_loss < 0.4);
  CHECK(history.back().train_loss < history.front().train_loss);
  const EpochRecord& best = history[training::best_epoch(history)];
  CHECK(best.valid_mae_bpm < 1);

  const io::Json metrics = io::read_json(folder.path() / "metrics.json");
  CHECK(metrics["metrics"]["MAE"]["value"] == best.valid_mae_bpm);
  CHECK(metrics["coverage"]["ok"] == 2);
  const nn::WeightsFile weights = nn::read_weights(folder.path() / "weights.h5");
  CHECK(weights.parts.at("model").model == "tiny");
  CHECK(weights.provenance.at("epoch") == std::to_string(best.epoch));
  CHECK(weights.provenance.at("data") == "sample");
  const std::string log = read_file(folder.path() / "log.jsonl");
  CHECK(std::count(log.begin(), log.end(), '\n') == 5);
}

TEST_CASE("the same training gives the same bytes; another seed or step of noise does not") {
  const test::TemporaryFolder a, b, c;
  CHECK(Training(a.path()).trainer->run());
  CHECK(Training(b.path()).trainer->run());
  CHECK(trained(a.path()) == trained(b.path()));
  training::TrainingOptions other = options_of(5);
  other.seed = 5;
  CHECK(Training(c.path(), true, other).trainer->run());
  CHECK(trained(a.path()) != trained(c.path()));
}

TEST_CASE("killed at 30 places, before, within and behind epochs: resumed to the same bytes") {
  const test::TemporaryFolder whole;
  REQUIRE(Training(whole.path()).trainer->run());
  const auto expected = trained(whole.path());
  const auto kill = [] { ::kill(::getpid(), SIGKILL); };
  for (int i = 0; i < 30; ++i) {
    const test::TemporaryFolder folder;
    const int place = 1 + i * (losses_in_all - 1) / 29;
    // Every other time with a checkpoint after each step, so that epochs are entered in the middle.
    const double minutes = i % 2 == 0 ? 10 : 0;
    const int status = train_in_child(folder.path(), false, minutes, place, kill);
    CHECK(WIFSIGNALED(status));
    Training training(folder.path());
    const bool saved = std::filesystem::exists(folder.path() / "checkpoint.h5");
    CHECK((saved || minutes > 0 || place == 1));
    if (saved) training.trainer->resume();
    CHECK(training.trainer->run());
    CHECK(trained(folder.path()) == expected);
  }
}

TEST_CASE("stop signals save the state wherever they come; many stops in a row change nothing") {
  const test::TemporaryFolder whole;
  REQUIRE(Training(whole.path()).trainer->run());
  const auto expected = trained(whole.path());
  for (const int signal : {SIGTERM, SIGINT, SIGUSR1}) {
    const test::TemporaryFolder folder;
    const auto stop = [signal] { ::kill(::getpid(), signal); };
    // Steps, then the middle of a validation, then steps, and on to the end.
    for (const int place : {2, 9, 3, 20}) {
      const bool resume = std::filesystem::exists(folder.path() / "checkpoint.h5");
      const int status = train_in_child(folder.path(), resume, 10, place, stop);
      REQUIRE(WIFEXITED(status));
      CHECK(WEXITSTATUS(status) == 75);
    }
    CHECK(train_in_child(folder.path(), true, 10, 10000, stop) == 0);
    CHECK(trained(folder.path()) == expected);
  }
}

TEST_CASE("a training is resumed only as what it was") {
  const test::TemporaryFolder folder;
  CHECK(Training(folder.path(), true, options_of(2)).trainer->run());
  training::TrainingOptions other = options_of(2);
  other.recipe.batch_size = 2;
  Training training(folder.path(), true, other);
  try {
    training.trainer->resume();
    FAIL("resumed");
  } catch (const Error& error) {
    CHECK(error.status() == Status::usage);
    CHECK(std::string(error.what()).find("batch_size was '3' and is '2'") != std::string::npos);
  }
  // A finished one is left as it is.
  const auto before = trained(folder.path());
  Training again(folder.path(), true, options_of(2));
  again.trainer->resume();
  CHECK(again.trainer->run());
  CHECK(trained(folder.path()) == before);
}

TEST_CASE("without validation data the last epoch is kept, and there are no metrics") {
  const test::TemporaryFolder folder;
  Training training(folder.path(), false, options_of(3));
  CHECK(training.trainer->run());
  CHECK(training::best_epoch(training.trainer->history()) == 2);
  CHECK(!std::filesystem::exists(folder.path() / "metrics.json"));
  CHECK(read_file(folder.path() / "log.jsonl").find("valid") == std::string::npos);
}

TEST_CASE("patience ends a training that gets no better") {
  const test::TemporaryFolder folder;
  training::TrainingOptions options = options_of(40);
  options.recipe.learning_rate = 1e-9;  // every epoch is as good as the first
  options.patience = 3;
  Training training(folder.path(), true, options);
  CHECK(training.trainer->run());
  const auto& history = training.trainer->history();
  CHECK(history.size() == training::best_epoch(history) + 4);
  CHECK(history.size() < 40);
}

TEST_CASE("a loss that is not finite ends the training with an error") {
  class Broken final : public training::Objective {
   public:
    explicit Broken(const training::Objective& inner) : inner_(inner) {}
    training::Judgement operator()(Tensor clips, const training::Targets& targets) const override {
      const training::Judgement judgement = inner_(clips, targets);
      judgement.loss.mutable_values()[0] = std::numeric_limits<float>::quiet_NaN();
      return judgement;
    }

   private:
    const training::Objective& inner_;
  };
  const test::TemporaryFolder folder;
  Training training(folder.path());
  const Broken objective(*training.objective);
  training::Trainer trainer(training.network, objective, training.videos, nullptr, options_of(1),
                            {}, folder.path());
  CHECK_THROWS_WITH(trainer.run(),
                    "training diverged: the loss of step 1 is not finite; lower --learning-rate");
  CHECK(!std::filesystem::exists(folder.path() / "checkpoint.h5"));
}

TEST_CASE("the best epoch: error, then loss, then the earlier one; what is not finite comes last") {
  const double none = std::numeric_limits<double>::quiet_NaN();
  const auto record = [](double loss, double mae) {
    EpochRecord made;
    made.validated = true;
    made.valid_loss = loss;
    made.valid_mae_bpm = mae;
    return made;
  };
  const auto best = [](std::vector<EpochRecord> history) { return training::best_epoch(history); };
  CHECK(best({record(1, 3), record(2, 2), record(0, 4)}) == 1);
  CHECK(best({record(1, 2), record(0.5, 2), record(0.5, 2)}) == 1);
  CHECK(best({record(1, none), record(2, 9), record(0, none)}) == 1);
  CHECK(best({record(none, 2), record(1, 2)}) == 1);
  CHECK(best({record(2, none), record(1, none)}) == 1);
}

}  // namespace
