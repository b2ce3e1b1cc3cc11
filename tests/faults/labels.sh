#!/usr/bin/env bash
# L1 malformed labels, L2 labels that cannot be right.
. "$(dirname "$0")/lib.sh"
make_base mjpeg
make_reference
video=$(sound_video)
truth=base/subject1/ground_truth.txt
n=$(head -1 $truth | wc -w)
row() { sed -n "$1p" $truth; }
series() { awk -v n="$n" "BEGIN { for (i = 0; i < n; i++) printf \"%s \", $1; print \"\" }"; }

mkdir -p bad
: > bad/empty.txt
row 1 > bad/one-line.txt
{ row 1; row 2; } > bad/two-lines.txt
{ row 1; row 2; row 3; row 1; } > bad/four-lines.txt
{ row 1 | cut -d' ' -f1-50; row 2; row 3; } > bad/unequal.txt
tr ' ' ',' < $truth > bad/commas.txt
sed '1s/[0-9.e+-]\+/nan/20' $truth > bad/nan.txt
sed '1s/[0-9.e+-]\+/inf/20' $truth > bad/inf.txt
sed '1s/[0-9.e+-]\+/1e999/20' $truth > bad/overflow.txt
sed '1s/[0-9.e+-]\+/text/20' $truth > bad/word.txt
sed '3s/[0-9.e+-]\+/-/9' $truth > bad/dash.txt
{ head -c 200 $truth; printf '\0'; tail -c +201 $truth; } > bad/nul.txt
head -c 3000 /dev/urandom > bad/binary.txt
{ series 5; row 2; row 3; } > bad/constant.txt
{ series 0; row 2; row 3; } > bad/zero.txt
{ row 1; row 2; series 1; } > bad/no-time.txt
{ row 1; row 2; series 'i * 10'; } > bad/slow.txt
{ row 1; row 2; series '(n - i) / 30'; } > bad/backwards.txt
{ row 1 | cut -d' ' -f1-20; row 2 | cut -d' ' -f1-20; row 3 | cut -d' ' -f1-20; } > bad/short.txt
{ awk '{ printf "%s %s\n", $0, $0 }' $truth; } > bad/long.txt
good=(bom crlf tabs blank-end)
{ printf '\xef\xbb\xbf'; cat $truth; } > bad/bom.txt
sed 's/$/\r/' $truth > bad/crlf.txt
tr ' ' '\t' < $truth > bad/tabs.txt
{ cat $truth; echo; echo; } > bad/blank-end.txt

manifest_start
manifest_add sound-1 "$video"
manifest_add sound-2 "$video"
for file in bad/*.txt; do manifest_add "$(basename "$file" .txt)" "$video" "$file"; done
manifest_add missing-labels "$video" nowhere.txt

# PURE: the same kinds of damage in JSON.
mkdir -p json
echo '{' > json/open.json
echo '[]' > json/array.json
echo '{"/FullPackage": []}' > json/no-image.json
echo '{"/FullPackage": [], "/Image": []}' > json/no-samples.json
echo '{"/FullPackage": [{"Timestamp": "x", "Value": {"waveform": 1}}], "/Image": [{"Timestamp": 1}]}' > json/text-stamp.json
echo '{"/FullPackage": [{"Timestamp": 1, "Value": {"waveform": null}}], "/Image": [{"Timestamp": 1}]}' > json/null.json
echo '{"/FullPackage": [{"Timestamp": 1}], "/Image": [{"Timestamp": 1}]}' > json/no-value.json
echo '{"/Image": [], "/Image": []}' > json/duplicate.json
awk 'BEGIN { for (i = 0; i < 100000; i++) printf "["; print "" }' > json/deep.json
head -c 2000 /dev/urandom > json/binary.json
for file in json/*.json; do manifest_add "pure-$(basename "$file" .json)" "$video" "$file" pure; done

# Other formats
printf 'time,ppg\n0,1\n1,x\n' > bad.csv
printf 'seconds,ppg\n0,1\n' > columns.csv
printf '1,60,98\n' > few.xmp
for entry in csv-word:bad.csv:csv csv-columns:columns.csv:csv xmp-few:few.xmp:ubfc-rppg-1; do
  IFS=: read -r id file format <<< "$entry"
  manifest_add "$id" "$video" "$file" "$format"
done

result=0
evaluate run || result=$?
batch_is_sound $result run
for file in bad/*.txt; do
  id=$(basename "$file" .txt)
  if [[ " ${good[*]} " == *" $id "* ]]; then is run "$id" ok; else is run "$id" failed; fi
done
for id in nan inf overflow word nul; do is run $id failed "bad/$id.txt: line 1"; done
for id in missing-labels csv-word csv-columns xmp-few; do is run "$id" failed; done
for file in json/*.json; do is run "pure-$(basename "$file" .json)" failed "$file"; done
check "a metric is NaN" bash -c '! grep -qiE ": -?(nan|inf)" run/metrics.json'
for locale in C C.UTF-8; do
  LC_ALL=$locale evaluate "locale-$locale" || true
  check "locale $locale changes the results" cmp -s run/results.h5 "locale-$locale/results.h5"
done
finish
