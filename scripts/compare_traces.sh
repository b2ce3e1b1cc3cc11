#!/usr/bin/env bash
# Mean colours of faces of the presets ubfc-like and realistic beside those of real recordings: noise,
# drift and pulse, statistic by statistic.
# Usage: scripts/compare_traces.sh BUILD REAL... (videos, folders of videos, or tables FILE.csv@RATE of
# R,G,B per frame)
set -euo pipefail
build=$1
shift
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for preset in ubfc-like realistic; do
  "$build/cli/rppg" synthesize ubfc-rppg "$work/$preset" --difficulty "$preset" \
    --subjects "${SUBJECTS:-6}" --seconds 10.2 --size "${SIZE:-640x480}" --codec ffv1 --quiet
done
"$build/tests/bench_traces" "$@" "$work/ubfc-like" "$work/realistic"
