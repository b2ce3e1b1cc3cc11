#!/usr/bin/env bash
# The coarse-to-fine network out of six files, on data sets and on plain videos.
. "$RPPG_SOURCE/tests/cli/case.sh"
data="ubfc-rppg:$RPPG_TEST_DATA/ubfc"
set_options=(--set frame_size=16 --set clip_frames=160)

for part in 1 2 3 4 5; do $CHECKPOINT c2f/quantizer$part 16 module. ${part}th.pth; done
$CHECKPOINT c2f 16 C2F_model/module. network.pth
expect 0 rppg convert {1,2,3,4,5}th.pth network.pth --model c2f "${set_options[@]}" -o c2f.h5
expect 0 rppg evaluate "$data" --model c2f.h5 --protocol lq-rppg --threads 1 -o one
[[ $(grep -c '"id"' one/metrics.json) == 4 ]] || fail "not one entry per recording"
expect 0 rppg evaluate "$data" --model c2f.h5 --protocol lq-rppg --threads 2 -o two
same one two "${results[@]}"
same_recordings one two

expect 0 rppg predict "$RPPG_TEST_DATA/ubfc/subject1/vid.avi" --model c2f.h5 --json -o out
says stdout '"heart_rate_bpm"'

# One step of training, and its weights run again.
expect 0 rppg train "$data" --model c2f "${set_options[@]}" --init c2f.h5 --epochs 1 --batch-size 2 -o trained
expect 0 rppg evaluate "$data" --model trained/weights.h5 -o again
