#include "data/split.h"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <set>
#include <utility>

#include "base/error.h"
#include "base/text.h"

namespace rppg::data {
namespace {

constexpr std::size_t most_id_letters = 128;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// Takes the run of digits at the front of text, without leading zeros.
std::string_view take_number(std::string_view& text) {
  const auto end = std::find_if_not(text.begin(), text.end(), is_digit);
  std::string_view number = text.substr(0, static_cast<std::size_t>(end - text.begin()));
  text.remove_prefix(number.size());
  number.remove_prefix(std::min(number.find_first_not_of('0'), number.size()));
  return number;
}

std::vector<std::string> sorted_subjects(const std::vector<Recording>& recordings) {
  std::vector<std::string> subjects;
  for (const Recording& recording : recordings) subjects.push_back(recording.subject);
  std::sort(subjects.begin(), subjects.end(), subject_less);
  subjects.erase(std::unique(subjects.begin(), subjects.end()), subjects.end());
  return subjects;
}

bool is_id_letter(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.' || c == '_' ||
         c == '-';
}

bool is_id(const std::string& id) {
  return !id.empty() && id.size() <= most_id_letters && id != "." && id != ".." &&
         std::all_of(id.begin(), id.end(), is_id_letter);
}

}  // namespace

bool subject_less(std::string_view a, std::string_view b) {
  const std::string_view whole_a = a;
  const std::string_view whole_b = b;
  while (!a.empty() && !b.empty()) {
    if (is_digit(a.front()) && is_digit(b.front())) {
      const std::string_view x = take_number(a);
      const std::string_view y = take_number(b);
      if (x.size() != y.size()) return x.size() < y.size();
      if (x != y) return x < y;
    } else {
      if (a.front() != b.front()) {
        return static_cast<unsigned char>(a.front()) < static_cast<unsigned char>(b.front());
      }
      a.remove_prefix(1);
      b.remove_prefix(1);
    }
  }
  if (a.empty() != b.empty()) return a.empty();
  return whole_a < whole_b;  // "1" and "01" are equal numbers, but two subjects
}

std::vector<Recording> select_subjects(const std::vector<Recording>& recordings, double begin,
                                       double end) {
  const std::vector<std::string> subjects = sorted_subjects(recordings);
  const auto place = [&](double share) {
    return static_cast<std::ptrdiff_t>(share * static_cast<double>(subjects.size()));
  };
  const std::set<std::string> chosen(subjects.begin() + place(begin),
                                     subjects.begin() + place(end));
  std::vector<Recording> selected;
  for (const Recording& recording : recordings) {
    if (chosen.count(recording.subject) > 0) selected.push_back(recording);
  }
  return selected;
}

std::vector<Recording> select_shard(std::vector<Recording> recordings, int index, int count) {
  std::sort(recordings.begin(), recordings.end(),
            [](const Recording& a, const Recording& b) { return a.id < b.id; });
  std::vector<Recording> selected;
  for (std::size_t i = static_cast<std::size_t>(index); i < recordings.size();
       i += static_cast<std::size_t>(count)) {
    selected.push_back(std::move(recordings[i]));
  }
  return selected;
}

void require_disjoint_subjects(const std::vector<Recording>& a, const std::vector<Recording>& b) {
  std::set<std::pair<std::string, std::string>> subjects;
  for (const Recording& recording : a) subjects.emplace(recording.dataset, recording.subject);
  for (const Recording& recording : b) {
    if (subjects.count({recording.dataset, recording.subject}) > 0) {
      throw Error(Status::malformed, concat(recording.dataset, ": subject '", recording.subject,
                                            "' is in both splits"));
    }
  }
}

void require_unique_ids(const std::vector<Recording>& recordings) {
  std::set<std::string> ids;
  for (const Recording& recording : recordings) {
    if (!is_id(recording.id)) {
      throw Error(Status::malformed, concat("recording id '", escape_control(recording.id),
                                            "': expected 1 to 128 of A-Z a-z 0-9 . _ -"));
    }
    if (!ids.insert(recording.id).second) {
      throw Error(Status::malformed, concat("recording id '", recording.id, "' is there twice"));
    }
  }
}

}  // namespace rppg::data
