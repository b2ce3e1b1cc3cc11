#!/usr/bin/env bash
# docs/commands.md is what the binary says of itself.
. "$RPPG_SOURCE/tests/cli/case.sh"

expect 0 rppg --commands-markdown
diff "$RPPG_SOURCE/docs/commands.md" stdout || fail "docs/commands.md is stale: run make docs"
