#!/usr/bin/env bash
# The calibration of the synthetic presets runs, here on so little that its errors mean nothing.
. "$RPPG_SOURCE/tests/cli/case.sh"
script=$RPPG_SOURCE/scripts/calibrate_synthetic.sh

SUBJECTS=1 SECONDS_EACH=2 SIZE=160x120 SEEDS="1 2" "$script" "$RPPG" sets > stdout 2> stderr || fail "$(cat stderr)"
for title in "ubfc-like, all" "pure-like, all" "mcd-like, frontal" "mcd-like, left" "mcd-like, right"; do
  says stdout "$title"
done
[[ $(grep -cE '^\| [A-Z]+ \| [0-9.-]+ \| [0-9]+\.[0-9]{2} \|' stdout) == 35 ]] || fail "tables: $(cat stdout)"
[[ $(grep -c Spearman stdout) == 3 ]] || fail "no rank correlation: $(cat stdout)"
rows=$(cat sets/mcd-like/{1,2}/pos/metrics.csv | grep -c frontal)
[[ $rows == 4 ]] || fail "both seeds must be scored, before and after exercise: $rows"
[[ ! -e sets/pure-like/1/data ]] || fail "videos were kept"

status=0
"$script" "$RPPG" sets pure > stdout 2> stderr || status=$?
[[ $status == 2 ]] || fail "unknown preset: status $status"
says stderr "must be one of"
