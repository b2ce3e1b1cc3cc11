#!/usr/bin/env bash
# Training ends in the same bytes however it came there; its weights can be evaluated.
. "$RPPG_SOURCE/tests/cli/case.sh"
pure=pure:$RPPG_TEST_DATA/pure
files=(weights.h5 checkpoint.h5 log.jsonl metrics.json ledger.jsonl)
tiny=(--model efficientphys --set frame_size=12 --set clip_frames=40 --cache cache)
data=("$pure@0-0.67" --valid "$pure@0.67-1")
train=(rppg train "${data[@]}" "${tiny[@]}" --epochs 2 --batch-size 2)

expect 0 "${train[@]}" --threads 1 -o one
says stdout "MAE"
[[ $(wc -l < one/log.jsonl) == 2 ]] || fail "log.jsonl has not one line per epoch"
[[ $(wc -l < one/ledger.jsonl) == 3 ]] || fail "ledger.jsonl has not one line per recording"
! grep -q seconds one/log.jsonl || fail "log.jsonl holds timings"
expect 0 "${train[@]}" --threads 2 -o two
same one two "${files[@]}"
expect 0 "${train[@]}" --threads 2 --seed 2 -o seed
! cmp -s one/weights.h5 seed/weights.h5 || fail "the seed changes nothing"

# What validation said of the best epoch is what evaluate says of its weights.
expect 0 rppg evaluate "$pure@0.67-1" --model one/weights.h5 --threads 1 -o scored
cmp one/metrics.json scored/metrics.json || fail "validation and evaluation differ"
expect 0 rppg evaluate "$pure@0.67-1" --model one/weights.h5 --threads 2 --protocol toolbox -o toolbox
h5dump -a /03-01/provenance/method scored/results.h5 > dump
says dump efficientphys
expect 0 rppg evaluate "$pure@0.67-1" --model one/weights.h5 --resume -o scored
grep -q '"cached"' scored/ledger.jsonl || fail "a result of the same weights was made again"
expect 0 rppg evaluate "$pure@0.67-1" --model seed/weights.h5 --resume -o scored
! grep -q '"cached"' scored/ledger.jsonl || fail "a result of other weights was reused"
expect 0 rppg predict "$pure@0.67-1" --model one/weights.h5 --json -o predicted
says stdout '"id":"03-01"'

# Killed at several moments, resumed: the same bytes.
for after in 0.1 0.4 0.8 1.2 1.8; do
  rm -rf killed
  kill_after $after "${train[@]}" --threads 2 --checkpoint-minutes 0.001 -o killed
  expect 0 "${train[@]}" --threads 2 --resume -o killed
  same one killed "${files[@]}"
  [[ -z $(find killed -name '.*.tmp.*') ]] || fail "temporaries are left"
done

# Stop requests: 75 within 10 s, and the same bytes after --resume.
for signal in TERM INT USR1; do
  rm -rf stopped
  rppg train "${data[@]}" "${tiny[@]}" --epochs 500 --threads 1 -o stopped > /dev/null 2>&1 &
  pid=$!
  until [[ -s stopped/log.jsonl ]]; do
    kill -0 $pid || fail "training ended before its first epoch"
    sleep 0.05
  done
  start=$(date +%s)
  kill -$signal $pid
  status=0
  wait $pid || status=$?
  [[ $status == 75 ]] || fail "exit status $status after SIG$signal"
  (($(date +%s) - start < 10)) || fail "SIG$signal took more than 10 s"
  says stopped/run.json '"interrupted"'
done
rm -rf stopped
"${train[@]}" --threads 1 -o stopped > /dev/null 2>&1 &
pid=$!
until [[ -s stopped/log.jsonl ]] || ! kill -0 $pid 2> /dev/null; do sleep 0.01; done
kill -TERM $pid 2> /dev/null || true  # it may have ended
status=0
wait $pid || status=$?
[[ $status == 75 || $status == 0 ]] || fail "exit status $status after SIGTERM"
expect 0 "${train[@]}" --threads 1 --resume -o stopped
same one stopped "${files[@]}"

# What contradicts itself is refused before anything is written.
expect 73 "${train[@]}" -o one
expect 64 rppg train "${data[@]}" "${tiny[@]}" --epochs 2 --batch-size 3 --resume -o one
says stderr "batch_size was '2' and is '3'"
expect 65 rppg train "$pure" --valid "$pure@0.67-1" "${tiny[@]}" -o shared
says stderr "both splits"
expect 64 rppg train "$pure@0-0.67" "${tiny[@]}" --set frame_siz=12 -o typo
expect 64 rppg train "$pure@0-0.67" "${tiny[@]}" --loss none-such -o typo
expect 65 rppg evaluate "$pure" --model one/log.jsonl -o typo
expect 66 rppg evaluate "$pure" --model nowhere.h5 -o typo
expect 64 rppg evaluate "$pure" --method pos --model one/weights.h5 -o typo
[[ ! -e shared && ! -e typo ]] || fail "a refused run wrote something"
expect 0 "${train[@]}" --dry-run -o dry
[[ ! -e dry ]] || fail "a dry run wrote something"

# Recordings that cannot be used are in the ledger; without any there is no training.
cp -r "$RPPG_TEST_DATA/pure" broken
: > broken/01-01/01-01.json
expect 10 rppg train "pure:broken@0-0.67" "${tiny[@]}" --epochs 1 -o some
grep -q '"failed"' some/ledger.jsonl || fail "a failed recording is not in the ledger"
[[ -s some/weights.h5 ]] || fail "no weights"
[[ ! -e some/metrics.json ]] || fail "metrics without validation data"
expect 11 rppg train "pure:broken@0-0.34" "${tiny[@]}" -o none
expect 0 rppg train "$pure@0-0.34" --model efficientphys --init one/weights.h5 --epochs 1 --cache cache -o tuned
