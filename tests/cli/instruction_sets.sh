#!/usr/bin/env bash
# RPPG_ISA forces the kernels of one instruction set; all of them give the same bytes.
. "$RPPG_SOURCE/tests/cli/case.sh"
pure=pure:$RPPG_TEST_DATA/pure@0-0.34

for isa in baseline avx2 avx512; do
  status=0
  RPPG_ISA=$isa rppg --version > version 2> stderr || status=$?
  if [[ $status == 69 ]]; then  # this machine lacks it
    says stderr "$isa"
    continue
  fi
  says version "instruction set in use: $isa"
  RPPG_ISA=$isa expect 0 rppg evaluate "$pure" --method pos -o $isa
  same baseline $isa "${results[@]}"
done
RPPG_ISA=sse9 expect 64 rppg --version
says stderr "sse9"
