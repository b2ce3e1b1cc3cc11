#!/usr/bin/env bash
# M1 manifests, C1 configurations.
. "$(dirname "$0")/lib.sh"
make_base mjpeg
video=$(sound_video)
try() { # STATUS TEXT: manifest on stdin
  cat > manifest.csv
  status "$1" "$2" "$RPPG" evaluate manifest:manifest.csv --method green --detector none --force -o run
}
truth=base/subject1/ground_truth.txt
header="id,video,labels,labels_format"
good="a,$video,$truth,ubfc-rppg"
printf '%s\n%s\n' "$header" "$good" | try 0 "a good manifest"
printf '%s\r\n%s\r\n' "$header" "$good" | try 0 "CRLF"
printf '\xef\xbb\xbf%s\n%s\n' "$header" "$good" | try 0 "byte order mark"
printf '%s\n%s\n' "$header,x_note" "$good,\"two
lines, quoted\"" | try 0 "a quoted newline"
printf '%s\n%s\n' "${header//,/	}" "${good//,/	}" | try 0 "tabs"
printf '' | try 65 "an empty manifest"
printf '%s\n' "$header" | try "11 65" "a header without rows"
printf 'id,labels\na,b\n' | try 65 "no video column"
printf '%s\n%s\n%s\n' "$header" "$good" "$good" | try 65 "an id twice"
printf '%s\n%s\n' "$header" "../../x,$video,$truth,ubfc-rppg" | try 65 "an id that is a path"
printf '%s\n%s\n' "$header" "-rf,$video,$truth,ubfc-rppg" | try "0 65" "an id with a dash in front"
printf '%s\n%s\n' "$header" ",$video,$truth,ubfc-rppg" | try 65 "an empty id"
printf '%s\n%s\n' "$header" "a,$video" | try 65 "too few cells"
printf '%s\n%s\n' "$header" "$good,more" | try 65 "too many cells"
printf '%s\n%s\n' "$header" "a,\"$video" | try 65 "an open quote"
printf '%s\n%s\n' "$header,fsp" "$good,30" | try 65 "an unknown column"
check "the nearest column is offered" grep -q fps err.txt
printf '%s\n%s\n' "$header,fps" "$good,fast" | try 65 "a word for a number"
printf '%s\n%s\n' "$header" "a,$video,$truth,unknown" | try "10 11 65" "an unknown label format"
printf '%s\n%s\n' "$header,video" "$good,x" | try 65 "a column twice"
{ printf '%s\n' "$header"; printf 'a\0b,%s,%s,ubfc-rppg\n' "$video" "$truth"; } | try 65 "a NUL byte"
{ printf '%s\n' "$header"; printf '\xff\xfe,%s,%s,ubfc-rppg\n' "$video" "$truth"; } | try 65 "no UTF-8"
# Hostile names stay names, and nothing is written outside the output folder.
cp "$video" "$(printf 'we ird;$(touch pwned)\nname.avi')"
printf '%s\n%s\n' "$header" "a,\"we ird;\$(touch pwned)
name.avi\",$truth,ubfc-rppg" | try 0 "a name with newline and shell characters"
check "a file name was executed" test ! -e pwned
awk -v h="$header" 'BEGIN { print h; for (i = 0; i < 100000; i++) print "r" i ",none.avi,none.txt,ubfc-rppg" }' > big.csv
status "0 65" "100000 rows, dry run" "$RPPG" evaluate manifest:big.csv --method green --dry-run

printf '%s\n%s\n' "$header" "$good" > manifest.csv
config() { # STATUS TEXT: configuration on stdin
  cat > config.toml
  status "$1" "$2" "$RPPG" evaluate manifest:manifest.csv --method green --detector none --config config.toml --force -o run
}
echo 'protocol = "toolbox"' | config 0 "a good configuration"
echo 'protocoll = "toolbox"' | config 78 "an unknown key"
echo 'window = "long"' | config 78 "a word for a number"
echo 'window = -5' | config 78 "a number out of range"
echo 'protocol = "none"' | config 78 "an unknown value"
head -c 2000 /dev/urandom | config 78 "a binary configuration"
status 78 "a missing configuration" "$RPPG" evaluate manifest:manifest.csv --method green --config none.toml --force -o run
finish
