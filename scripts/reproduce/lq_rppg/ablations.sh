#!/usr/bin/env bash
# Ablations of LQ-rPPG, trained on one data set and tested on another.
# Usage: ablations.sh RPPG TRAIN TEST FOLDER, for example TRAIN=pure:/data/PURE TEST=ubfc-rppg:/data/UBFC
#
# ABLATIONS (names below) chooses some, SEEDS="1 2 3" repeats each. More: steps.sh.
set -euo pipefail
here=$(dirname "$0")
rppg=$1 train=$2 test=$3 out=$4
. "$here/steps.sh"

declare -A options=(
  [full]=""
  [raw-labels]="--loss raw --set soft_codes=0"
  [band-passed-labels]="--loss band-passed --set soft_codes=0"
  [no-soft-reconstruction]="--set soft_codes=0"
  [single-level]="--set bits1=0 --set bits2=0 --set bits3=0 --set bits4=0"
  [no-order]="--set bits1=5 --set bits2=5 --set bits3=5 --set bits4=5"
  [fine-to-coarse]="--set bits1=5 --set bits2=4 --set bits4=2 --set bits5=1"
  [1-bit]="--set bits2=1 --set bits3=1 --set bits4=1 --set bits5=1"
  [2-bit]="--set bits1=2 --set bits3=2 --set bits4=2 --set bits5=2"
  [3-bit]="--set bits1=3 --set bits2=3 --set bits4=3 --set bits5=3"
  [4-bit]="--set bits1=4 --set bits2=4 --set bits3=4 --set bits5=4"
)
read -ra names <<<"${ABLATIONS:-full raw-labels band-passed-labels no-soft-reconstruction single-level no-order fine-to-coarse 1-bit 2-bit 3-bit 4-bit}"

runs=()
for name in "${names[@]}"; do
  read -ra own <<<"${options[$name]}"
  for seed in ${SEEDS:-1}; do
    train_c2f "$name/seed$seed" "$train@0-0.8" "$train@0.8-1" "${own[@]}" --seed "$seed"
    evaluate "$name/seed$seed" "$test" lq-rppg
    runs+=("$name/seed$seed")
  done
done
"$rppg" report "${runs[@]/#/$out/}" --repetitions --force -o "$out/report"
cat "$out/report/tables.md"
