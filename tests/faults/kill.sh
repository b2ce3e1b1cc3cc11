#!/usr/bin/env bash
# K2 kill -9, K3 stop requests: what was finished is kept, and a resumed run ends in the same bytes.
. "$(dirname "$0")/lib.sh"
make_base mjpeg
manifest_start
for i in $(seq 12); do manifest_add "r$i" "$(sound_video)"; done
evaluate whole --threads 1
run() { exec "$RPPG" evaluate manifest:manifest.csv --method green --detector none --threads 1 -o "$@" > /dev/null 2>&1; }

start=$(date +%s%N)
(run timed)
length_ms=$((($(date +%s%N) - start) / 1000000))
for i in $(seq $((10 * SCALE))); do
  after=$(awk -v ms=$length_ms -v i="$i" -v n=$((10 * SCALE)) 'BEGIN { printf "%.3f", ms / 1000 * (i - 0.5) / n }')
  signal=$([[ $((i % 3)) == 0 ]] && echo TERM || echo KILL)
  rm -rf killed
  run killed & pid=$!
  sleep "$after"
  kill -$signal $pid 2> /dev/null || true
  got=0
  wait $pid 2> /dev/null || got=$?
  [[ $signal == KILL ]] || check "SIGTERM after $after s: exit status $got" test $got = 75 -o $got = 0
  for file in killed/recordings/*.h5; do
    cmp -s "$file" "whole/recordings/$(basename "$file")" || wrong "$file was damaged by SIG$signal after $after s"
  done
  status 0 "resumed after $after s" "$RPPG" evaluate manifest:manifest.csv --method green --detector none --resume -o killed
  check "other results after SIG$signal at $after s" cmp -s killed/results.h5 whole/results.h5
  check "other metrics after SIG$signal at $after s" cmp -s killed/metrics.json whole/metrics.json
done
finish
