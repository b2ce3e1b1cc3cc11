#include "results/ledger.h"

#include <array>
#include <map>

#include "base/atomic_file.h"
#include "base/error.h"
#include "base/text.h"
#include "io/json.h"

namespace rppg::results {
namespace {

constexpr std::array outcomes{Outcome::ok, Outcome::failed, Outcome::skipped, Outcome::cached};

/// Reads the members of one line.
class Line {
 public:
  Line(const io::Json& object, const std::filesystem::path& file, std::size_t number)
      : object_(object), file_(file), number_(number) {
    if (!object.is_object()) fail("not an object");
  }

  std::string text(const char* key) const {
    const auto found = object_.find(key);
    if (found == object_.end() || !found->is_string()) fail(concat("no text '", key, "'"));
    return found->get<std::string>();
  }
  Outcome outcome(const char* key) const {
    const std::string value = text(key);
    for (const Outcome candidate : outcomes) {
      if (name(candidate) == value) return candidate;
    }
    fail(concat("unknown status '", value, "'"));
  }

 private:
  [[noreturn]] void fail(std::string_view why) const {
    throw Error(Status::malformed, file_, concat("line ", number_, ": ", why));
  }

  const io::Json& object_;
  const std::filesystem::path& file_;
  std::size_t number_;
};

io::Json parse(std::string_view text, const std::filesystem::path& file, std::size_t number) {
  try {
    return io::parse_json(text, file);
  } catch (const Error&) {
    throw Error(Status::malformed, file, concat("line ", number, ": no JSON object"));
  }
}

}  // namespace

std::string_view name(Outcome outcome) {
  constexpr std::array<std::string_view, 4> names{"ok", "failed", "skipped", "cached"};
  return names.at(static_cast<std::size_t>(outcome));
}

std::string to_line(const LedgerEntry& entry) {
  const io::OrderedJson object = {{"id", entry.id},           {"dataset", entry.dataset},
                                  {"subject", entry.subject}, {"status", name(entry.outcome)},
                                  {"reason", entry.reason},   {"key", entry.key}};
  return io::to_text(object, true);
}

std::string to_lines(const std::vector<LedgerEntry>& entries) {
  std::string text;
  for (const LedgerEntry& entry : entries) text += to_line(entry) + "\n";
  return text;
}

std::vector<LedgerEntry> read_ledger(const std::filesystem::path& file) {
  if (!std::filesystem::exists(file)) return {};
  const std::string text = read_file(file);
  const std::string_view whole_lines = std::string_view(text).substr(0, text.rfind('\n') + 1);
  std::vector<LedgerEntry> entries;
  std::map<std::string, std::size_t, std::less<>> places;
  std::size_t number = 0;
  for (const std::string_view content : split(whole_lines, '\n')) {
    ++number;
    if (content.empty()) continue;
    const io::Json object = parse(content, file, number);
    const Line line(object, file, number);
    LedgerEntry entry{line.text("id"),        line.text("dataset"), line.text("subject"),
                      line.outcome("status"), line.text("reason"),  line.text("key")};
    const auto [place, added] = places.try_emplace(entry.id, entries.size());
    if (added) {
      entries.push_back(std::move(entry));
    } else {
      entries[place->second] = std::move(entry);
    }
  }
  return entries;
}

bool has_result(const LedgerEntry& entry) {
  return entry.outcome == Outcome::ok || entry.outcome == Outcome::cached;
}

Coverage count(const std::vector<LedgerEntry>& entries) {
  Coverage coverage;
  coverage.total = entries.size();
  for (const LedgerEntry& entry : entries) {
    if (has_result(entry)) ++coverage.ok;
    if (entry.outcome == Outcome::cached) ++coverage.cached;
    if (entry.outcome == Outcome::failed) ++coverage.failed;
    if (entry.outcome == Outcome::skipped) ++coverage.skipped;
  }
  return coverage;
}

}  // namespace rppg::results
