#!/usr/bin/env bash
# Breaks inputs, disks and processes, and checks that the program says so. Usage:
#   run.sh [--full] RPPG [DAMAGE]     all groups; the reduced set (CI) takes a few minutes
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
export SCALE=1
[[ ${1:-} != --full ]] || { SCALE=10; shift; }
RPPG=$(realpath "$1")
DAMAGE=$(realpath "${2:-$(dirname "$RPPG")/../tests/rppg_damage}")
SOURCE=$(dirname "$(dirname "$here")")
export RPPG DAMAGE SOURCE
result=0
for group in "$here"/[a-z]*.sh; do
  case $(basename "$group") in lib.sh | run.sh) continue ;; esac
  bash "$group" || result=1
done
exit $result
