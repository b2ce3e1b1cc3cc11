#!/usr/bin/env bash
# Format, layers, kernel objects, shell scripts, documentation, clang-tidy. Usage: lint.sh BUILD_FOLDER
set -euo pipefail
cd "$(dirname "$0")/.."
build=$1

scripts/format.sh
scripts/check_layers.sh
find "$build/lib" -path '*/kernels_*.dir/*' -name '*.o' -print0 | xargs -0 scripts/check_isa_symbols.sh
git ls-files -- '*.sh' .ci/run | xargs shellcheck --severity=warning
# clang-tidy 14 reads GCC's compile commands but for the flags that only GCC knows.
tidy=$(mktemp -d)
trap 'rm -rf "$tidy"' EXIT
sed -E 's/-Wduplicated-cond|-Wduplicated-branches|-Wlogical-op|-Wsuggest-override|-Werror//g' \
  "$build/compile_commands.json" > "$tidy/compile_commands.json"
git ls-files -- 'cli/*.cpp' 'lib/*.cpp' 'datasets/*.cpp' |
  xargs -P "$(nproc)" -n 4 clang-tidy-14 -p "$tidy" --quiet
