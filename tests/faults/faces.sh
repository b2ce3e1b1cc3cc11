#!/usr/bin/env bash
# N1 no face, a face that comes late or leaves, a photo, noise, darkness: a clear status each.
. "$(dirname "$0")/lib.sh"
"$RPPG" synthesize ubfc-rppg base --subjects 1 --seconds 12 --size 320x240 --codec mjpeg --quiet
video=$(sound_video)
run() { # STATUS NAME [OPTIONS]
  local wanted=$1 name=$2
  shift 2
  status "$wanted" "$name $*" "$RPPG" predict "$name" --json --force -o run "$@"
}
says() { check "$1: $(cat out.txt)" grep -q "$2" out.txt; }

run 0 "$video"
says "a pulse" '"status":"ok"'
lossy=(-c:v mjpeg -q:v 3)
ffmpeg -v error -f lavfi -i "color=black:s=320x240:r=30:d=10" "${lossy[@]}" black.avi
ffmpeg -v error -f lavfi -i "color=white:s=320x240:r=30:d=10" "${lossy[@]}" white.avi
ffmpeg -v error -f lavfi -i "nullsrc=s=320x240:r=30:d=10,geq=random(1)*255:128:128" "${lossy[@]}" noise.avi
for name in black white noise; do
  run 11 $name.avi
  says $name 'no face'
done
for name in white noise; do
  run 0 $name.avi --on-no-face fullframe
  says "$name as whole frame" 'no_pulse'
done
run 11 black.avi --on-no-face fullframe
says "black as whole frame" 'is black'
ffmpeg -v error -i "$video" -vf "loop=-1:1:0,setpts=N/30/TB,noise=alls=6:allf=t" -frames:v 360 -r 30 "${lossy[@]}" photo.avi
run 0 photo.avi
says "a photo" 'no_pulse'
ffmpeg -v error -i "$video" -vf "drawbox=c=gray:t=fill:enable='lt(t,2)'" "${lossy[@]}" late.avi
run 0 late.avi
ffmpeg -v error -i "$video" -vf "drawbox=c=gray:t=fill:enable='between(t,4,9)'" "${lossy[@]}" leaves.avi
run "0 11" leaves.avi
says "the face leaves for 5 s" '"status"'
ffmpeg -v error -i "$video" -i "$video" -filter_complex hstack "${lossy[@]}" two.avi
run 0 two.avi
ffmpeg -v error -i "$video" -vf "scale=80:60,pad=640:480:300:200:gray" "${lossy[@]}" tiny.avi
run "0 11" tiny.avi
says "a tiny face" '"status"'
run 11 leaves.avi --min-face-coverage 1 --on-no-face skip
says "skip" '"skipped"'
finish
