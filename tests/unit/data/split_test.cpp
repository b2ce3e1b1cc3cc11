#include "data/split.h"

#include <algorithm>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "base/error.h"

using rppg::Error;
using rppg::data::Recording;
using namespace rppg::data;

namespace {

/// Recordings "SUBJECT-a" and "SUBJECT-b" of each subject, in the order given.
std::vector<Recording> two_each(const std::vector<std::string>& subjects) {
  std::vector<Recording> recordings;
  for (const std::string& subject : subjects) {
    for (const char* suffix : {"-a", "-b"}) {
      Recording recording;
      recording.id = subject + suffix;
      recording.dataset = "pure";
      recording.subject = subject;
      recordings.push_back(recording);
    }
  }
  return recordings;
}

std::vector<std::string> ids(const std::vector<Recording>& recordings) {
  std::vector<std::string> result;
  for (const Recording& recording : recordings) result.push_back(recording.id);
  return result;
}

std::vector<Recording> with_ids(const std::vector<std::string>& names) {
  std::vector<Recording> recordings(names.size());
  for (std::size_t i = 0; i < names.size(); ++i) recordings[i].id = names[i];
  return recordings;
}

}  // namespace

TEST_CASE("subjects are ordered by the value of their numbers") {
  CHECK(subject_less("subject2", "subject10"));
  CHECK_FALSE(subject_less("subject10", "subject2"));
  CHECK(subject_less("2", "10"));
  CHECK(subject_less("s", "s1"));
  CHECK(subject_less("a9b2", "a9b10"));
  CHECK(subject_less("", "0"));
  CHECK_FALSE(subject_less("7", "7"));
  // More digits than any integer type holds
  CHECK(subject_less("99999999999999999999999998", "99999999999999999999999999"));
}

TEST_CASE("equal numbers written differently are two subjects in a fixed order") {
  CHECK(subject_less("01", "1") != subject_less("1", "01"));
  CHECK(subject_less("s1", "s01") != subject_less("s01", "s1"));
}

TEST_CASE("a range of subjects keeps all recordings of each") {
  const auto all = two_each({"10", "2", "1", "3", "4"});
  CHECK(ids(select_subjects(all, 0, 0.4)) == std::vector<std::string>{"2-a", "2-b", "1-a", "1-b"});
  CHECK(ids(select_subjects(all, 0.8, 1)) == std::vector<std::string>{"10-a", "10-b"});
  CHECK(select_subjects(all, 0.4, 0.4).empty());
  CHECK(select_subjects({}, 0, 1).empty());
}

TEST_CASE("ranges that meet part the subjects without loss or overlap") {
  const auto all = two_each({"1", "2", "3", "4", "5", "6", "7"});
  for (const double border : {0.0, 0.1, 0.3, 0.5, 0.6, 0.8, 0.99, 1.0}) {
    const auto low = select_subjects(all, 0, border);
    const auto high = select_subjects(all, border, 1);
    CHECK(low.size() + high.size() == all.size());
    CHECK_NOTHROW(require_disjoint_subjects(low, high));
  }
}

TEST_CASE("shards are all recordings, each once, whatever the order on disk") {
  auto all = two_each({"1", "2", "3", "4", "5"});
  std::vector<std::string> together;
  for (int shard = 0; shard < 3; ++shard) {
    const auto part = ids(select_shard(all, shard, 3));
    CHECK(part.size() >= 3);
    together.insert(together.end(), part.begin(), part.end());
    const std::vector<Recording> backwards(all.rbegin(), all.rend());
    CHECK(ids(select_shard(backwards, shard, 3)) == part);
  }
  std::sort(together.begin(), together.end());
  CHECK(together == ids(all));
  CHECK(select_shard(two_each({"1"}), 5, 7).empty());
}

TEST_CASE("a subject in both splits is named") {
  const auto train = two_each({"1", "2"});
  auto test = two_each({"3", "2"});
  CHECK_THROWS_WITH_AS(require_disjoint_subjects(train, test),
                       "pure: subject '2' is in both splits", Error);
  // The same name in another data set is another person.
  for (Recording& recording : test) recording.dataset = "mcd-rppg";
  CHECK_NOTHROW(require_disjoint_subjects(train, test));
}

TEST_CASE("ids name files: no separators, no duplicates") {
  CHECK_NOTHROW(require_unique_ids(with_ids({"a", "A", "0-._", std::string(128, 'x')})));
  for (const std::string& bad :
       {std::string(), std::string("a/b"), std::string("a b"), std::string("."), std::string(".."),
        std::string("caf\xc3\xa9"), std::string("a\nb"), std::string(129, 'x')}) {
    CAPTURE(bad);
    CHECK_THROWS_AS(require_unique_ids(with_ids({bad})), Error);
  }
  CHECK_THROWS_WITH_AS(require_unique_ids(with_ids({"a", "b", "a"})),
                       "recording id 'a' is there twice", Error);
}
