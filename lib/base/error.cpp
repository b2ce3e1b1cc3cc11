#include "base/error.h"

#include "base/text.h"

namespace rppg {

Error::Error(Status status, std::string_view message)
    : std::runtime_error(escape_control(message)), status_(status) {}

Error::Error(Status status, const std::filesystem::path& file, std::string_view message)
    : Error(status, concat(file.string(), ": ", message)) {}

}  // namespace rppg
