#!/usr/bin/env bash
# The same bytes for 1 and 2 threads, 1 and 3 shards, with and without cache, after kill -9.
. "$RPPG_SOURCE/tests/cli/case.sh"
ubfc=ubfc-rppg:$RPPG_TEST_DATA/ubfc
all=("${results[@]}" ledger.jsonl)

expect 0 rppg evaluate "$ubfc" --method pos --threads 1 -o one
expect 0 rppg evaluate "$ubfc" --method pos --threads 2 -o two
expect 0 rppg evaluate "$ubfc" --method pos --threads 2 --jobs 1 --cache cache -o decoder
expect 0 rppg evaluate "$ubfc" --method pos --cache cache -o cached
for other in two decoder cached; do
  same one $other "${all[@]}"
  same_recordings one $other
done

for i in 0 1 2; do expect 0 rppg evaluate "$ubfc" --method pos --shard $i/3 -o shard-$i; done
expect 0 rppg merge shard-2 shard-0 shard-1 -o merged
same one merged "${all[@]}"
same_recordings one merged
expect 65 rppg merge shard-0 shard-1 -o incomplete
says stderr "2/3"
expect 65 rppg merge shard-0 shard-1 shard-1 -o twice
[[ ! -e incomplete/metrics.json ]] || fail "a refused merge wrote metrics"

# Killed at several moments, resumed: the same results; what was finished is not done again.
for after in 0.05 0.1 0.2 0.4; do
  rm -rf killed
  kill_after $after rppg evaluate "$ubfc" --method pos --threads 1 -o killed
  expect 0 rppg evaluate "$ubfc" --method pos --threads 1 --resume -o killed
  same one killed "${results[@]}"
  same_recordings one killed
  [[ -z $(find killed -name '.*.tmp.*') ]] || fail "temporaries are left"
done
expect 0 rppg evaluate "$ubfc" --method pos --resume -o killed
[[ $(grep -c '"cached"' killed/ledger.jsonl) == 4 ]] || fail "a finished run was done again"
same one killed "${results[@]}"

# A stop request ends the run in an orderly way; it can be resumed.
rm -rf stopped
rppg evaluate "$ubfc" --method pos --threads 1 -o stopped > /dev/null 2>&1 &
pid=$!
until [[ -d stopped ]]; do sleep 0.01; done
kill -TERM $pid 2> /dev/null || true  # it may have ended
status=0
wait $pid || status=$?
[[ $status == 75 || $status == 0 ]] || fail "exit status $status after SIGTERM"
expect 0 rppg evaluate "$ubfc" --method pos --resume -o stopped
same one stopped "${results[@]}"
# Under other options nothing may be reused.
expect 0 rppg evaluate "$ubfc" --method chrom --resume -o stopped
! grep -q '"cached"' stopped/ledger.jsonl || fail "results of another method were reused"
