#include "unit/base/captured_output.h"

#include <unistd.h>

#include <doctest/doctest.h>

#include "base/atomic_file.h"
#include "support/resources.h"

namespace rppg::test {

std::string captured_stderr(const std::function<void()>& work) {
  const TemporaryFolder folder;
  const std::filesystem::path file = folder.path() / "stderr";
  std::FILE* const sink = std::fopen(file.c_str(), "w");
  REQUIRE(sink != nullptr);
  const int original = ::dup(STDERR_FILENO);
  REQUIRE(::dup2(::fileno(sink), STDERR_FILENO) == STDERR_FILENO);
  work();
  REQUIRE(::dup2(original, STDERR_FILENO) == STDERR_FILENO);
  ::close(original);
  std::fclose(sink);
  return read_file(file);
}

}  // namespace rppg::test
