#!/usr/bin/env bash
# Labels of the preset ubfc-like beside real ones of UBFC-rPPG, statistic by statistic.
# Usage: scripts/compare_labels.sh BUILD REAL... (folders with subjectN/ground_truth.txt, or .h5)
set -euo pipefail
build=$1
shift
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$build/cli/rppg" synthesize ubfc-rppg "$work/ubfc-like" --difficulty ubfc-like --subjects 40 \
  --seconds 67 --size 64x64 --codec mjpeg --quiet
"$build/tests/bench_labels" "$@" "$work/ubfc-like"
