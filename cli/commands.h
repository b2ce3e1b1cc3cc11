/// The table of commands. A new command is one .cpp file and one line here.
#pragma once

#include <array>

#include "cli/command.h"

namespace rppg::cli {

extern const Command synthesize_command;
extern const Command inspect_command;
extern const Command quantize_labels_command;
extern const Command train_command;
extern const Command evaluate_command;
extern const Command predict_command;
extern const Command report_command;
extern const Command merge_command;
extern const Command convert_command;
extern const Command complexity_command;

inline const std::array commands{&synthesize_command, &inspect_command,  &quantize_labels_command,
                                 &train_command,      &evaluate_command, &predict_command,
                                 &report_command,     &merge_command,    &convert_command,
                                 &complexity_command};

}  // namespace rppg::cli
