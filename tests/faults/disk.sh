#!/usr/bin/env bash
# D1 full disk, D4 outputs that cannot be created, D5 closed streams.
. "$(dirname "$0")/lib.sh"
make_base mjpeg
make_reference
video=$(sound_video)
manifest_start
manifest_add sound-1 "$video"
manifest_add sound-2 "$video"

run() { "$RPPG" evaluate manifest:manifest.csv --method green --detector none "$@"; }
# On a small tmpfs where root may mount one, else by a limit on the size of files.
mkdir -p small
if mount -t tmpfs -o size=64k tmpfs small 2> /dev/null; then
  for size in $(seq 4 $((16 / SCALE > 1 ? 8 : 4)) 60); do
    mount -o "remount,size=${size}k" small
    rm -rf small/out
    status "0 73 74" "a disk of $size KiB" run --force -o small/out
    check "$size KiB: partial files" test -z "$(find small -name '.*.tmp.*' 2> /dev/null)"
    for file in small/out/recordings/*.h5; do check "$file cannot be read" h5dump -H "$file" > /dev/null; done
  done
  umount small
fi
for blocks in 1 2 4 8 16 32; do
  rm -rf limited
  status "0 73 74" "files up to $blocks KiB" bash -c "ulimit -f $blocks; exec '$RPPG' evaluate manifest:manifest.csv --method green --detector none -o limited"
  check "$blocks KiB: partial files" test -z "$(find limited -name '.*.tmp.*' 2> /dev/null)"
  status "0" "resumed after $blocks KiB" run --resume -o limited
  check "$blocks KiB: other results" cmp -s limited/results.h5 reference/results.h5
done

echo kept > file
status 73 "the output is a file" run -o file
status 73 "the parent is a file" run -o file/below
check "a file was overwritten" grep -q kept file
ln -s nowhere/at/all dangling
status "0 73" "the output is a dangling link" run -o dangling
mkdir -p proc
status 73 "no files can be made there" run -o /proc/rppg
run --force -o exists > /dev/null 2>&1
before=$(sha256sum exists/results.h5)
status 73 "a run is there" run -o exists
check "a refused run changed the old one" test "$before" = "$(sha256sum exists/results.h5)"
(umask 077; run --force -o private > /dev/null 2>&1)
check "umask ignored" test "$(stat -c %a private/results.h5)" = 600

status 74 "stdout is full" bash -c "exec '$RPPG' evaluate manifest:manifest.csv --method green --detector none --force -o streams > /dev/full"
check "results lost with stdout" cmp -s streams/results.h5 reference/results.h5
for closed in '<&-' '>&-' '2>&-' '<&- >&- 2>&-'; do
  status "0 74" "closed: $closed" bash -c "exec '$RPPG' evaluate manifest:manifest.csv --method green --detector none --force -o streams $closed"
  check "closed $closed: other results" cmp -s streams/results.h5 reference/results.h5
done
finish
