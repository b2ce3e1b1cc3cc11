# shellcheck shell=bash
# Sourced by the recipes of LQ-rPPG: trainings and evaluations that go on where they were stopped.
# Expects $rppg and $out.
#
# RECIPE=paper follows the published program (docs/methods.md, "LQ-rPPG"); EPOCHS, OPTIONS (of every
# training) and TEST_OPTIONS (of every evaluation) change what is done.
recipe=${RECIPE:-default}
read -ra train_options <<<"${OPTIONS:-}"
read -ra test_options <<<"${TEST_OPTIONS:-}"
[[ -z ${EPOCHS:-} ]] || train_options+=(--epochs "$EPOCHS")
common=(--cache "$out/cache" --resume)

# train_c2f NAME TRAIN VALID OPTION...
train_c2f() {
  "$rppg" train "$2" --valid "$3" --model c2f --objective lq --recipe "$recipe" --protocol lq-rppg \
    "${train_options[@]}" "${common[@]}" "${@:4}" -o "$out/$1/training"
}

# train_baseline MODEL NAME TRAIN VALID: as rPPG-Toolbox trains it.
train_baseline() {
  "$rppg" train "$3" --valid "$4" --model "$1" --protocol toolbox-2023 "${train_options[@]}" "${common[@]}" \
    -o "$out/$2/training"
}

# evaluate NAME TEST PROTOCOL: the result is in $out/NAME.
evaluate() {
  "$rppg" evaluate "$2" --model "$out/$1/training/weights.h5" --protocol "$3" "${test_options[@]}" "${common[@]}" \
    -o "$out/$1"
}

# show PUBLISHED.json NAME...: tables of these runs, with --check against published values where there is a file.
show() {
  local published=$1 check=()
  shift
  [[ -z $published ]] || check=(--check "$published")
  "$rppg" report "${@/#/$out/}" "${check[@]}" --force -o "$out/report" || status=$?
  cat "$out/report/tables.md"
  return "${status:-0}"
}
