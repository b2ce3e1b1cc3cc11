/// Where tests find their fixtures, the reference material and a folder of their own.
#pragma once

#include <filesystem>
#include <optional>
#include <string_view>

namespace rppg::test {

/// A committed fixture below tests/data or tests/golden.
std::filesystem::path fixture(std::string_view name);

/// A file or folder of the reference material (RPPG_SHARED, else "shared" beside the checkout).
///
/// None, after a printed "SKIPPED: ..." line, where the material is not there. With
/// RPPG_REQUIRE_SHARED=1, as in CI, a missing file fails the test instead.
std::optional<std::filesystem::path> shared(std::string_view name);

/// A new empty folder that is removed with the object.
class TemporaryFolder {
 public:
  TemporaryFolder();
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace rppg::test
