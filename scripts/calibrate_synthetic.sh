#!/usr/bin/env bash
# The seven classical methods on the presets that imitate public data sets, beside the errors that are
# published for the real ones.
# Usage: calibrate_synthetic.sh RPPG FOLDER [PRESET...] (ubfc-like, pure-like, mcd-like; default: all)
#
# SUBJECTS, SECONDS_EACH and SIZE change the sets. SEEDS="1 2" pools two sets; only one lies on the disk
# at a time (20 subjects of pure-like need 50 GB of room). KEEP=1 keeps the videos.
set -euo pipefail
rppg=$1
out=$2
shift 2
presets=("$@")
[[ $# -gt 0 ]] || presets=(ubfc-like pure-like mcd-like)
read -ra seeds <<<"${SEEDS:-1}"
methods=(green ica chrom lgi pbv pos omit)

declare -A layout=([ubfc-like]=ubfc-rppg [pure-like]=pure [mcd-like]=mcd-rppg)
declare -A options=([ubfc-like]="--codec raw" [pure-like]="--recordings 6" [mcd-like]="")
declare -A size=([ubfc-like]=320x240 [pure-like]=320x240 [mcd-like]=640x480)
declare -A seconds=([ubfc-like]=20 [pure-like]=60 [mcd-like]=20)
declare -A views=([ubfc-like]=all [pure-like]=all [mcd-like]="frontal left right")

# MAE in bpm. UBFC-rPPG and PURE: rPPG-Toolbox (Liu et al., NeurIPS 2023), Table 2; OMIT: RhythmMamba
# (Zou et al., AAAI 2025), Table 2. MCD-rPPG, camera in front: Egorov et al., ACM MM 2025.
declare -A published=(
  [ubfc-like]="19.81 14.70 3.98 15.80 15.90 4.00 16.99"
  [pure-like]="10.09 4.77 5.77 4.61 3.91 3.67 4.66"
  [mcd-like]="- - - - 15.37 3.80 4.78"
)

for preset in "${presets[@]}"; do
  [[ -n ${layout[$preset]:-} ]] && continue
  echo "calibrate_synthetic.sh: $preset: must be one of ubfc-like, pure-like, mcd-like" >&2
  exit 2
done

score() { # PRESET SEED
  local set=$out/$1/$2 method
  # shellcheck disable=SC2086 # options are words
  "$rppg" synthesize "${layout[$1]}" "$set/data" --difficulty "$1" ${options[$1]} --seed "$2" \
    --subjects "${SUBJECTS:-40}" --size "${SIZE:-${size[$1]}}" --seconds "${SECONDS_EACH:-${seconds[$1]}}" \
    --force --quiet
  for method in "${methods[@]}"; do
    "$rppg" evaluate "${layout[$1]}:$set/data" --method "$method" --protocol toolbox-2023 \
      --cache "$set/cache" --quiet -o "$set/$method" --resume >/dev/null
  done
  [[ -n ${KEEP:-} ]] || rm -rf "$set/data" "$set/cache"
}

# Mean absolute error of a method over all sets.
mae() { # PRESET VIEW METHOD
  local files=("${seeds[@]/#/$out/$1/}")
  files=("${files[@]/%//$3/metrics.csv}")
  awk -F, -v view="$2" '
    FNR > 1 && (view == "all" || $5 == view) { sum += $11 < 0 ? -$11 : $11; ++n }
    END { print sum / n }' "${files[@]}"
}

# Joins lines of METHOD MAE with the published errors; says how far ranks agree.
compare() { # PUBLISHED
  awk -v list="$1" '
    function rank(values, ranks, n, i, j) {
      for (i = 1; i <= n; ++i) {
        ranks[i] = 0.5
        for (j = 1; j <= n; ++j) ranks[i] += values[j] < values[i] ? 1 : (values[j] == values[i] ? 0.5 : 0)
      }
    }
    BEGIN { split(list, real, " "); print "| method | published | synthetic | ratio |"; print "|---|---|---|---|" }
    {
      known = real[NR] != "-"
      printf "| %s | %s | %.2f | %s |\n", toupper($1), real[NR], $2, known ? sprintf("%.2f", $2 / real[NR]) : "-"
      if (known) { a[++n] = real[NR]; b[n] = $2 }
    }
    END {
      if (n < 2) exit
      rank(a, ra, n); rank(b, rb, n)
      for (i = 1; i <= n; ++i) { x = ra[i] - (n + 1) / 2; y = rb[i] - (n + 1) / 2; xy += x * y; xx += x * x; yy += y * y }
      printf "\nSpearman %.2f\n", xy / sqrt(xx * yy)
    }'
}

for preset in "${presets[@]}"; do
  for seed in "${seeds[@]}"; do score "$preset" "$seed"; done
done
for preset in "${presets[@]}"; do
  for view in ${views[$preset]}; do
    printf '\n%s, %s\n\n' "$preset" "$view"
    real=${published[$preset]}
    [[ $view != left && $view != right ]] || real="- - - - - - -"
    for method in "${methods[@]}"; do echo "$method $(mae "$preset" "$view" "$method")"; done | compare "$real"
  done
done
