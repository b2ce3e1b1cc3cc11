#!/usr/bin/env bash
# V7 odd sizes, pixel formats, rotation, size changes, frames above the limit.
. "$(dirname "$0")/lib.sh"

clip() { # NAME SIZE OPTIONS...
  local name=$1 size=$2
  shift 2
  ffmpeg -v error -y -f lavfi -i "nullsrc=s=$size:r=30:d=8,format=gbrp,geq=r='150+mod(7*X+N*5,9)':g='120+mod(5*X+11*Y+N*7,9)+6*sin(2*PI*1.2*T)':b='100+mod(3*X+N*3,9)'" "$@" "$name"
}
run() { # STATUS NAME
  status "$1" "$2" "$RPPG" predict "$2" --method green --detector none --json --force -o run
}
is_72() {
  local rate
  rate=$(sed -E 's/.*"heart_rate_bpm":([0-9.]+).*/\1/' out.txt)
  check "$1: $rate bpm instead of 72" awk -v r="$rate" 'BEGIN { exit !(r > 71 && r < 73) }'
}
for size in 16x16 17x31 33x47 98x50; do
  clip $size.mkv $size -c:v ffv1 -pix_fmt bgr0
  run 0 $size.mkv
  is_72 $size
done
for format in yuv420p yuv422p yuv444p yuv420p10le gray yuvj420p yuva420p; do
  clip $format.mkv 64x48 -c:v ffv1 -pix_fmt $format
  run 0 $format.mkv
  is_72 $format
done
clip 1x1.mkv 1x1 -c:v ffv1 -pix_fmt bgr0
run "0 11" 1x1.mkv
for angle in 90 180 270; do
  clip base.mp4 64x48 -c:v libx264 -qp 10 -pix_fmt yuv420p
  ffmpeg -v error -y -display_rotation $angle -i base.mp4 -c copy rotated.mp4 2> /dev/null ||
    ffmpeg -v error -y -i base.mp4 -c copy -metadata:s:v:0 rotate=$angle rotated.mp4
  run 0 rotated.mp4
  is_72 "rotated $angle"
done
# The size changes in the middle: two streams of raw H.264 one after the other.
clip a.h264 64x48 -c:v libx264 -qp 10
clip b.h264 96x64 -c:v libx264 -qp 10
cat a.h264 b.h264 > changed.h264
ffmpeg -v error -y -fflags +genpts -r 30 -f h264 -i changed.h264 -c copy changed.mp4
run "0 11" changed.mp4
# A frame above the limit is refused before memory is taken for it.
printf '\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\x01\x86\xa0\0\x01\x86\xa0\x08\x02\0\0\0' > huge.png
mkdir -p huge && cp huge.png huge/Image1.png
status "11" "100000 x 100000 pixels" bash -c "ulimit -v 2000000; '$RPPG' predict huge --detector none --force -o run"
finish
