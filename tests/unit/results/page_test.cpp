#include "results/page.h"

#include <set>

#include <doctest/doctest.h>

#include "support/resources.h"
#include "unit/results/fake_run.h"
#include "unit/results/markup_check.h"

using namespace rppg;
using namespace rppg::results;

namespace {

bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

/// All values of id attributes.
std::multiset<std::string> ids(const std::string& page) {
  std::multiset<std::string> all;
  constexpr std::string_view key = " id=\"";
  for (std::size_t at = page.find(key); at != std::string::npos; at = page.find(key, at + 1)) {
    const std::size_t start = at + key.size();
    all.insert(page.substr(start, page.find('"', start) - start));
  }
  return all;
}

}  // namespace

TEST_CASE("the page is whole, loads nothing and is the same each time") {
  const test::TemporaryFolder folder;
  const auto at = [&](const char* name) { return folder.path() / name; };
  test::write_fake_run(at("pos"), "pos", test::fake_recordings(6));
  test::write_fake_run(at("chrom"), "chrom", test::fake_recordings(6, 0.9));
  const auto page = [&] {
    return report_page(make_report(read_runs({at("pos"), at("chrom")}), {}));
  };
  const std::string first = page();
  CHECK(first == page());
  CHECK(test::unbalanced_element(first) == "");
  CHECK_FALSE(contains(first, "<script"));
  CHECK_FALSE(contains(first, "src="));
  CHECK_FALSE(contains(first, "url(http"));
  CHECK_FALSE(contains(first, folder.path().string()));
  CHECK(contains(first, "<b>12 of 12 recordings</b>"));
  CHECK(contains(first, "rppg evaluate pure:/data/PURE --method pos -o out"));
  const std::multiset<std::string> all = ids(first);
  CHECK(all.size() == std::set<std::string>(all.begin(), all.end()).size());
}

TEST_CASE("hostile names reach neither page nor tables as markup") {
  const test::TemporaryFolder folder;
  auto recordings = test::fake_recordings(3);
  for (auto& recording : recordings) {
    recording.subject = "<script>alert(1)</script>";
    recording.dataset = "\"><img src=x>";
  }
  test::write_fake_run(folder.path() / "pos", "<i>pos</i>", recordings,
                       {{"z", "pure", "1", Outcome::failed, "</table><script>", "k"}});
  const Report report =
      make_report(read_runs({folder.path() / "pos"}), {}, {.spread = Spread::ci95});
  const std::string page = report_page(report);
  CHECK(test::unbalanced_element(page) == "");
  CHECK_FALSE(contains(page, "<script"));
  CHECK_FALSE(contains(page, "<img"));
  CHECK_FALSE(contains(page, "<i>"));
  CHECK_FALSE(contains(tables_markdown(report), "<script"));
  CHECK(contains(page, "class=\"coverage partial\""));
  CHECK(contains(page, "<b>3 of 4 recordings</b>"));
}

TEST_CASE("a run without a single heart rate has a page") {
  const test::TemporaryFolder folder;
  test::write_fake_run(folder.path() / "pos", "pos", {},
                       {{"z", "pure", "1", Outcome::failed, "truncated", "k"}});
  const Report report = make_report(read_runs({folder.path() / "pos"}), {});
  CHECK(contains(report_page(report), "nothing to draw"));
  CHECK(contains(tables_latex(report), "\\label{tab:rppg-failures}"));
  CHECK(figures(report).size() == 2);  // coverage and reasons
}
