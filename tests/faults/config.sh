#!/usr/bin/env bash
# C1 configuration files: unknown, misspelt, doubled and impossible values; binary, huge, missing.
. "$(dirname "$0")/lib.sh"
make_base mjpeg
manifest_start
manifest_add sound-1 "$(sound_video)"
run() { # FILE
  timeout 60 "$RPPG" evaluate manifest:manifest.csv --method green --detector none --config "$1" --force -o run
}
refused() { # NAME TEXT
  status 78 "$1" run "$1"
  check "$1 is not named: $(cat err.txt)" grep -qF "$1" err.txt
  check "$1: $2 is not named: $(cat err.txt)" grep -qF -- "$2" err.txt
  check "$1: more than one line" test "$(grep -c '^rppg: error: ' err.txt)" = 1
}

printf 'thraeds = 2\n' > unknown.toml
printf 'threads = "many"\n' > type.toml
printf 'threads = -1\n' > range.toml
printf 'threads = 1e9\n' > large.toml
printf 'protocol = "none-such"\n' > choice.toml
printf 'min-face-coverage = nan\n' > nan.toml
printf '[evaluate]\nthraeds = 2\n' > section.toml
refused unknown.toml thraeds
for name in type range large nan; do refused $name.toml "$(cut -d' ' -f1 $name.toml)"; done
refused choice.toml protocol
refused section.toml thraeds
for name in nowhere.toml .; do status 78 "config $name" run "$name"; done
head -c 4000 /dev/urandom > binary.toml
status 78 "a binary file" run binary.toml
awk 'BEGIN { for (i = 0; i < 200000; i++) print "key" i " = 1" }' > huge.toml
status 78 "200 000 keys" run huge.toml
: > empty.toml
printf '# nothing\n\n[predict]\nmethod = "pos"\n' > others.toml
printf '\nwindow = 5\n' > window.toml
for name in empty others window; do status 0 "$name.toml" run $name.toml; done
check "the window is not used" grep -q 'window=5' run/metrics.json
finish
