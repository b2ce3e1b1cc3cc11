/// The ledger: one line of JSON per recording, so that nothing is lost silently.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace rppg::results {

enum class Outcome { ok, failed, skipped, cached };

std::string_view name(Outcome outcome);

struct LedgerEntry {
  std::string id;
  std::string dataset;
  std::string subject;
  Outcome outcome = Outcome::ok;
  std::string reason;  ///< one line; empty for ok
  std::string key;     ///< digest of inputs and parameters; a result is reused only under the same
};

/// True for ok and cached: the recording has a result.
bool has_result(const LedgerEntry& entry);

/// Counts; cached recordings also count as ok where coverage is stated.
struct Coverage {
  std::size_t total = 0;
  std::size_t ok = 0;
  std::size_t failed = 0;
  std::size_t skipped = 0;
  std::size_t cached = 0;  ///< of `ok`
};

/// One line without newline: id, dataset, subject, status, reason, key.
std::string to_line(const LedgerEntry& entry);
/// The text of a ledger file.
std::string to_lines(const std::vector<LedgerEntry>& entries);

/// Entries of a ledger file in order of first appearance, the last line of an id counting; a last
/// line without newline was torn by a crash and is left out.
/// Throws Error(malformed) naming the line. An absent file gives none.
std::vector<LedgerEntry> read_ledger(const std::filesystem::path& file);

Coverage count(const std::vector<LedgerEntry>& entries);

}  // namespace rppg::results
