#!/usr/bin/env bash
# Holds every #include to the table "Who may include whom" in docs/architecture.md, third-party
# headers to the layers that own them, and files of our own to 500 lines.
# Usage: scripts/check_layers.sh [ROOT]; prints each violation, exit status 1 if there is any.
set -euo pipefail
root=${1:-$(dirname "$0")/..}
cd "$root"
status=0
fail() { echo "$1"; status=1; }

declare -A allowed
while IFS='|' read -r _ folder uses _; do
  folder=$(tr -d ' `' <<<"$folder")
  allowed[$folder]=" $folder $(tr -d '`,' <<<"$uses" | tr -s ' ') "
done < <(sed -n '/<!-- layers -->/,/<!-- end layers -->/p' docs/architecture.md | grep -E '^\| `')
[[ ${#allowed[@]} -gt 5 ]] || { echo "docs/architecture.md: no layer table"; exit 1; }

# header prefix -> the folders whose .cpp files may include it
declare -A owners=(
  [hdf5]="io" [libav]="video" [libsw]="video" [opencv2]="video" [kissfft]="signal"
  [Eigen]="signal classical kernels" [sha2.h]="io" [zip.h]="io" [CLI]="cli" [nlohmann]="io")

layer_of() {
  case $1 in
    lib/*) cut -d/ -f2 <<<"$1" ;;
    *) cut -d/ -f1 <<<"$1" ;;
  esac
}

while read -r file; do
  layer=$(layer_of "$file")
  while read -r include; do
    other=${include%%/*}
    [[ $other == datasets || $other == cli || -d lib/$other ]] || { fail "$file: includes \"$include\", which is no path from lib/"; continue; }
    [[ ${allowed[$layer]:-} == *" $other "* || ${allowed[$layer]:-} == *" all "* ]] ||
      fail "$file: layer $layer may not include $include"
    [[ $include != io/json.h || $file != *.h || $file == *_json.h ]] || fail "$file: io/json.h belongs into .cpp and *_json.h files"
  done < <(sed -nE 's/^#include "([^"]+)".*/\1/p' "$file")
  while read -r include; do
    for prefix in "${!owners[@]}"; do
      [[ $include == "$prefix"* ]] || continue
      [[ " ${owners[$prefix]} " == *" $layer "* ]] || fail "$file: layer $layer may not include <$include>"
      [[ $file == *.cpp || $file == *.inc.h || $file == lib/io/json.h || $layer == cli ]] ||
        fail "$file: <$include> belongs into .cpp files"
    done
  done < <(sed -nE 's/^#include <([^>]+)>.*/\1/p' "$file")
  lines=$(wc -l <"$file")
  ((lines <= 500)) || fail "$file: $lines lines, more than 500"
done < <(find lib cli datasets -name '*.h' -o -name '*.cpp' | sort)
exit $status
