#!/usr/bin/env bash
# Runs every fuzz target of a libFuzzer build for some seconds, starting from the committed fixtures.
# Usage: run.sh BUILD_FOLDER SECONDS
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
for target in "$1"/tests/fuzz_*; do
  corpus=$(mktemp -d)
  "$target" -max_total_time="$2" -rss_limit_mb=2048 -timeout=20 "$corpus" "$here/../data"
  rm -rf "$corpus"
done
