#!/usr/bin/env bash
# The seven classical methods on the presets that imitate public data sets, beside the errors that are
# published for the real ones.
# Usage: calibrate_synthetic.sh RPPG FOLDER [PRESET...] (ubfc-like, pure-like, mcd-like; default: all)
#
# SUBJECTS, SECONDS_EACH, SIZE and SEED change the sets; KEEP=1 keeps their videos.
set -euo pipefail
rppg=$1
out=$2
shift 2
presets=("$@")
[[ $# -gt 0 ]] || presets=(ubfc-like pure-like mcd-like)
subjects=${SUBJECTS:-40}
methods=(green ica chrom lgi pbv pos omit)

# MAE in bpm. UBFC-rPPG and PURE: rPPG-Toolbox (Liu et al., NeurIPS 2023), Table 2; OMIT: RhythmMamba
# (Zou et al., AAAI 2025), Table 2. MCD-rPPG, camera in front: Egorov et al., ACM MM 2025.
declare -A published=(
  [ubfc-like]="19.81 14.70 3.98 15.80 15.90 4.00 16.99"
  [pure-like]="10.09 4.77 5.77 4.61 3.91 3.67 4.66"
  [mcd-like]="- - - - 15.37 3.80 4.78"
)

synthesize() { # PRESET LAYOUT OPTION...
  "$rppg" synthesize "$2" "$out/$1/data" --difficulty "$1" --subjects "$subjects" --size "${SIZE:-320x240}" \
    --seconds "${SECONDS_EACH:-30}" --seed "${SEED:-1}" --force --quiet "${@:3}"
}

# Of one view, or of all when that is empty.
mae() { # RUN VIEW
  awk -F, -v view="$2" 'NR > 1 && (view == "" || $5 == view) { sum += $11 < 0 ? -$11 : $11; ++n } END { print sum / n }' \
    "$1/metrics.csv"
}

# Prints METHOD MAE.
score() { # PRESET VIEW DATASET
  local method
  for method in "${methods[@]}"; do
    "$rppg" evaluate "$3" --method "$method" --protocol toolbox-2023 --cache "$out/$1/cache" --quiet \
      -o "$out/$1/$method" --resume >/dev/null
    echo "$method $(mae "$out/$1/$method" "$2")"
  done
}

# Joins lines of METHOD MAE with the published errors; says how far ranks agree.
compare() { # PRESET
  awk -v list="${published[$1]}" '
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
      rank(a, ra, n); rank(b, rb, n)
      for (i = 1; i <= n; ++i) { x = ra[i] - (n + 1) / 2; y = rb[i] - (n + 1) / 2; xy += x * y; xx += x * x; yy += y * y }
      printf "\nSpearman %.2f\n", xy / sqrt(xx * yy)
    }'
}

for preset in "${presets[@]}"; do
  mkdir -p "$out/$preset"
  case $preset in
    ubfc-like)
      synthesize "$preset" ubfc-rppg --codec raw
      score "$preset" "" "ubfc-rppg:$out/$preset/data" >"$out/$preset/front"
      ;;
    pure-like)
      synthesize "$preset" pure --recordings 6
      score "$preset" "" "pure:$out/$preset/data" >"$out/$preset/front"
      ;;
    mcd-like)
      synthesize "$preset" mcd-rppg
      for view in frontal left right; do
        score "$preset" $view "mcd-rppg:$out/$preset/data" >"$out/$preset/$view"
      done
      mv "$out/$preset/frontal" "$out/$preset/front"
      ;;
    *)
      echo "calibrate_synthetic.sh: $preset: must be one of ubfc-like, pure-like, mcd-like" >&2
      exit 2
      ;;
  esac
  [[ -n ${KEEP:-} ]] || rm -rf "$out/$preset/data" "$out/$preset/cache"
done
for preset in "${presets[@]}"; do
  printf '\n%s\n\n' "$preset"
  compare "$preset" <"$out/$preset/front"
  for view in left right; do
    [[ ! -e $out/$preset/$view ]] || { printf '\n%s\n' "$view" && cat "$out/$preset/$view"; }
  done
done
