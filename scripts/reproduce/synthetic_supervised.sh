#!/usr/bin/env bash
# EfficientPhys and PhysNet, trained with labels, beside POS and CHROM on synthetic recordings that
# POS sometimes fails on; subjects of training, validation and test are different people.
# Usage: synthetic_supervised.sh RPPG FOLDER
#
# Ends with status 1 unless both networks have the lower test MAE. Goes on where it was stopped.
# Smaller or larger: SUBJECTS, SECONDS_EACH, EPOCHS, FRAME_SIZE. Figures of one run: docs/methods.md.
set -euo pipefail
rppg=$1
out=$2
subjects=${SUBJECTS:-40}
data=ubfc-rppg:$out/data
protocol=(--protocol toolbox-2023 --cache "$out/cache" --resume)

if [[ ! -e $out/data.done ]]; then
  "$rppg" synthesize ubfc-rppg "$out/data" --difficulty realistic --subjects "$subjects" --seconds "${SECONDS_EACH:-24}" \
    --size 320x240 --codec ffv1 --seed 5 --force
  touch "$out/data.done"
fi

for method in pos chrom; do
  "$rppg" evaluate "$data@0.67-1" --method $method "${protocol[@]}" -o "$out/$method"
done
for model in efficientphys physnet; do
  "$rppg" train "$data@0-0.55" --valid "$data@0.55-0.67" --model $model --set "frame_size=${FRAME_SIZE:-36}" \
    --epochs "${EPOCHS:-12}" --batch-size 4 "${protocol[@]}" -o "$out/$model-training"
  "$rppg" evaluate "$data@0.67-1" --model "$out/$model-training/weights.h5" "${protocol[@]}" -o "$out/$model"
done
"$rppg" report "$out"/{pos,chrom,efficientphys,physnet} --force -o "$out/report"
cat "$out/report/tables.md"

mae() { awk '/"MAE"/ { found = 1 } found && /"value"/ { gsub(/[^0-9.]/, "", $2); print $2; exit }' "$out/$1/metrics.json"; }
for model in efficientphys physnet; do
  for method in pos chrom; do
    awk -v a="$(mae $model)" -v b="$(mae $method)" 'BEGIN { exit !(a < b) }' ||
      { echo "synthetic_supervised.sh: $model is not better than $method" >&2; exit 1; }
  done
done
