#include "results/ledger.h"

#include <string>

#include <doctest/doctest.h>

#include "base/atomic_file.h"
#include "base/error.h"
#include "base/text.h"
#include "support/resources.h"

namespace rppg::results {
namespace {

const LedgerEntry ok{"a-1", "pure", "01", Outcome::ok, "", "k1"};
const LedgerEntry failed{"a-2", "pure", "02", Outcome::failed, "no \"face\"\tat all", "k2"};
const LedgerEntry skipped{"a-3", "pure", "03", Outcome::skipped, "left out", ""};
const LedgerEntry cached{"a-4", "pure", "04", Outcome::cached, "", "k4"};

void check_equal(const LedgerEntry& a, const LedgerEntry& b) { CHECK(to_line(a) == to_line(b)); }

TEST_CASE("a line has its keys in fixed order") {
  CHECK(to_line(failed) == R"({"id":"a-2","dataset":"pure","subject":"02","status":"failed",)"
                           R"("reason":"no \"face\"\tat all","key":"k2"})");
}

TEST_CASE("a ledger is read back, the last line of an id counting") {
  const test::TemporaryFolder folder;
  const auto file = folder.path() / "ledger.jsonl";
  CHECK(read_ledger(file).empty());
  for (const LedgerEntry& entry : {failed, ok, skipped}) append_line(file, to_line(entry));
  LedgerEntry repaired = failed;
  repaired.outcome = Outcome::ok;
  repaired.reason = "";
  append_line(file, to_line(repaired));
  const auto entries = read_ledger(file);
  REQUIRE(entries.size() == 3);
  check_equal(entries[0], repaired);
  check_equal(entries[1], ok);
  check_equal(entries[2], skipped);
}

TEST_CASE("a torn last line is left out, at whatever byte it is torn") {
  const test::TemporaryFolder folder;
  const auto file = folder.path() / "ledger.jsonl";
  const std::string whole = to_line(ok) + "\n";
  const std::string torn = to_line(failed);
  for (std::size_t length = 0; length <= torn.size(); ++length) {
    write_file(file, whole + torn.substr(0, length));
    REQUIRE(read_ledger(file).size() == 1);
  }
  write_file(file, torn.substr(0, 5));
  CHECK(read_ledger(file).empty());
}

TEST_CASE("a damaged line is named") {
  const test::TemporaryFolder folder;
  const auto file = folder.path() / "ledger.jsonl";
  const auto message = [&](const std::string& line) {
    write_file(file, to_line(ok) + "\n" + line + "\n" + to_line(failed) + "\n");
    try {
      read_ledger(file);
    } catch (const Error& error) {
      CHECK(error.status() == Status::malformed);
      return std::string(error.what()).substr(file.string().size());
    }
    return std::string("no error");
  };
  CHECK(message("{\"id\":") == ": line 2: no JSON object");
  CHECK(message("[1]") == ": line 2: not an object");
  CHECK(message("{\"id\":7}") == ": line 2: no text 'id'");
  CHECK(message(R"({"id":"x","dataset":"","subject":"","status":"fine","reason":"","key":""})") ==
        ": line 2: unknown status 'fine'");
}

TEST_CASE("cached recordings count as ok") {
  const Coverage coverage = count({ok, failed, skipped, cached});
  CHECK(coverage.total == 4);
  CHECK(coverage.ok == 2);
  CHECK(coverage.cached == 1);
  CHECK(coverage.failed == 1);
  CHECK(coverage.skipped == 1);
}

}  // namespace
}  // namespace rppg::results
