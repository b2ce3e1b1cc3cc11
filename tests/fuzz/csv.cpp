// Tables: a manifest or label table is read whole or refused with an Error.
#include "io/csv.h"

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/error.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    const rppg::io::Table table({reinterpret_cast<const char*>(data), size}, "input.csv");
    for (std::size_t i = 0; i < table.size(); ++i) {
      for (const std::string& column : table.columns()) table.row(i).number(column);
    }
  } catch (const rppg::Error&) {
  }
  return 0;
}
