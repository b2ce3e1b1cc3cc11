#!/usr/bin/env bash
# Label quantisers are trained on labels alone, applied, judged and shown; a killed run goes on to
# the same bytes.
. "$RPPG_SOURCE/tests/cli/case.sh"
mkdir labels
for i in 1 2 3 4 5; do
  mkdir "labels/subject$i"
  awk -v bpm=$((60 + 9 * i)) 'BEGIN {
    for (i = 0; i < 700; ++i) {
      p = 6.2831853 * bpm / 60 * i / 30
      x = x sprintf(" %.7e", sin(p) + 0.4 * sin(2 * p + 1)); h = h sprintf(" %.7e", bpm); t = t sprintf(" %.7e", i / 30)
    }
    print x; print h; print t }' > "labels/subject$i/ground_truth.txt"
done
files=(quantizers.h5 labels.h5 analysis.json log.jsonl ledger.jsonl)
run=(rppg quantize-labels labels/*/ground_truth.txt --bits "1,3" --epochs 6)

expect 0 "${run[@]}" --threads 1 -o one
says stdout "| learned, 3 bits |"
says stdout "held-out subjects"
[[ $(wc -l < one/log.jsonl) == 12 ]] || fail "log.jsonl has not one line per epoch and bit depth"
expect 0 "${run[@]}" --threads 2 --json -o two
cmp stdout two/analysis.json || fail "--json prints something else"
same one two "${files[@]}"
h5dump -d /recordings/subject2/codes/3 -s 0,0 -c 1,8 one/labels.h5 > dump
says dump "DATASPACE"

for after in 0.05 0.3 0.6; do
  rm -rf killed
  kill_after $after "${run[@]}" -o killed
  expect 0 "${run[@]}" --resume -o killed
  same one killed "${files[@]}"
done

# Given quantisers are applied to other labels; none is trained.
expect 0 rppg quantize-labels labels/subject1/ground_truth.txt --quantizers one/quantizers.h5 --bits 3 --no-train -o applied
[[ ! -e applied/quantizers.h5 ]] || fail "given quantisers were written again"
expect 64 rppg quantize-labels labels/subject1/ground_truth.txt --quantizers one/quantizers.h5 --bits 2 -o missing
says stderr "no quantiser of 2 bits"
expect 64 rppg quantize-labels labels/subject1/ground_truth.txt --no-train -o untrained
expect 64 "${run[@]}" --resume --seed 9 -o one
says stderr "--reuse"
expect 0 rppg quantize-labels labels/*/ground_truth.txt --bits 1,2 --epochs 2 --seed 9 --reuse --resume -o one
h5dump -n one/quantizers.h5 > dump
says dump quantizer2

# One bad file of several: said, and the rest done.
printf '1 2 3\n4 5\n' > labels/subject1/ground_truth.txt
expect 10 "${run[@]}" -o partial
one_error
says stderr "labels/subject1/ground_truth.txt"
expect 64 rppg quantize-labels labels.zip -o none
expect 11 rppg quantize-labels labels/subject1/ground_truth.txt -o none

expect 0 rppg report two applied -o report
says report/report.html "Power spectra of labels"
says report/tables.md "learned, 1 bit"

# Labels of synthetic recordings: the clean pulse is known.
expect 0 rppg quantize-labels "pure:$RPPG_TEST_DATA/pure" --bits 2 --epochs 2 -o synthetic
says stdout "pulse lost"
