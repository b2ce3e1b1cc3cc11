#include "unit/results/run_files.h"

#include <doctest/doctest.h>

#include "base/atomic_file.h"
#include "base/text.h"
#include "unit/results/sample_results.h"

namespace rppg::results {

namespace fs = std::filesystem;

RunFacts sample_facts(const std::string& shard) {
  RunFacts facts;
  facts.command = "evaluate";
  facts.command_line = "rppg evaluate --shard " + shard;
  facts.version = "0.1.0";
  facts.commit = "abc";
  facts.config = {{"method", "pos"}, {"detector", "none"}};
  facts.libraries = {{"HDF5", "1.10.8"}};
  facts.hashes = {{"selection", "123"}};
  facts.shard = shard;
  facts.seed = 7;
  facts.threads = 2;
  return facts;
}

void work_on_sample(RunFolder& folder, int i) {
  const std::string id = concat(i / 10, i % 10, "-01");
  if (i % 10 == 3) {
    folder.add(sample_entry(id, Outcome::failed, "no face"));
  } else if (folder.has_result(id, sample_entry(id, Outcome::ok).key)) {
    folder.add(sample_entry(id, Outcome::cached));
  } else {
    folder.add(sample_result(id, i), sample_entry(id, Outcome::ok));
  }
}

void finished_run(const fs::path& path, int begin, int end) {
  RunFolder folder(path, OpenMode::fresh);
  for (int i = begin; i < end; ++i) work_on_sample(folder, i);
  folder.finish(sample_facts(), find_protocol("toolbox"), true, false);
}

FileMap files_of(const fs::path& folder) {
  FileMap files;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    const std::string name = fs::relative(entry.path(), folder).string();
    if (entry.is_regular_file() && name != "run.json" && name != ".lock") {
      files[name] = read_file(entry.path());
    }
  }
  return files;
}

void check_equal(const FileMap& a, const FileMap& b) {
  CHECK(a.size() == b.size());
  for (const auto& [name, bytes] : a) {
    CAPTURE(name);
    const auto other = b.find(name);
    CHECK((other != b.end() && other->second == bytes));
  }
}

}  // namespace rppg::results
