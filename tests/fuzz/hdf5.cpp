// Result files: every data set and attribute is read or refused.
#include "io/hdf5.h"

#include <cstddef>
#include <cstdint>
#include <string>

#include "base/error.h"
#include "fuzz/input_file.h"

namespace {

void visit(const rppg::io::Hdf5Reader& file, const std::string& group, int depth) {
  for (const std::string& name : file.list(group)) {
    const std::string path = group + (group == "/" ? "" : "/") + name;
    try {
      if (!file.is_group(path)) {
        file.doubles(path);
      } else if (depth < 8) {
        visit(file, path, depth + 1);
      }
      for (const std::string& attribute : file.attribute_names(path)) {
        file.numbers_attribute(path, attribute);
      }
    } catch (const rppg::Error&) {
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const rppg::fuzz::InputFile input(data, size);
  try {
    visit(rppg::io::Hdf5Reader(input.path()), "/", 0);
  } catch (const rppg::Error&) {
  }
  return 0;
}
