/// Protocols as JSON. Included from .cpp files only.
#pragma once

#include <filesystem>

#include "io/json.h"
#include "results/protocol.h"

namespace rppg::results {

/// Every parameter, in the order of the struct; not the name.
io::OrderedJson parameters_json(const Protocol& protocol);

/// name, hash, description and every parameter.
io::OrderedJson protocol_json(const Protocol& protocol);

/// The protocol that protocol_json() wrote. Throws Error(malformed) naming file and key.
Protocol read_protocol(const io::Json& object, const std::filesystem::path& file);

}  // namespace rppg::results
