#!/usr/bin/env bash
# V4 files that are no video, V5 disguised playlists and special files, V8 missing files.
. "$(dirname "$0")/lib.sh"
make_base mjpeg
make_reference
video=$(sound_video)

: > empty.avi
printf x > one.avi
echo "just text" > text.avi
ffmpeg -v error -f lavfi -i "color=red:s=64x48" -frames:v 1 -c:v mjpeg -f image2 picture.jpg && mv picture.jpg picture.avi
ffmpeg -v error -f lavfi -i "sine=440:d=2" -c:a pcm_s16le sound.avi
ffmpeg -v error -f lavfi -i "color=red:s=64x48:r=30" -frames:v 1 -c:v mjpeg oneframe.avi
ffmpeg -v error -f lavfi -i "color=red:s=64x48:r=30" -frames:v 20 -c:v mjpeg short.avi
printf 'ffconcat version 1.0\nfile %s\n' "$video" > concat.avi
printf '#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:8,\n%s\n#EXT-X-ENDLIST\n' "$video" > hls.avi
printf 'v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=video 5004 RTP/AVP 96\n' > sdp.avi
mkfifo fifo.avi
mkdir folder.avi
ln -s /dev/zero zero.avi
ln -s loop.avi loop.avi
printf '%s' "$(head -c 4096 "$video" | tr -d '\0')" > garbage.avi

names=(empty one text picture sound oneframe short concat hls sdp fifo folder zero loop garbage missing)
manifest_start
manifest_add sound-1 "$video"
manifest_add sound-2 "$video"
for name in "${names[@]}"; do manifest_add "$name" "$name.avi"; done
result=0
strace -f -e trace=openat -o opened.txt "$RPPG" evaluate manifest:manifest.csv --method green --detector none \
  --timeout 30 --force --threads 1 -o run > run.out 2> run.err || result=$?
batch_is_sound $result run
for name in "${names[@]}"; do is run "$name" failed "$name.avi"; done
# A playlist must not have opened the video it names: two sound recordings open it, nobody else
# (once to fingerprint it and once to decode it).
check "a playlist opened another file" test "$(grep -c "subject1/vid.avi" opened.txt)" -le 4
check "network or device was used" bash -c '! grep -qE "socket|/dev/zero.*= [0-9]" opened.txt'

for path in http://127.0.0.1:1/x.avi concat:$video 'nowhere/%03d.png' "file:$video" ''; do
  status "10 11 64 66" "predict $path" "$RPPG" predict "$path" --detector none --force -o path
done
status "11" "predict on a FIFO" "$RPPG" predict fifo.avi --force -o path
finish
