#!/usr/bin/env bash
# Help, version, and what is said about wrong words.
. "$RPPG_SOURCE/tests/cli/case.sh"

expect 0 rppg --help
for command in synthesize inspect evaluate predict report merge; do
  says stdout "  $command "
  expect 0 rppg $command --help
  says stdout "--out"
  expect 0 rppg --help
done
expect 0 rppg --version
for word in "rppg 0." "instruction set in use: " "FFmpeg " "HDF5 " "Eigen " "OpenCV " "CLI11 "; do says stdout "$word"; done
expect 0 rppg --version --json
says stdout '"instruction_set"'

expect 64 rppg
expect 64 rppg evalute
says stderr "did you mean 'evaluate'?"
expect 64 rppg evaluate pure:x --methd pos -o out
says stderr "did you mean --method?"
expect 64 rppg evaluate pure:x --method poss -o out
one_error
expect 64 rppg evaluate pure:x --method pos
says stderr "output folder"
expect 64 rppg evaluate nosuch:x --method pos -o out
one_error
expect 64 rppg evaluate pure:x --method pos --shard 3/3 -o out
expect 64 rppg evaluate pure:x --method pos --max-time soon -o out
expect 64 rppg evaluate pure:x --method pos --fail-if 'mae is bad' -o out
expect 66 rppg evaluate pure:nowhere --method pos -o out
says stderr "nowhere"
[[ ! -e out ]] || fail "a refused run must not create its output folder"

RPPG_ISA=baseline expect 0 rppg --version
says stdout "instruction set in use: baseline"
RPPG_ISA=mmx expect 64 rppg --version
one_error
