#!/usr/bin/env bash
# Fails when two kernel objects share a weak symbol (the linker would merge instruction sets), or
# when one of them has a static initializer (it would run before the CPU was asked).
# Usage: scripts/check_isa_symbols.sh OBJECT...
set -euo pipefail
status=0
weak() { nm --defined-only "$1" | awk '$2 ~ /[WVu]/ && $3 !~ /^DW\.ref/ { print $3 }' | sort -u; }
for a in "$@"; do
  if readelf -SW "$a" | grep -q '\.init_array'; then echo "$a: static initializer"; status=1; fi
  for b in "$@"; do
    [[ $a < $b ]] || continue
    shared=$(comm -12 <(weak "$a") <(weak "$b"))
    [[ -z $shared ]] || { echo "$a and $b share:"; c++filt <<<"$shared" | sed 's/^/  /'; status=1; }
  done
done
exit $status
