#!/usr/bin/env bash
# The networks beside ONNX Runtime and PyTorch, in one run, and the share of the machine's peak that each
# convolution reaches. Usage: peers.sh BUILD_FOLDER
#
# The peers are restated with random weights in bench/peers of the reference material (RPPG_SHARED). Needed
# besides: a python3 with torch (PYTHON, Debian's python3-torch), node, and a folder with
# node_modules/onnxruntime-node (PEERS). Medians of 5; let nothing else run. The first run exports the
# networks to PEERS; of the coarse-to-fine one, whose scans are unrolled, that takes minutes.
set -euo pipefail
build=$1
source=$(cd "$(dirname "$0")/../.." && pwd)
statements=${RPPG_SHARED:-$source/../shared}/bench/peers
python=${PYTHON:-/usr/bin/python3}
peers=${PEERS:?folder with node_modules/onnxruntime-node}
[[ -d $statements ]] || { echo "peers.sh: no $statements" >&2; exit 66; }

cp "$statements"/{peer_models.py,torch_peer.py,ort_peer.mjs} "$peers"
cd "$peers"
[[ -f efficientphys.onnx && -f c2f_stem.onnx && -f c2f.onnx ]] || "$python" - <<'PYTHON'
import torch
from peer_models import EfficientPhysPeer, CoarseToFinePeer
torch.onnx.export(EfficientPhysPeer().eval(), torch.rand(181, 3, 72, 72), "efficientphys.onnx", opset_version=13)
torch.onnx.export(CoarseToFinePeer().eval().stem, torch.randn(1, 3, 160, 128, 128), "c2f_stem.onnx", opset_version=13)
torch.onnx.export(CoarseToFinePeer().eval(), torch.randn(1, 3, 160, 128, 128), "c2f.onnx", opset_version=13)
PYTHON

number() { sed -E "s/.*\"$1\": ?([0-9.]+).*/\1/"; }
ratio() { awk -v a="$1" -v b="$2" 'BEGIN { printf "%.2f", a / b }'; }
ours() { "$build/tests/bench_networks" "$1" "$2"; }

one=$(ours efficientphys 1)
ort=$(node ort_peer.mjs efficientphys.onnx 1 180 181x3x72x72 5)
torch=$("$python" torch_peer.py efficientphys 1 5)
two=$(ours efficientphys 2)
stem=$(ours c2f_stem 1)
stem_ort=$(node ort_peer.mjs c2f_stem.onnx 1 160 1x3x160x128x128 5)
stem_two=$(ours c2f_stem 2)
c2f=$(ours c2f 1)
c2f_ort=$(node ort_peer.mjs c2f.onnx 1 160 1x3x160x128x128 5)
c2f_torch=$("$python" torch_peer.py c2f 1 5)
rhythm_mamba=$(ours rhythmmamba 1)

line() { printf '%-46s %8s %8s   %s\n' "$1" "$2" "$3" "$(ratio "$2" "$3")"; }
printf '%-46s %8s %8s   ratio\n' 'frames per second' ours theirs
line 'EfficientPhys forward, ONNX Runtime' "$(number forward_fps <<<"$one")" "$(number forward_fps <<<"$ort")"
line 'EfficientPhys forward, PyTorch' "$(number forward_fps <<<"$one")" "$(number forward_fps <<<"$torch")"
line 'EfficientPhys training step, PyTorch' "$(number train_fps <<<"$one")" "$(number train_fps <<<"$torch")"
line 'coarse-to-fine stem forward, ONNX Runtime' "$(number forward_fps <<<"$stem")" "$(number forward_fps <<<"$stem_ort")"
line 'coarse-to-fine forward, ONNX Runtime' "$(number forward_fps <<<"$c2f")" "$(number forward_fps <<<"$c2f_ort")"
line 'coarse-to-fine forward, PyTorch' "$(number forward_fps <<<"$c2f")" "$(number forward_fps <<<"$c2f_torch")"
line 'coarse-to-fine training step, PyTorch' "$(number train_fps <<<"$c2f")" "$(number train_fps <<<"$c2f_torch")"
line 'coarse-to-fine and RhythmMamba, both here' "$(number forward_fps <<<"$c2f")" "$(number forward_fps <<<"$rhythm_mamba")"
line 'EfficientPhys forward, two threads and one' "$(number forward_fps <<<"$two")" "$(number forward_fps <<<"$one")"
line 'EfficientPhys training, two threads and one' "$(number train_fps <<<"$two")" "$(number train_fps <<<"$one")"
line 'stem forward, two threads and one' "$(number forward_fps <<<"$stem_two")" "$(number forward_fps <<<"$stem")"
echo
"$build/tests/bench_convolution" 1
