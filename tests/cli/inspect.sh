#!/usr/bin/env bash
# What data sets hold, per recording and in all; damage is listed and counted.
. "$RPPG_SOURCE/tests/cli/case.sh"

row() { grep -E "^$1 " stdout || fail "no row $1"; }
has() { row "$1" | grep -qE -- "$2" || { cat stdout >&2; fail "row $1 lacks: $2"; }; }

expect 0 rppg inspect "ubfc-rppg:$RPPG_TEST_DATA/ubfc"
has subject1 'avi/mjpeg 320x240 +yuvj420p full bt601 +420 +30\.00 .* 420 .* 0\.000 +0\.000 +ok$'
says stdout "ubfc-rppg: 4 recordings of 4 subjects, 56.0 s, 0 with problems"

expect 0 rppg inspect "pure:$RPPG_TEST_DATA/pure"
has 01-01 'steady +images/png 320x240 .* ok$'
says stdout "states: steady"

expect 0 rppg inspect "mcd-rppg:$RPPG_TEST_DATA/mcd" "$RPPG_TEST_DATA/ubfc/subject1/vid.avi" --json
for text in '"views": [' '"frontal"' '"after-exercise"' '"recordings": 6' '"frames_declared": 420' \
            '"start_offset_s"'; do
  says stdout "$text"
done

# Frame times of a plain video are known after decoding it.
expect 0 rppg inspect "$RPPG_TEST_DATA/ubfc/subject1/vid.avi" --json
grep -q '"timing"' stdout && fail "time stamps without --deep"
expect 0 rppg inspect --deep "$RPPG_TEST_DATA/ubfc/subject1/vid.avi" --json
says stdout '"mean_rate_hz": 30.0'
says stdout '"damaged": 0'
says stdout '"truncated": false'

# Damage
cp -r "$RPPG_TEST_DATA/ubfc" data
size=$(stat -c %s data/subject2/vid.avi)
truncate -s $((size / 2)) data/subject2/vid.avi
sed -i '1s/[0-9.e+-]\+/7/g' data/subject3/ground_truth.txt
expect 10 rppg inspect --deep ubfc-rppg:data
has subject1 'ok$'
has subject2 'PROBLEM$'
has subject3 'PROBLEM$'
says stdout "ubfc-rppg: 4 recordings of 4 subjects"
says stdout "2 with problems"
grep -qE "subject2: data/subject2/vid.avi: truncated: decoded [12][0-9]{2} of 420 frames" stdout || fail "the truncation is not told"
says stdout "subject3: data/subject3/ground_truth.txt: labels are constant"

# A gap in the clock of the frames, and labels that stop early
awk 'NR == 3 { for (i = 200; i <= NF; i++) $i += 3 } { print }' "$RPPG_TEST_DATA/ubfc/subject1/ground_truth.txt" \
  > data/subject1/ground_truth.txt
awk '{ NF = 300; print }' "$RPPG_TEST_DATA/ubfc/subject4/ground_truth.txt" > data/subject4/ground_truth.txt
expect 11 rppg inspect --deep ubfc-rppg:data --json
[[ $(grep -c '"problems": \[$' stdout) == 4 ]] || fail "not every recording has a problem"
says stdout "gap of 3.03 s between frames"
says stdout "420 frames, but 300 frame times"

expect 11 rppg inspect missing.avi
says stdout "missing.avi"
expect 66 rppg inspect ubfc-rppg:nowhere
expect 64 rppg inspect
