#!/usr/bin/env bash
# Complexity table of LQ-rPPG: parameters, multiply-accumulates and throughput of the networks here,
# clips of 160 frames of 128 x 128 pixels one at a time, on THREADS threads (1).
# Usage: complexity.sh RPPG
#
# Published, against RhythmMamba: -88 % parameters, -29 % MACs, +191 % throughput (of a GPU).
# docs/methods.md has the numbers of other networks beside these.
set -euo pipefail
"$1" complexity c2f rhythmmamba physnet efficientphys --set frame_size=128 --frames 160 --thop --measure \
  --threads "${THREADS:-1}"
