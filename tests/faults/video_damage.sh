#!/usr/bin/env bash
# V1 bit flips, V2 truncation, V3 header damage, in each container and codec.
. "$(dirname "$0")/lib.sh"

for codec in mjpeg raw ffv1 mpeg4 h264; do
  if [[ $codec == h264 ]]; then
    make_base raw
    ffmpeg -v error -i "$(sound_video)" -c:v libx264 -crf 12 -pix_fmt yuv420p h264.mp4
    mv h264.mp4 "$(sound_video)"
  else
    make_base $codec
  fi
  video=$(sound_video)
  make_reference
  manifest_start
  manifest_add sound-1 "$video"
  manifest_add sound-2 "$video"
  digest=$(sha256sum "$video" | cut -d' ' -f1)
  mkdir -p "damaged-$codec"
  for i in $(seq $((2 * SCALE))); do
    for kind in flip:1 flip:8 flip:64 cut: header:1 header:16; do
      id=$codec-${kind/:/-}-$i
      cp "$video" "damaged-$codec/$id.avi"
      "$DAMAGE" "${kind%:*}" "damaged-$codec/$id.avi" "$i" ${kind#*:}
      manifest_add "$id" "damaged-$codec/$id.avi"
    done
    # With a checksum in the manifest, every flip is found.
    manifest_add "$codec-checksum-$i" "damaged-$codec/$codec-flip-1-$i.avi" "" "" "$digest"
  done
  sed -i 's/,,,\(checksum\)/,/' manifest.csv
  result=0
  evaluate "run-$codec" || result=$?
  batch_is_sound $result "run-$codec"
  for i in $(seq $((2 * SCALE))); do
    for kind in flip-1 flip-8 flip-64 header-1 header-16; do ends "run-$codec" "$codec-$kind-$i"; done
    is "run-$codec" "$codec-checksum-$i" failed checksum
    ends "run-$codec" "$codec-cut--$i"
    # What is cut off may not count as a whole recording: at least half of these videos are lost.
    ! [[ $(stat -c %s "damaged-$codec/$codec-cut--$i.avi") -lt $(($(stat -c %s "$video") / 2)) ]] ||
      is "run-$codec" "$codec-cut--$i" failed
  done
done
finish
