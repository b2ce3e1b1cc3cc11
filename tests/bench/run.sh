#!/usr/bin/env bash
# Speed of `rppg predict` on 1080p H.264 against a pure decode by ffmpeg with as many threads, both
# measured in turn in this run, and its peak memory for a short and a long file.
# Usage: run.sh BUILD_FOLDER [VIDEO.mp4]
#   VIDEO.mp4: measured instead of the synthetic one; repeated three times for the long file.
# Exit 1 when a ratio is below 0.85 or the peak memory is above 256 MiB.
set -euo pipefail
rppg=$(realpath "$1")/cli/rppg
least_ratio=0.85
most_kib=$((256 * 1024))
repeats=5

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
result=0

make_video() { # FILE: 20 s, a synthetic head, enlarged to 1080p, with the noise and bit rate of a webcam
  "$rppg" synthesize ubfc-rppg "$work/data" --subjects 1 --seconds 20 --size 480x270 --codec mjpeg --quiet
  ffmpeg -v error -i "$(find "$work/data" -name '*.avi')" \
    -vf scale=1920:1080,noise=alls=8:allf=t,format=yuv420p \
    -c:v libx264 -preset veryfast -b:v 8M "$1"
}

measure() { # COMMAND...: prints seconds and peak KiB
  local start=$EPOCHREALTIME stop
  "$@" > "$work/out" 2> "$work/err" &
  local pid=$! peak=0 now
  while now=$(awk '/^VmHWM/ { print $2 }' "/proc/$pid/status" 2> /dev/null) && [[ -n $now ]]; do
    peak=$now
    sleep 0.02
  done
  wait "$pid" || { cat "$work/err" >&2; return 1; }
  stop=$EPOCHREALTIME
  awk -v start="$start" -v stop="$stop" -v peak="$peak" 'BEGIN { print stop - start, peak }'
}

predict() { # VIDEO THREADS
  rm -rf "$work/predicted"
  measure "$rppg" predict "$1" --method pos --detector haar --threads "$2" --on-no-face hold \
    -o "$work/predicted" "${@:3}"
}

decode() { # VIDEO THREADS
  measure ffmpeg -nostdin -v error -threads "$2" -i "$1" -f null -
}

compare_speed() { # VIDEO THREADS: the fastest of several runs in turn
  local times="$work/times"
  : > "$times"
  for ((i = 0; i < repeats; ++i)); do
    printf 'decode %s\npredict %s\n' "$(decode "$1" "$2")" "$(predict "$1" "$2")" >> "$times"
  done
  awk -v threads="$2" -v least="$least_ratio" '
    !($1 in best) || $2 < best[$1] { best[$1] = $2 }
    END {
      ratio = best["decode"] / best["predict"]
      printf "threads %d: ffmpeg %.2f s, rppg %.2f s, speed ratio %.3f (at least %s)\n", threads,
             best["decode"], best["predict"], ratio, least
      exit ratio < least
    }' "$times" || result=1
}

check_memory() { # VIDEO NAME PROTOCOL
  local kib
  kib=$(predict "$1" 2 --protocol "$3" | cut -d' ' -f2)
  printf '%s, protocol %s: peak memory %d MiB (at most %d)\n' "$2" "$3" $((kib / 1024)) $((most_kib / 1024))
  ((kib <= most_kib)) || result=1
}

short=$work/short.mp4 long=$work/long.mp4
if [[ $# -gt 1 ]]; then cp "$2" "$short"; else make_video "$short"; fi
ffmpeg -v error -stream_loop 2 -i "$short" -c copy "$long"
for threads in 1 2; do compare_speed "$short" "$threads"; done
for protocol in default toolbox; do
  check_memory "$short" "short file" $protocol
  check_memory "$long" "three times as long" $protocol
done
exit $result
