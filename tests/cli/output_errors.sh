#!/usr/bin/env bash
# Outputs that cannot be created or written: the right status, nothing half-written, nothing deleted.
. "$RPPG_SOURCE/tests/cli/case.sh"
pure=pure:$RPPG_TEST_DATA/pure@0-0.34

echo kept > file
expect 73 rppg evaluate "$pure" --method pos -o file
expect 73 rppg evaluate "$pure" --method pos -o file/below
[[ $(cat file) == kept ]] || fail "an input was overwritten"
one_error
says stderr "file"

# A full disk, by a limit on the size of files.
status=0
(ulimit -f 8; rppg evaluate "$pure" --method pos -o full > /dev/null 2> stderr) || status=$?
[[ $status == 74 ]] || { cat stderr >&2; fail "exit status $status on a full disk"; }
one_error
[[ -z $(find full -name '*.h5' -o -name '.*.tmp.*') ]] || fail "a partial file is left"
expect 0 rppg evaluate "$pure" --method pos --resume -o full

status=0
rppg --version > /dev/full 2> stderr || status=$?
[[ $status == 74 ]] || fail "exit status $status for a full standard output"
status=0
rppg evaluate "$pure" --method pos -o lost > /dev/full 2> stderr || status=$?
[[ $status == 74 && -s lost/metrics.json ]] || fail "results must be written although stdout is full"

# Two writers of one folder: one wins.
rppg evaluate "ubfc-rppg:$RPPG_TEST_DATA/ubfc" --method pos --threads 1 -o shared > /dev/null 2>&1 &
first=$!
sleep 0.1
status=0
rppg evaluate "ubfc-rppg:$RPPG_TEST_DATA/ubfc" --method pos --threads 1 --resume -o shared > /dev/null 2> stderr || status=$?
wait $first || true
[[ $status == 73 || $status == 0 ]] || fail "exit status $status of the second writer"
