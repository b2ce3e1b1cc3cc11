/// Small results for the tests of store, summary and output folder.
#pragma once

#include <string>

#include "results/ledger.h"
#include "results/store.h"

namespace rppg::results {

/// A scored recording of ten seconds; seed makes it differ from others.
RecordingResult sample_result(const std::string& id, int seed);

LedgerEntry sample_entry(const std::string& id, Outcome outcome, const std::string& reason = "");

}  // namespace rppg::results
