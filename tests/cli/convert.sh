#!/usr/bin/env bash
# Weights of PyTorch and safetensors become weights files and safetensors; what does not fit is refused.
. "$RPPG_SOURCE/tests/cli/case.sh"
model=(--model efficientphys)

# The same tensors by any way are the same network.
$CHECKPOINT efficientphys 12 module. plain.pth
$CHECKPOINT efficientphys 12 "" plain.safetensors
$CHECKPOINT efficientphys 12 model_state/module. nested.safetensors
expect 0 rppg convert plain.pth "${model[@]}" -o pth.h5
says stderr "all names begin with 'module.', which is left out"
says stderr "frame_size 12, from the shapes of the tensors"
says stdout "frame_size=12"
says stdout "$(sha256sum plain.pth | cut -d' ' -f1)"
expect 0 rppg convert plain.safetensors "${model[@]}" -o safetensors.h5
! grep -q "left out" stderr || fail "a prefix that is not there was left out"
expect 0 rppg convert nested.safetensors "${model[@]}" -o nested.h5
says stderr "'model_state/module.'"
for file in pth safetensors nested; do h5dump -g /model $file.h5 | tail -n +2 > $file.dump; done
for file in safetensors nested; do cmp pth.dump $file.dump || fail "the network of $file.h5 differs"; done
h5dump -g /provenance pth.h5 > provenance
says provenance '"plain.pth"'
says provenance "$(sha256sum plain.pth | cut -d' ' -f1)"

# Out of the program and back, and the same bytes every time.
expect 0 rppg convert pth.h5 -o out.safetensors --json
says stdout '"model": "efficientphys"'
head -c 4096 out.safetensors > header
says header '"model":"efficientphys"'
says header '"settings.frame_size":"12"'
says header "$(sha256sum pth.h5 | cut -d' ' -f1)"
expect 0 rppg convert out.safetensors "${model[@]}" -o back.h5
h5dump -g /model back.h5 | tail -n +2 | cmp - pth.dump || fail "a tensor changed on its way"
cp pth.h5 first.h5
expect 73 rppg convert plain.pth "${model[@]}" -o pth.h5
one_error
expect 0 rppg convert plain.pth "${model[@]}" -o pth.h5 --force
cmp pth.h5 first.h5 || fail "not the same bytes"

# Settings: the command line comes before shapes; the shapes must fit.
expect 0 rppg convert plain.pth "${model[@]}" --set frame_size=13 --set clip_frames=40 -o set.h5
says stdout "clip_frames=40"
says stdout "frame_size=13"
$CHECKPOINT physnet 72 "" physnet.pth
expect 0 rppg convert physnet.pth --model physnet --set frame_size=128 -o physnet.h5
says stdout "frame_size=128"
expect 65 rppg convert plain.pth "${model[@]}" --set frame_size=72 -o no.h5
says stderr "shape of final_dense_1.weight is (128, 64), expected (128, 16384)"
expect 64 rppg convert plain.pth "${model[@]}" --set frame_siz=72 -o no.h5

# A network that is published as six files, in any order, is one weights file.
for part in 1 2 3 4 5; do $CHECKPOINT c2f/quantizer$part 128 module. ${part}th.pth; done
$CHECKPOINT c2f 128 C2F_model/module. network.pth
expect 0 rppg convert 3th.pth network.pth 1th.pth 5th.pth 4th.pth 2th.pth --model c2f -o c2f.h5
says stdout "$(sha256sum network.pth | cut -d' ' -f1)"
h5dump -g /provenance c2f.h5 > provenance
says provenance "$(sha256sum 3th.pth | cut -d' ' -f1)"
expect 0 rppg convert {1,2,3,4,5}th.pth network.pth --model c2f -o again.h5
for file in c2f again; do h5dump -g /model $file.h5 | tail -n +2 > $file.dump; done
cmp c2f.dump again.dump || fail "the order of the files counts"
expect 0 rppg convert c2f.h5 -o c2f.safetensors
expect 0 rppg convert c2f.safetensors --model c2f -o back.h5 --force
h5dump -g /model back.h5 | tail -n +2 | cmp - c2f.dump || fail "a tensor changed on its way"
expect 65 rppg convert {1,2,4}th.pth network.pth --model c2f -o no.h5
says stderr "c2f is made of 6 files; missing quantizer3, quantizer5"
one_error
expect 65 rppg convert {1,2,3,4,5}th.pth --model c2f -o no.h5
says stderr "missing the network itself"
expect 65 rppg convert {1,2,3,4}th.pth 4th.pth network.pth --model c2f -o no.h5
says stderr "4th.pth: holds quantizer4, as 4th.pth does"
expect 64 rppg convert {1,2,3,4,5}th.pth network.pth c2f.h5 --model c2f -o no.h5
expect 65 rppg convert {1,2,3,4,5}th.pth pth.h5 --model c2f -o no.h5

# Everything that does not fit, in one line
expect 65 rppg convert plain.pth --model physnet -o no.h5
says stderr "missing ConvBlock1.0.weight"
says stderr "unexpected"
one_error
for broken in nan name; do $CHECKPOINT efficientphys 12 module. $broken.pth $broken; done
expect 65 rppg convert nan.pth "${model[@]}" -o no.h5
says stderr "nan.pth: tensors do not fit: batch_norm.weight has values that are not finite"
expect 65 rppg convert name.pth "${model[@]}" -o no.h5
says stderr "missing batch_norm.weight; unexpected batch_norm.weight_2"
$CHECKPOINT physnet 72 "" shape.safetensors shape
expect 65 rppg convert shape.safetensors --model physnet -o no.h5
says stderr "shape of ConvBlock1.0.weight is (1200), expected (16, 3, 1, 5, 5)"
head -c 20000 plain.pth > cut.pth
expect 65 rppg convert cut.pth "${model[@]}" -o no.h5
expect 65 rppg convert pth.h5 --model physnet -o no.h5
says stderr "holds model 'efficientphys', expected 'physnet'"
expect 65 rppg convert "$RPPG_SOURCE/tests/data/predictions/subject1.h5" -o no.h5
expect 66 rppg convert nowhere.pth "${model[@]}" -o no.h5
expect 64 rppg convert plain.pth -o no.h5
says stderr "--model"
expect 64 rppg convert plain.pth plain.pth "${model[@]}" -o no.h5
expect 64 rppg convert plain.pth "${model[@]}"
expect 64 rppg convert plain.pth "${model[@]}" -o no.pth
expect 64 rppg convert plain.pth "${model[@]}" -o no.h5 --resume
expect 73 rppg convert plain.pth "${model[@]}" -o plain.pth/no.h5
expect 0 rppg convert plain.pth "${model[@]}" -o no.h5 --dry-run
[[ ! -e no.h5 ]] || fail "a refused conversion wrote something"
status=0
(ulimit -f 8; rppg convert plain.pth "${model[@]}" -o no.h5 > stdout 2> stderr) || status=$?
[[ $status == 74 ]] || { cat stderr >&2; fail "exit status $status on a full disk"; }
[[ -z $(find . -name 'no.h5' -o -name '.*.tmp.*') ]] || fail "a partial file is left"
