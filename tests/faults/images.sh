#!/usr/bin/env bash
# V8 image sequences in the layout of PURE: frames that are missing, damaged, empty or doubled, labels
# that do not belong to them. V1 and V2 of single images.
. "$(dirname "$0")/lib.sh"
"$RPPG" synthesize pure sound --subjects 1 --seconds 8 --size 96x72 --quiet
copy() { # NAME: a data set of its own, one recording 01-01
  rm -rf "$1"
  cp -r sound "$1"
  mapfile -t frames < <(printf '%s\n' "$1"/01-01/01-01/*.png | sort)
}
run() { # WANTED NAME [OPTIONS]
  local wanted=$1 name=$2
  shift 2
  status "$wanted" "$name $*" "$RPPG" evaluate "pure:$name" --method green --detector none --force -o "run-$name" "$@"
}

run 0 sound
copy one; rm "${frames[100]}"
run 0 one
copy some; for i in 20 60 100 140 180; do rm "${frames[i]}"; done
run 0 some
copy half; for i in $(seq 0 2 238); do rm "${frames[i]}"; done
run 11 half
check "the number of images is not given: $(cat err.txt)" grep -qE '[0-9]+' err.txt
copy gap; rm "${frames[@]:100:90}"
run 11 gap
copy none; rm "${frames[@]}"
run "11 65" none
copy empty; : > "${frames[50]}"
run 0 empty
copy empties; for i in $(seq 0 10 230); do : > "${frames[i]}"; done
run 11 empties
run 0 empties --allow-damaged
copy cut; for i in $(seq 0 10 230); do truncate -s 2000 "${frames[i]}"; done
run 11 cut
copy flipped; for i in $(seq 0 10 230); do "$DAMAGE" flip "${frames[i]}" "$i" 64; done
run 11 flipped
copy text; for file in "${frames[@]}"; do echo text > "$file"; done
run 11 text
copy sizes; ffmpeg -v error -y -f lavfi -i color=red:s=64x64 -frames:v 1 "${frames[80]}"
run 11 sizes
copy unreadable; ln -sf /dev/zero "${frames[30]}"
run "0 11" unreadable
copy no-labels; rm no-labels/01-01/01-01.json
run "11 65" no-labels
copy foreign; "$RPPG" synthesize pure other --subjects 1 --seconds 20 --size 96x72 --seed 9 --quiet
cp other/01-01/01-01.json foreign/01-01/
run 11 foreign
copy stray; echo note > stray/01-01/01-01/Thumbs.db
mkdir stray/notes stray/.hidden
run 0 stray
finish
