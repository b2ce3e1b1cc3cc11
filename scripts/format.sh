#!/usr/bin/env bash
# Checks that all sources are formatted (clang-format 14); with --fix, formats them.
set -euo pipefail
cd "$(dirname "$0")/.."
mode=(--dry-run --Werror)
[[ ${1:-} != --fix ]] || mode=(-i)
git ls-files -co --exclude-standard -- '*.h' '*.cpp' | xargs clang-format-14 "${mode[@]}"
