#!/usr/bin/env bash
# Both stages of LQ-rPPG in one command or apart, its ablations, and a killed run that goes on to
# the same bytes.
. "$RPPG_SOURCE/tests/cli/case.sh"
pure=pure:$RPPG_TEST_DATA/pure
data=("$pure@0-0.67" --valid "$pure@0.67-1")
tiny=(--set frame_size=8 --set clip_frames=80 --set bits2=0 --set bits3=0 --set bits4=0 --set bits5=2)
train=(rppg train "${data[@]}" --model c2f "${tiny[@]}" --objective lq --epochs 1 --cache cache)
files=(weights.h5 checkpoint.h5 log.jsonl metrics.json ledger.jsonl)

expect 0 "${train[@]}" --threads 1 -o whole
says stdout "weights       whole/weights.h5"
expect 0 rppg report whole/quantizers -o report
says report/tables.md "learned, 2 bits"

# The quantisers are those of quantize-labels, and training with them apart gives the same network.
expect 0 rppg quantize-labels "${data[@]}" --bits 1,2 --clip-samples 80 -o stage1
same stage1 whole/quantizers quantizers.h5 labels.h5 analysis.json log.jsonl
expect 0 "${train[@]}" --quantizers stage1/quantizers.h5 --threads 2 -o apart
same whole apart "${files[@]}"

# Killed in the first stage and in the second.
for after in 0.4 1.5; do
  rm -rf killed
  kill_after $after "${train[@]}" -o killed
  expect 0 "${train[@]}" --resume -o killed
  same whole killed "${files[@]}"
  same whole/quantizers killed/quantizers quantizers.h5 labels.h5 log.jsonl
done

# Levels without a head are not there; labels need not be quantised.
h5dump -n whole/weights.h5 > dump
says dump "quantizer5.quantizer.embeddings.weight"
! grep -q "quantizer2" dump || fail "a level without a head has a quantiser"
expect 0 rppg evaluate "$pure" --model whole/weights.h5 --cache cache -o whole-test
expect 0 "${train[@]}" --loss raw --set soft_codes=0 -o raw
[[ ! -e raw/quantizers ]] || fail "quantisers were learned for nothing"
expect 0 "${train[@]}" --recipe paper --augmentation whole-batch -o paper
says paper/quantizers/run.json '"c2f"'

expect 64 "${train[@]}" --loss raw -o refused
says stderr "--set soft_codes=0"
expect 64 rppg train "${data[@]}" --model efficientphys --set frame_size=12 --set clip_frames=40 --objective lq -o refused
says stderr "model c2f only"
expect 64 rppg train "${data[@]}" --model efficientphys --augmentation per-clip -o refused
says stderr "networks that give differences"
expect 65 "${train[@]}" --set clip_frames=64 --quantizers stage1/quantizers.h5 -o refused
says stderr "stage1/quantizers.h5"
