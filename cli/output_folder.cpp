#include "cli/output_folder.h"

#include <algorithm>
#include <string_view>

#include "base/atomic_file.h"
#include "base/error.h"

namespace rppg::cli {
namespace {

const std::filesystem::path& created(const std::filesystem::path& path) {
  create_writable_folder(path);
  return path;
}

}  // namespace

OutputFolder::OutputFolder(const std::filesystem::path& path, std::span<const char* const> files,
                           results::OpenMode mode)
    : lock_(created(path)) {
  const bool used = std::any_of(files.begin(), files.end(), [&](const char* name) {
    return std::filesystem::exists(path / name);
  });
  if (used && mode == results::OpenMode::fresh) {
    throw Error(Status::cannot_create, path, "holds a run already; use --resume or --force");
  }
  remove_stale_temporaries(path);
  for (const std::string_view name : files) {
    if (mode == results::OpenMode::force || name == "run.json") {
      std::filesystem::remove(path / name);
    }
  }
}

}  // namespace rppg::cli
