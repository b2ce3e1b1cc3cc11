#!/usr/bin/env bash
# Every example of the README's section "Use" runs as it stands there.
. "$RPPG_SOURCE/tests/cli/case.sh"

awk '/^## Use/ { use = 1 } /^## Data sets/ { use = 0 }
     use && /^```sh/ { block = 1; next } /^```/ { block = 0 } use && block' "$RPPG_SOURCE/README.md" > examples.sh
[[ $(wc -l < examples.sh) -ge 8 ]] || fail "the README's examples were not found"
bash -euo pipefail examples.sh > stdout 2> stderr || { cat examples.sh stderr >&2; fail "an example of the README failed"; }
[[ -s out/report/report.html ]] || fail "no report"
