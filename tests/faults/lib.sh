# shellcheck shell=bash
# Sourced by every group of fault cases. A group makes one manifest of damaged recordings among sound
# ones, runs one batch, and looks at each ledger line, so that hundreds of cases take seconds.
#
# Environment: RPPG (the program), DAMAGE (tests/support/damage), SOURCE (the checkout),
# SCALE (how many of each random kind: 1 in CI, more with --full).
set -euo pipefail
shopt -s nullglob
cases=0
failures=0
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

pass() { cases=$((cases + 1)); }
wrong() { cases=$((cases + 1)); failures=$((failures + 1)); echo "  WRONG $*"; }

# check TEXT COMMAND...: one case, right when the command succeeds.
check() {
  local text=$1
  shift
  if "$@"; then pass; else wrong "$text"; fi
}

# status WANTED TEXT COMMAND...: one case, right when the exit status is one of WANTED ("10 11").
status() {
  local wanted=" $1 " text=$2 got=0
  shift 2
  if [[ $(type -t "$1") == function ]]; then
    "$@" > out.txt 2> err.txt || got=$?
  else
    timeout 60 "$@" > out.txt 2> err.txt || got=$?
  fi
  if [[ $wanted == *" $got "* ]]; then pass; else wrong "$text: exit status $got, expected$wanted: $(head -c 300 err.txt)"; fi
}

# A sound recording: video and labels without a face, evaluated on the whole frame.
make_base() {
  "$RPPG" synthesize ubfc-rppg base --subjects 1 --seconds 8 --size 96x72 --codec "$1" --quiet --force
}
sound_video() { echo base/subject1/vid.avi; }

manifest_start() { echo "id,video,labels,labels_format,sha256" > manifest.csv; }
manifest_add() { echo "$1,$2,${3:-base/subject1/ground_truth.txt},${4:-ubfc-rppg},${5:-}" >> manifest.csv; }

evaluate() {
  local out=$1
  shift
  timeout 300 "$RPPG" evaluate manifest:manifest.csv --method green --detector none --timeout 30 --force -o "$out" "$@" > "$out.out" 2> "$out.err"
}

# ledger RUN ID: its ledger line.
ledger() { grep -F "\"id\":\"$2\"" "$1/ledger.jsonl" || true; }

# is RUN ID STATUS [TEXT]: one case, right when the ledger says so (and gives that reason).
is() {
  local line
  line=$(ledger "$1" "$2")
  if [[ $line == *"\"status\":\"$3\""* && $line == *"${4:-}"* ]]; then pass; else wrong "$2: expected $3 ${4:-}: $line"; fi
}

# ends RUN ID: one case, right when the recording ended as ok or failed with a reason.
ends() {
  local line
  line=$(ledger "$1" "$2")
  if [[ $line == *'"status":"ok"'* || $line =~ \"status\":\"failed\".*\"reason\":\"[^\"]+ ]]; then pass; else wrong "$2: $line"; fi
}

# batch_is_sound RUN STATUS: exit status, no crash, no temporaries, the sound recordings untouched.
batch_is_sound() {
  local status=$1 out=$2
  check "exit status $status of $out" test "$status" = 10 -o "$status" = 0
  check "temporaries in $out" test -z "$(find "$out" -name '.*.tmp.*')"
  for id in sound-1 sound-2; do check "$id differs" cmp -s "$out/recordings/$id.h5" "reference/recordings/$id.h5"; done
}

# Runs the sound recordings alone; later batches must give the same bytes for them.
make_reference() {
  manifest_start
  manifest_add sound-1 "$(sound_video)"
  manifest_add sound-2 "$(sound_video)"
  evaluate reference || { cat reference.err; exit 1; }
}

finish() { echo "$(basename "$0" .sh): $cases cases, $failures wrong"; exit $((failures > 0)); }
