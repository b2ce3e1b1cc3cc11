# shellcheck shell=bash
# Sourced by every case: a folder of its own, and checks that say what failed.
# Environment: RPPG (the program), RPPG_SOURCE (the checkout), RPPG_TEST_DATA (made by setup.sh),
# CHECKPOINT (writes weights as PyTorch does; tests/support/checkpoint.cpp).
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
PATH="$(dirname "$RPPG"):$PATH"

fail() { echo "FAILED: $*" >&2; exit 1; }

# expect STATUS COMMAND...: runs it, keeps its output in the files stdout and stderr.
expect() {
  local wanted=$1 status=0
  shift
  "$@" >stdout 2>stderr || status=$?
  [[ $status == "$wanted" ]] || { cat stdout stderr >&2; fail "$*: exit status $status, expected $wanted"; }
}

# says FILE TEXT: a line of FILE holds TEXT.
says() { grep -qF -- "$2" "$1" || { cat "$1" >&2; fail "$1 does not say: $2"; }; }

# Errors are one line, file first, after the program's name.
one_error() {
  [[ $(grep -c '^rppg: error: ' stderr) == "${1:-1}" ]] || { cat stderr >&2; fail "expected ${1:-1} error line(s)"; }
}

# metric RUN NAME: the value from metrics.json.
metric() { awk -v name="\"$2\": {" 'index($0, name) { found = 1 } found && /"value"/ { gsub(/[^0-9.eE+-]/, "", $2); print $2; exit }' "$1/metrics.json"; }

# less A B: A < B as numbers.
less() { awk -v a="$1" -v b="$2" 'BEGIN { exit !(a < b) }' || fail "$1 is not below $2"; }

# kill_after SECONDS COMMAND...: starts it and kills it without warning.
kill_after() {
  local seconds=$1 pid
  shift
  "$@" > /dev/null 2>&1 &
  pid=$!
  sleep "$seconds"
  kill -9 $pid 2> /dev/null || true
  wait $pid 2> /dev/null || true
}

# same A B FILE...: these files are equal in both folders.
same() {
  local a=$1 b=$2 file
  shift 2
  for file in "$@"; do cmp "$a/$file" "$b/$file" || fail "$file differs between $a and $b"; done
}

results=(metrics.json metrics.csv results.h5)
same_recordings() { diff -rq "$1/recordings" "$2/recordings" || fail "recordings of $1 and $2 differ"; }
