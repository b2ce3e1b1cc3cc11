#include "training/state.h"

#include <cmath>
#include <iterator>

#include "base/error.h"
#include "base/text.h"
#include "io/hdf5.h"
#include "io/json.h"

namespace rppg::training {
namespace {

constexpr const char* format_name = "rppg training";
constexpr std::int64_t format_version = 1;

/// Columns of the table of epochs.
constexpr double EpochRecord::*numbers[] = {&EpochRecord::train_loss, &EpochRecord::learning_rate,
                                            &EpochRecord::valid_loss, &EpochRecord::valid_mae_bpm};
constexpr std::size_t columns = 3 + std::size(numbers);

std::vector<double> table_of(std::span<const EpochRecord> history) {
  std::vector<double> table;
  for (const EpochRecord& record : history) {
    table.push_back(static_cast<double>(record.epoch));
    table.push_back(static_cast<double>(record.steps));
    table.push_back(record.validated ? 1 : 0);
    for (const auto number : numbers) table.push_back(record.*number);
  }
  return table;
}

std::vector<EpochRecord> history_of(std::span<const double> table) {
  std::vector<EpochRecord> history(table.size() / columns);
  for (std::size_t i = 0; i < history.size(); ++i) {
    const double* row = &table[i * columns];
    history[i].epoch = static_cast<std::int64_t>(row[0]);
    history[i].steps = static_cast<std::int64_t>(row[1]);
    history[i].validated = row[2] != 0;
    for (std::size_t k = 0; k < std::size(numbers); ++k) history[i].*numbers[k] = row[3 + k];
  }
  return history;
}

/// Numbers that order as the rule says: what is not finite comes last.
double rank(double value) {
  return std::isfinite(value) ? value : std::numeric_limits<double>::infinity();
}

io::OrderedJson number_or_null(double value) {
  return std::isfinite(value) ? io::OrderedJson(value) : io::OrderedJson(nullptr);
}

}  // namespace

bool is_better(const EpochRecord& a, const EpochRecord& b) {
  if (!a.validated) return true;
  if (rank(a.valid_mae_bpm) != rank(b.valid_mae_bpm)) {
    return rank(a.valid_mae_bpm) < rank(b.valid_mae_bpm);
  }
  return rank(a.valid_loss) < rank(b.valid_loss);
}

std::size_t best_epoch(std::span<const EpochRecord> history) {
  std::size_t best = 0;
  for (std::size_t i = 1; i < history.size(); ++i) {
    if (is_better(history[i], history[best])) best = i;
  }
  return best;
}

std::string log_text(std::span<const EpochRecord> history) {
  std::string text;
  for (std::size_t i = 0; i < history.size(); ++i) {
    const EpochRecord& record = history[i];
    io::OrderedJson line = {{"epoch", record.epoch},
                            {"steps", record.steps},
                            {"train_loss", number_or_null(record.train_loss)},
                            {"learning_rate", record.learning_rate}};
    if (record.validated) {
      line["valid_loss"] = number_or_null(record.valid_loss);
      line["valid_mae_bpm"] = number_or_null(record.valid_mae_bpm);
    }
    line["best_epoch"] = history[best_epoch(history.first(i + 1))].epoch;
    text += io::to_text(line, true) + "\n";
  }
  return text;
}

std::vector<std::byte> checkpoint_image(const TrainingState& state) {
  io::Hdf5Writer writer;
  writer.attribute("/", "format", format_name);
  writer.attribute("/", "version", format_version);
  nn::write_network(writer, "/model", state.network);
  if (!state.best.tensors.empty()) nn::write_network(writer, "/best", state.best);
  writer.group("/configuration");
  for (const auto& [name, value] : state.configuration) {
    writer.attribute("/configuration", name, value);
  }
  writer.group("/training");
  writer.attribute("/training", "step", state.step);
  writer.attribute("/training", "optimizer_steps", state.optimizer_steps);
  writer.attribute("/training", "loss_sum", state.loss_sum);
  writer.dataset("/training/first_moments", std::span<const float>(state.first_moments));
  writer.dataset("/training/second_moments", std::span<const float>(state.second_moments));
  writer.dataset("/training/history", std::span<const double>(table_of(state.history)),
                 {state.history.size(), columns});
  writer.dataset("/training/best_metrics",
                 std::span(reinterpret_cast<const std::uint8_t*>(state.best_metrics.data()),
                           state.best_metrics.size()));
  return writer.finish();
}

TrainingState read_checkpoint(const std::filesystem::path& file) {
  const io::Hdf5Reader reader(file);
  if (!reader.has_attribute("/", "format") || reader.text_attribute("/", "format") != format_name ||
      reader.number_attribute("/", "version") != static_cast<double>(format_version)) {
    throw Error(Status::malformed, file, "no checkpoint of this version of rppg");
  }
  TrainingState state;
  state.network = nn::read_network(reader, "/model");
  if (reader.exists("/best")) state.best = nn::read_network(reader, "/best");
  for (const std::string& name : reader.attribute_names("/configuration")) {
    state.configuration[name] = reader.text_attribute("/configuration", name);
  }
  const auto integer = [&](const char* name) {
    return static_cast<std::int64_t>(reader.number_attribute("/training", name));
  };
  state.step = integer("step");
  state.optimizer_steps = integer("optimizer_steps");
  state.loss_sum = reader.number_attribute("/training", "loss_sum");
  state.first_moments = reader.floats("/training/first_moments");
  state.second_moments = reader.floats("/training/second_moments");
  state.history = history_of(reader.doubles("/training/history"));
  const std::vector<std::uint8_t> metrics = reader.bytes("/training/best_metrics");
  state.best_metrics.assign(metrics.begin(), metrics.end());
  return state;
}

void require_same_configuration(const std::map<std::string, std::string>& now,
                                const std::map<std::string, std::string>& before) {
  const auto value = [](const std::map<std::string, std::string>& from, const std::string& name) {
    const auto found = from.find(name);
    return found == from.end() ? std::string("nothing") : concat("'", found->second, "'");
  };
  std::map<std::string, std::string> names = now;
  names.insert(before.begin(), before.end());
  for (const auto& [name, unused] : names) {
    if (value(now, name) == value(before, name)) continue;
    throw Error(Status::usage, concat("--resume: ", name, " was ", value(before, name), " and is ",
                                      value(now, name), "; use --force to start anew"));
  }
}

}  // namespace rppg::training
