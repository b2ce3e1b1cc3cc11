#!/usr/bin/env bash
# Intra-dataset table of LQ-rPPG: within PURE and within UBFC-rPPG.
# Usage: intra_dataset.sh RPPG PURE UBFC FOLDER
#
# Subjects as in the published program: PURE 0-0.6 / 0.6-1, UBFC-rPPG 0-0.72 / 0.72-1. The last of
# the training subjects choose the epoch; RECIPE=paper trains on all of them and lets the test
# subjects choose, as there. The values of the paper's table are not public. More: steps.sh.
set -euo pipefail
here=$(dirname "$0")
rppg=$1 pure=$2 ubfc=$3 out=$4
. "$here/steps.sh"

# within NAME DATASET END_OF_CHOSEN BEGIN_OF_TEST OPTION...
within() {
  local train="$2@0-$3" valid="$2@$3-$4"
  [[ $recipe != paper ]] || { train="$2@0-$4" valid="$2@$4-1"; }
  train_c2f "$1/c2f" "$train" "$valid" "${@:5}"
  evaluate "$1/c2f" "$2@$4-1" lq-rppg
}
within pure "pure:$pure" 0.5 0.6 --learning-rate 6e-5
within ubfc "ubfc-rppg:$ubfc" 0.6 0.72
show "" pure/c2f ubfc/c2f
