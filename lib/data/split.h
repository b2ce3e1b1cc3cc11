/// Subject-disjoint selections of recordings.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "data/recording.h"

namespace rppg::data {

/// Orders subjects: digits by value, other characters by byte ("subject2" before "subject10").
bool subject_less(std::string_view a, std::string_view b);

/// Recordings of the subjects with sorted index int(begin * n) .. int(end * n) - 1, in their order.
std::vector<Recording> select_subjects(const std::vector<Recording>& recordings, double begin,
                                       double end);

/// Recordings of shard `index` of `count`: every count-th of the list sorted by id, so that all
/// shards together are the list and the choice depends on nothing else.
std::vector<Recording> select_shard(std::vector<Recording> recordings, int index, int count);

/// Throws Error(malformed) naming a subject that is in both lists (of the same data set).
void require_disjoint_subjects(const std::vector<Recording>& a, const std::vector<Recording>& b);

/// Throws Error(malformed) when two recordings share an id, or an id is no [A-Za-z0-9._-]{1,128}.
void require_unique_ids(const std::vector<Recording>& recordings);

}  // namespace rppg::data
