#!/usr/bin/env bash
# Options of the generator: what they change is in the files, and what does not fit is refused.
. "$RPPG_SOURCE/tests/cli/case.sh"

small=(--subjects 1 --seconds 6 --size 64x64 --quiet)

# Presets and amounts are listed in the help.
expect 0 rppg synthesize --help
for name in easy realistic hard ubfc-like pure-like mcd-like; do says stdout "$name"; done
for amount in bursts wander clipping loss drift dropouts lag clock doubled; do says stdout "$amount"; done

# Label noise: the clean pulse stays, the labels change, the amounts are recorded.
expect 0 rppg synthesize ubfc-rppg clean "${small[@]}" --codec mjpeg
expect 0 rppg synthesize ubfc-rppg noisy "${small[@]}" --codec mjpeg --label-noise bursts=0.3,wander=0.2
cmp clean/subject1/vid.avi noisy/subject1/vid.avi || fail "label noise changed the video"
cmp -s clean/subject1/ground_truth.txt noisy/subject1/ground_truth.txt && fail "no label noise"
says noisy/subject1/truth.json '"bursts":0.3'
says noisy/subject1/truth.json '"finger_pulse"'

# The same seed gives the same bytes for any number of threads.
for threads in 1 2; do
  expect 0 rppg synthesize mcd-rppg mcd$threads --subjects 1 --seconds 2 --size 64x64 --quiet --difficulty mcd-like --threads $threads
done
diff -r mcd1 mcd2 || fail "threads change the bytes"

# Codecs, bit rates, quirks.
expect 0 rppg synthesize ubfc-rppg h264 "${small[@]}" --codec h264 --bitrate 200
[[ -s h264/subject1/vid.mp4 ]] || fail "no vid.mp4"
expect 0 rppg inspect ubfc-rppg:h264 --deep
expect 0 rppg synthesize pure pure --subjects 6 --recordings 6 --quirks --dry-run
says stdout "06-01"
grep -q "06-02" stdout && fail "06-02 is there"

# Refused: names, ranges, files that are not there.
refused() {
  local status=$1 text=$2
  shift 2
  expect "$status" rppg synthesize ubfc-rppg none "${small[@]}" "$@"
  one_error
  says stderr "$text"
  [[ ! -e none ]] || fail "$* left a folder"
}
refused 64 "'burst' is not known" --label-noise burst=0.3
refused 64 "bursts must be a number between 0 and 0.4" --label-noise bursts=0.9
refused 64 "dropped must be a number" --timing dropped=x
refused 64 "there is easy, realistic, hard" --difficulty impossible
refused 64 "only mpeg4 and h264 have one" --bitrate 100
refused 66 "no.png" --face no.png
