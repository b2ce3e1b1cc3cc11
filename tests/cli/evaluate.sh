#!/usr/bin/env bash
# POS and CHROM find the known pulse in all layouts; outputs are complete and can be opened.
. "$RPPG_SOURCE/tests/cli/case.sh"

for layout in ubfc-rppg:ubfc pure:pure mcd-rppg:mcd; do
  folder=${layout#*:}
  for method in pos chrom; do
    expect 0 rppg evaluate "${layout%:*}:$RPPG_TEST_DATA/$folder" --method $method --cache cache -o $folder-$method
    less "$(metric $folder-$method MAE)" 1.5
  done
done
says stdout "MAE"
for file in run.json ledger.jsonl results.h5 metrics.json metrics.csv; do [[ -s pure-pos/$file ]] || fail "no $file"; done
[[ $(wc -l < pure-pos/ledger.jsonl) == 3 ]] || fail "the ledger has not one line per recording"
h5dump -H pure-pos/results.h5 > dump || fail "results.h5 cannot be opened"
for name in time prediction prediction_filtered reference reference_filtered '"hr"' '"face"' units; do says dump "$name"; done
expect 0 rppg evaluate "pure:$RPPG_TEST_DATA/pure" --method pos --json --quiet -o json
[[ ! -s stderr ]] || fail "--quiet is not quiet"
cmp stdout json/metrics.json || fail "--json prints something else than metrics.json"

# Gates
expect 12 rppg evaluate "pure:$RPPG_TEST_DATA/pure" --method pos --fail-if 'within5bpm<=100' -o gate
expect 0 rppg evaluate "pure:$RPPG_TEST_DATA/pure" --method pos --fail-if 'mae>5' --force -o gate

# An existing run is not overwritten, a dry run writes nothing
expect 73 rppg evaluate "pure:$RPPG_TEST_DATA/pure" --method pos -o gate
says stderr "--force"
expect 0 rppg evaluate "pure:$RPPG_TEST_DATA/pure" --method pos --dry-run -o dry
[[ ! -e dry ]] || fail "a dry run wrote something"
