#!/usr/bin/env bash
# Precedence (command line, environment, configuration, default), and wrong configurations.
. "$RPPG_SOURCE/tests/cli/case.sh"
pure=pure:$RPPG_TEST_DATA/pure@0-0.34
used() { grep -o '"method": "[a-z]*"' "$1/run.json" | head -1; }

cat > run.toml <<'T'
method = "green"
protocol = "toolbox-2023"
T
expect 0 rppg evaluate "$pure" --config run.toml -o a
[[ $(used a) == '"method": "green"' ]] || fail "configuration ignored: $(used a)"
grep -q '"protocol": "toolbox-2023"' a/run.json || fail "protocol of the configuration ignored"
RPPG_METHOD=lgi expect 0 rppg evaluate "$pure" --config run.toml -o b
[[ $(used b) == '"method": "lgi"' ]] || fail "environment does not precede configuration: $(used b)"
RPPG_METHOD=lgi expect 0 rppg evaluate "$pure" --config run.toml --method pos -o c
[[ $(used c) == '"method": "pos"' ]] || fail "command line does not precede environment: $(used c)"

printf '[evaluate]\nmethod = "green"\n[report]\nformat = "md"\n' > sections.toml
expect 0 rppg evaluate "$pure" --config sections.toml -o d
[[ $(used d) == '"method": "green"' ]] || fail "section ignored"

printf 'methd = "pos"\n' > typo.toml
expect 78 rppg evaluate "$pure" --config typo.toml -o e
says stderr "methd"
expect 78 rppg evaluate "$pure" --config nowhere.toml -o e
says stderr "nowhere.toml"
printf 'method = "none-such"\n' > value.toml
expect 78 rppg evaluate "$pure" --config value.toml -o e
says stderr "value.toml"
