#!/usr/bin/env bash
# The recipes run from end to end, here on so little that networks cannot win.
. "$RPPG_SOURCE/tests/cli/case.sh"
export SUBJECTS=6 SECONDS_EACH=8 EPOCHS=1 FRAME_SIZE=16
recipe=("$RPPG_SOURCE/scripts/reproduce/synthetic_supervised.sh" "$RPPG" out)
status=0
"${recipe[@]}" > stdout 2> stderr || status=$?
[[ $status == 0 ]] || says stderr "is not better than"
for run in pos chrom efficientphys physnet; do says out/report/tables.md "$run"; done
before=$(sha256sum out/physnet-training/weights.h5)
"${recipe[@]}" > stdout 2> stderr || true
[[ $before == "$(sha256sum out/physnet-training/weights.h5)" ]] || fail "a second run trained again"
