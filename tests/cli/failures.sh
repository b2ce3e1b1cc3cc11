#!/usr/bin/env bash
# One broken recording: named, counted, the rest done; no table without --allow-partial.
. "$RPPG_SOURCE/tests/cli/case.sh"

cp -r "$RPPG_TEST_DATA/ubfc" data
expect 0 rppg evaluate ubfc-rppg:data --method pos -o whole
echo "not numbers" > data/subject2/ground_truth.txt
expect 10 rppg evaluate ubfc-rppg:data --method pos -o partial
one_error
says stderr "data/subject2/ground_truth.txt"
[[ $(grep -c '"ok"' partial/ledger.jsonl) == 3 ]] || fail "not three recordings are ok"
grep -q '"failed"' partial/ledger.jsonl || fail "the ledger does not tell the failure"
grep -q '"failed": 1' partial/metrics.json || fail "coverage does not count the failure"
for id in subject1 subject3 subject4; do cmp whole/recordings/$id.h5 partial/recordings/$id.h5; done

expect 12 rppg report partial -o report
says stderr "3/4"
expect 0 rppg report partial --allow-partial -o report
grep -q "3/4" report/tables.md || fail "the table does not state its coverage"

# Mended and resumed, the run is the one that never failed.
cp "$RPPG_TEST_DATA/ubfc/subject2/ground_truth.txt" data/subject2/
expect 0 rppg evaluate ubfc-rppg:data --method pos --resume -o partial
same whole partial "${results[@]}"
same_recordings whole partial

for subject in data/subject*; do rm "$subject/ground_truth.txt"; done
expect 11 rppg evaluate ubfc-rppg:data --method pos -o none
[[ $(grep -c '"failed"' none/ledger.jsonl) == 4 ]] || fail "not all failures are in the ledger"
