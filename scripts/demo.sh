#!/usr/bin/env bash
# From nothing to a report: makes a small synthetic data set in the layout of UBFC-rPPG, scores two
# classical methods on it, and writes one HTML page. Usage: scripts/demo.sh RPPG FOLDER
set -euo pipefail
rppg=$1
out=$2

"$rppg" synthesize ubfc-rppg "$out/data" --subjects 4 --seconds 20 --size 320x240 --force
for method in pos chrom; do
  "$rppg" evaluate "ubfc-rppg:$out/data" --method $method --cache "$out/cache" --force -o "$out/$method"
done
"$rppg" report "$out/pos" "$out/chrom" --force -o "$out/report"
echo "The report is $out/report/report.html"
