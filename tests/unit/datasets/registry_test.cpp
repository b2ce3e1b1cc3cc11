#include "datasets/registry.h"

#include <set>
#include <string_view>
#include <utility>

#include <doctest/doctest.h>

#include "layout_fixture.h"

using rppg::test::contains;
using rppg::test::error_of;

TEST_CASE("layouts: each is found by its name and describes itself") {
  std::set<std::string_view> names;
  for (const auto& layout : rppg::datasets::layouts()) {
    CHECK(names.insert(layout.name).second);
    CHECK(&rppg::datasets::find_layout(layout.name) == &layout);
    CHECK_FALSE(layout.title.empty());
    CHECK_FALSE(layout.description.empty());
    CHECK((layout.discover != nullptr));
    CHECK((layout.read_labels != nullptr));
  }
  CHECK(names == std::set<std::string_view>{"ubfc-rppg", "pure", "mcd-rppg", "manifest"});
}

TEST_CASE("layouts: each finds the fixture of its format") {
  for (const auto& [name, path] : {std::pair{"ubfc-rppg", "data/ubfc_rppg"},
                                   {"pure", "data/pure"},
                                   {"mcd-rppg", "data/mcd_rppg"},
                                   {"manifest", "data/manifest/manifest.csv"}}) {
    const auto& layout = rppg::datasets::find_layout(name);
    const auto recordings = layout.discover(rppg::test::fixture(path));
    CHECK_FALSE(recordings.empty());
    for (const auto& recording : recordings) CHECK(recording.dataset == name);
  }
}

TEST_CASE("layouts: the nearest name is offered") {
  const auto error = [](const char* name) {
    return error_of([name] { rppg::datasets::find_layout(name); });
  };
  CHECK(contains(error("ubfc-rpgp"), "did you mean 'ubfc-rppg'?"));
  CHECK(contains(error("zzzzzz"), "expected one of ubfc-rppg, pure, mcd-rppg, manifest"));
}

TEST_CASE("layouts: videos of the fixtures can be read") {
  for (const auto& [name, path] : {std::pair{"ubfc-rppg", "data/ubfc_rppg"},
                                   {"pure", "data/pure"},
                                   {"mcd-rppg", "data/mcd_rppg"}}) {
    const auto& layout = rppg::datasets::find_layout(name);
    for (const auto& recording : layout.discover(rppg::test::fixture(path))) {
      CAPTURE(recording.id);
      rppg::video::Reader reader(recording.video);
      while (reader.next()) {
      }
      CHECK(reader.summary().frames == (recording.dataset == "pure" ? 4 : 8));
      CHECK(reader.summary().damaged == 0);
      CHECK_FALSE(reader.summary().truncated);
    }
  }
}
