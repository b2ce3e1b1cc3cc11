#include "support/resources.h"

#include <cstdlib>
#include <iostream>
#include <stdexcept>
#include <string>

namespace rppg::test {

namespace fs = std::filesystem;

fs::path fixture(std::string_view name) { return fs::path(RPPG_SOURCE_DIR) / "tests" / name; }

std::optional<fs::path> shared(std::string_view name) {
  const char* root = std::getenv("RPPG_SHARED");
  const fs::path path =
      (root != nullptr ? fs::path(root) : fs::path(RPPG_SOURCE_DIR).parent_path() / "shared") /
      name;
  if (fs::exists(path)) return path;
  const char* required = std::getenv("RPPG_REQUIRE_SHARED");
  if (required != nullptr && std::string_view(required) == "1") {
    throw std::runtime_error("reference material is required here and missing: " + path.string());
  }
  std::cout << "SKIPPED: reference material not present: " << name << "\n";
  return std::nullopt;
}

TemporaryFolder::TemporaryFolder() {
  std::string pattern = (fs::temp_directory_path() / "rppg-test-XXXXXX").string();
  if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("mkdtemp failed");
  path_ = pattern;
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code error;
  fs::remove_all(path_, error);
}

}  // namespace rppg::test
