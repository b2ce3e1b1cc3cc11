#!/usr/bin/env bash
# evaluate --predictions: our own results scored again, CSV, and refused files.
. "$RPPG_SOURCE/tests/cli/case.sh"

expect 0 rppg evaluate "pure:$RPPG_TEST_DATA/pure" --method pos --protocol toolbox-2023 -o run
expect 0 rppg evaluate --predictions run/results.h5 --protocol toolbox-2023 -o again
[[ $(metric run MAE) == "$(metric again MAE)" ]] || fail "other MAE from stored waveforms"
[[ $(metric run SNR) == "$(metric again SNR)" ]] || fail "other SNR from stored waveforms"

awk 'BEGIN { print "id,subject,time,prediction,reference"
  for (s = 1; s <= 3; s++) for (i = 0; i < 600; i++) { t = i / 30
    print "r" s ",s" s "," t "," sin(6.2831853 * (1 + 0.1 * s) * t) "," cos(6.2831853 * (1 + 0.1 * s) * t) } }' > waves.csv
expect 0 rppg evaluate --predictions waves.csv -o csv
less "$(metric csv MAE)" 0.05
expect 65 rppg evaluate --predictions "$RPPG_SOURCE/README.md" -o none
one_error
expect 66 rppg evaluate --predictions nowhere.h5 -o none
