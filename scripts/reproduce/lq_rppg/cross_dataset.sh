#!/usr/bin/env bash
# Cross-dataset table of LQ-rPPG: PURE to UBFC-rPPG and back, beside PhysNet and EfficientPhys.
# Usage: cross_dataset.sh RPPG PURE UBFC FOLDER
#
# 80 % of the subjects of one data set train, the others choose the epoch, all of the other data set
# is the test. The values of the paper's table are not public beyond its abstract; baselines are
# checked against those of Table 2 in RhythmMamba (Zou et al., AAAI 2025), and with RELEASED=FOLDER
# of the published weights (*.pth) those of PURE to UBFC stand in the table, too. More: steps.sh.
set -euo pipefail
here=$(dirname "$0")
rppg=$1 pure=$2 ubfc=$3 out=$4
. "$here/steps.sh"

runs=()
for direction in pure-ubfc ubfc-pure; do
  source=pure:$pure test=ubfc-rppg:$ubfc
  [[ $direction == pure-ubfc ]] || { source=ubfc-rppg:$ubfc test=pure:$pure; }
  train_c2f "$direction/c2f" "$source@0-0.8" "$source@0.8-1"
  evaluate "$direction/c2f" "$test" lq-rppg
  runs+=("$direction/c2f")
  for model in physnet efficientphys; do
    train_baseline $model "$direction/$model" "$source@0-0.8" "$source@0.8-1"
    evaluate "$direction/$model" "$test" toolbox-2023
    runs+=("$direction/$model")
  done
done
if [[ -n ${RELEASED:-} ]]; then
  mkdir -p "$out/pure-ubfc/released/training"
  "$rppg" convert "$RELEASED"/PURE_UBFC_LQC2F_*.pth --model c2f --force -o "$out/pure-ubfc/released/training/weights.h5"
  evaluate pure-ubfc/released ubfc-rppg:"$ubfc" lq-rppg
  runs+=(pure-ubfc/released)
fi
show "$here/published_cross_dataset.json" "${runs[@]}"
