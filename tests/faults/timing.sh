#!/usr/bin/env bash
# V6 frame rates: jitter, dropped frames, gaps, lies in headers. The known heart rate is found within
# 0.5 bpm, or the recording is refused.
. "$(dirname "$0")/lib.sh"

# A 72 bpm (1.2 Hz) green pulse of +-6 levels, drawn by ffmpeg's geq at time T.
clip() { # NAME SECONDS SOURCE_RATE OUTPUT_OPTIONS...
  local name=$1 seconds=$2 rate=$3
  shift 3
  ffmpeg -v error -y -f lavfi -i "nullsrc=s=64x48:r=$rate:d=$seconds,format=gbrp,geq=r='150+mod(7*X+3*Y+N*5,9)':g='120+mod(5*X+11*Y+N*7,9)+6*sin(2*PI*1.2*T)':b='100+mod(3*X+5*Y+N*3,9)'" "$@" "$name"
}
lossless=(-c:v ffv1 -pix_fmt bgr0)
clip plain.mkv 20 30 "${lossless[@]}"
clip film.mkv 20 24000/1001 "${lossless[@]}"
clip ntsc.mkv 20 30000/1001 "${lossless[@]}"
clip fast.mkv 20 60000/1001 "${lossless[@]}"
clip dropped.mkv 20 30 -vf "select='mod(n,30)'" -vsync vfr "${lossless[@]}"
clip jitter.mkv 20 120 -vf "select='not(mod(n,4))*lt(random(1),2)+0',setpts=PTS" -vsync vfr "${lossless[@]}"
clip uneven.mkv 20 120 -vf "select='eq(mod(n,7),0)+eq(mod(n,7),4)'" -vsync vfr "${lossless[@]}"
clip switch.mkv 20 60 -vf "select='lt(t,10)+not(mod(n,2))'" -vsync vfr "${lossless[@]}"
clip late.mkv 20 30 -output_ts_offset 5 "${lossless[@]}"
clip gap.mkv 20 30 -vf "select='lt(t,8)+gt(t,13)'" -vsync vfr "${lossless[@]}"
clip short-gap.mkv 20 30 -vf "select='lt(t,8)+gt(t,8.9)'" -vsync vfr "${lossless[@]}"

for name in plain film ntsc fast dropped jitter uneven switch late short-gap; do
  status "0" "$name" "$RPPG" predict $name.mkv --method green --detector none --json --force -o run
  rate=$(sed -E 's/.*"heart_rate_bpm":([0-9.]+).*/\1/' out.txt)
  check "$name: $rate bpm instead of 72" awk -v r="$rate" 'BEGIN { exit !(r > 71.5 && r < 72.5) }'
done
status "11" "a gap of 5 s" "$RPPG" predict gap.mkv --method green --detector none --force -o run
check "the gap is named" grep -q "gap" err.txt
finish
