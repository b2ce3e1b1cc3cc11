#!/usr/bin/env bash
# The recipes of LQ-rPPG run from end to end, here on so little that nothing is learned.
. "$RPPG_SOURCE/tests/cli/case.sh"
recipes=$RPPG_SOURCE/scripts/reproduce/lq_rppg
sets=(--subjects 7 --seconds 6 --size 160x120 --difficulty easy --quiet)
"$RPPG" synthesize pure sets/pure --recordings 1 --seed 1 "${sets[@]}" 2> /dev/null
"$RPPG" synthesize ubfc-rppg sets/ubfc --codec ffv1 --seed 2 "${sets[@]}" 2> /dev/null
export EPOCHS=1 OPTIONS="--set frame_size=32 --quiet" TEST_OPTIONS=--quiet

# Published errors are for the real sets: the report compares and says that they differ.
status=0
"$recipes/cross_dataset.sh" "$RPPG" sets/pure sets/ubfc cross > stdout 2> stderr || status=$?
[[ $status == 0 || $status == 12 ]] || fail "cross_dataset.sh: status $status: $(cat stderr)"
for run in pure-ubfc/c2f ubfc-pure/c2f pure-ubfc/physnet ubfc-pure/efficientphys; do says cross/report/tables.md "$run"; done

"$recipes/intra_dataset.sh" "$RPPG" sets/pure sets/ubfc intra > stdout 2> stderr || fail "$(cat stderr)"
for run in pure/c2f ubfc/c2f; do says intra/report/tables.md "$run"; done

ABLATIONS=single-level SEEDS="1 2" "$recipes/ablations.sh" "$RPPG" pure:sets/pure ubfc-rppg:sets/ubfc ablations \
  > stdout 2> stderr || fail "$(cat stderr)"
says ablations/report/tables.md "single-level"
