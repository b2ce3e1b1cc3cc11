#!/usr/bin/env bash
# Counts of networks are the published ones and do not change from run to run; speeds are measured.
. "$RPPG_SOURCE/tests/cli/case.sh"

# total MODEL: parameters and MACs per frame, both also as thop counts them.
total() { awk -v name="$1" '$1 == name { found = 1 } found && $1 == "total" { print $2, $3, $4, $5; exit }' stdout; }

expect 0 rppg complexity --thop
[[ $(total efficientphys) == "2163081 114685248 "* ]] || fail "counts of EfficientPhys: $(total efficientphys)"
[[ $(total physnet) == "768577 137192512 "* ]] || fail "counts of PhysNet: $(total physnet)"
cp stdout first
expect 0 rppg complexity --thop --threads 1
cmp stdout first || fail "counts depend on threads"
expect 0 rppg complexity efficientphys physnet --thop --set frame_size=128 --frames 160
[[ $(total efficientphys) == *" 7438729 379296864" ]] || fail "thop's EfficientPhys: $(total efficientphys)"
[[ $(total physnet) == *" 768577 438243456" ]] || fail "thop's PhysNet: $(total physnet)"
[[ $(total c2f) == "" ]] || fail "more networks than were asked for"
expect 0 rppg complexity c2f rhythmmamba --thop --frames 16
[[ $(total c2f) == "405453 "*" 134093 57087680" ]] || fail "counts of c2f: $(total c2f)"
[[ $(total rhythmmamba) == "5673229 "*" 1065229 80896608" ]] || fail "counts of RhythmMamba: $(total rhythmmamba)"
expect 64 rppg complexity c2f --frames 161
says stderr "at most 160"

expect 0 rppg complexity efficientphys --json --frames 20
says stdout '"macs_per_frame": 114685248.0'
says stdout '"name": "final_dense_1"'
! grep -q 'thop\|frames_per_second\|instruction_set' stdout || fail "more than was asked for"

expect 0 rppg complexity efficientphys --set frame_size=12 --frames 10 --threads 1 --measure --json
for text in '"forward": {' '"training": {' '"frames_per_second": ' '"arena_bytes": ' '"threads": 1' \
            '"instruction_set": ' '"peak_resident_bytes": '; do
  says stdout "$text"
done
expect 0 rppg complexity efficientphys --set frame_size=12 --frames 10 --threads 1 --measure
says stdout "1 thread, "

expect 64 rppg complexity none-such
expect 64 rppg complexity efficientphys --set frame_siz=12
says stderr "frame_siz"
for setting in frame_size frame_size= =12 frame_size=a; do
  expect 64 rppg complexity efficientphys --set $setting
done
expect 64 rppg complexity efficientphys --frames 15
says stderr "multiple of 10"
