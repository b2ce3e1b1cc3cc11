/// Messages for people, on stderr only; stdout belongs to results.
#pragma once

#include <string_view>

namespace rppg::log {

enum class Level { quiet, error, warning, info, debug };

/// Sets how much is printed; called once, by `main`. The default is `info`.
void set_level(Level level);
bool enabled(Level level);

/// One line "rppg: [warning: ]TEXT". Lines of several threads never mix; a progress bar that
/// stands on the terminal is cleared first.
void error(std::string_view text);
void warning(std::string_view text);
void info(std::string_view text);
void debug(std::string_view text);

}  // namespace rppg::log
