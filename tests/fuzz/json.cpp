// JSON: what is accepted is written and read back the same.
#include "io/json.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "base/error.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    const rppg::io::Json document =
        rppg::io::parse_json({reinterpret_cast<const char*>(data), size}, "input.json");
    if (rppg::io::parse_json(rppg::io::to_text(document), "copy.json") != document) std::abort();
  } catch (const rppg::Error&) {
  }
  return 0;
}
