#!/usr/bin/env bash
# Does quantising labels help where labels are noisy? The same network on the same synthetic videos,
# trained with noisy labels as they are, band-passed, and quantised; tested on people, a camera and a
# layout that training did not see, against the true heart rate.
# Usage: label_noise.sh RPPG FOLDER
#
# Sized for two cores and a few hours: SUBJECTS, SECONDS_EACH, FRAME_SIZE, EPOCHS, SEEDS, ARMS, NOISE
# change that, for all arms alike. Goes on where it was stopped. Figures of one run: docs/methods.md.
set -euo pipefail
rppg=$1
out=$2
subjects=${SUBJECTS:-28}
read -ra seeds <<<"${SEEDS:-1 2 3}"
read -ra arms <<<"${ARMS:-raw band-passed quantized}"
noise=${NOISE:-noise=0.2,bursts=0.2,wander=1,loss=0.05,drift=0.5,dropouts=0.1}
train=ubfc-rppg:$out/train
test=pure:$out/test
common=(--cache "$out/cache" --resume)
sets=(--difficulty realistic --seconds "${SECONDS_EACH:-22}" --size 240x180 --force)

if [[ ! -e $out/data.done ]]; then
  "$rppg" synthesize ubfc-rppg "$out/train" "${sets[@]}" --subjects "$subjects" --codec ffv1 --seed 11 --label-noise "$noise"
  "$rppg" synthesize pure "$out/test" "${sets[@]}" --subjects "${TEST_SUBJECTS:-20}" --recordings 1 --seed 77 --label-noise none
  touch "$out/data.done"
fi

runs=()
for arm in "${arms[@]}"; do
  labels=(--loss "$arm")
  [[ $arm == quantized ]] || labels+=(--set soft_codes=0)
  for seed in "${seeds[@]}"; do
    run=$out/$arm/seed$seed
    "$rppg" train "$train@0-0.8" --valid "$train@0.8-1" --model c2f --set "frame_size=${FRAME_SIZE:-64}" --objective lq \
      "${labels[@]}" --epochs "${EPOCHS:-12}" --seed "$seed" "${common[@]}" -o "$run/training"
    "$rppg" evaluate "$test" --model "$run/training/weights.h5" "${common[@]}" -o "$run"
    runs+=("$run")
  done
done
"$rppg" report "${runs[@]}" "$out/quantized/seed${seeds[0]}/training/quantizers" --repetitions --force -o "$out/report"
cat "$out/report/tables.md"
