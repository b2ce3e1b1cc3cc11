/// One exception type, and the exit statuses of the program.
#pragma once

#include <filesystem>
#include <stdexcept>
#include <string>
#include <string_view>

namespace rppg {

/// What a failure means to the shell; the values are the program's exit statuses.
enum class Status : int {
  ok = 0,
  some_failed = 10,    ///< finished, some recordings failed
  all_failed = 11,     ///< finished, all recordings failed or none was selected
  gate_failed = 12,    ///< complete, but a gate (`--fail-if`, `--check`) did not hold
  usage = 64,          ///< wrong option or argument
  malformed = 65,      ///< an input is damaged or contradicts itself
  missing = 66,        ///< a named input does not exist or cannot be read
  unavailable = 69,    ///< not built in, or over a limit
  internal = 70,       ///< a bug of ours
  resource = 71,       ///< out of memory, processes or descriptors
  cannot_create = 73,  ///< an output cannot be created
  write_failed = 74,   ///< an output could not be written in full
  interrupted = 75,    ///< stopped on request; the state is saved and can be resumed
  configuration = 78,  ///< the configuration file is wrong
};

/// A failure that a user can understand: "FILE: WHAT: WHY" on one line.
///
/// Whoever works through a batch catches it per recording; `main` prints what is left and
/// returns `status()`. Control characters of file names and quoted input are escaped.
class Error : public std::runtime_error {
 public:
  Error(Status status, std::string_view message);
  /// file: comes first in the text, before a colon.
  Error(Status status, const std::filesystem::path& file, std::string_view message);

  Status status() const noexcept { return status_; }

 private:
  Status status_;
};

}  // namespace rppg
