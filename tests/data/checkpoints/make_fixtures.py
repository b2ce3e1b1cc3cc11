#!/usr/bin/python3
"""Makes the checkpoints of this folder (Debian's python3-torch 1.13.1; no test needs it)."""
import collections
import io
import json
import struct
import zipfile

import torch

nan, inf = float("nan"), float("inf")
base = torch.arange(12.0)
types = collections.OrderedDict(
    [
        ("module.float32", torch.tensor([[0.5, -1.0, 2.25], [nan, inf, -inf]])),
        ("module.float64", torch.tensor([0.1, -2.0], dtype=torch.float64)),
        ("module.float16", torch.tensor([1.5, -65504.0, 6e-8, inf], dtype=torch.float16)),
        ("module.bfloat16", torch.tensor([1.0, -3.0], dtype=torch.bfloat16)),
        ("module.num_batches_tracked", torch.tensor(946)),
        ("module.int64", torch.tensor([-(2**63), 2**63 - 1])),
        ("module.int32", torch.tensor([-(2**31), 7], dtype=torch.int32)),
        ("module.int16", torch.tensor([-300], dtype=torch.int16)),
        ("module.int8", torch.tensor([-128], dtype=torch.int8)),
        ("module.uint8", torch.tensor([200], dtype=torch.uint8)),
        ("module.bool", torch.tensor([True, False])),
        ("module.empty", torch.zeros(0, 3)),
        ("module.parameter", torch.nn.Parameter(torch.tensor([3.0]))),
        ("module.whole", base.reshape(3, 4)),
        ("module.transposed", base.reshape(3, 4).t()),
        ("module.part", base.reshape(3, 4)[1:, 1:3]),
        ("module.every_second", base[1::2]),
        ("module.expanded", base[5:6].expand(2, 3)[:, :1]),
    ]
)
torch.save(types, "types.pth")

weight = torch.tensor([[1.0, 2.0]])
torch.save(
    {
        "epoch": 3,
        "loss": 0.25,
        "best": None,
        "C2F_model": torch.nn.Linear(2, 1).state_dict().__class__(
            [("module.weight", weight), ("module.bias", torch.tensor([3.0]))]
        ),
        "optimizer": {"state": {0: {"exp_avg": weight * 2}}, "param_groups": [{"lr": 0.1, "betas": (0.9, 0.99)}]},
        "history": [torch.tensor([4.0]), "text", 2**40],
    },
    "nested.pth",
)
torch.save({"a": weight}, "legacy.pth", _use_new_zipfile_serialization=False)


def rewrite(source, target, replace):
    """Deflates the entries of an archive; `replace` gives other contents for some."""
    entries = zipfile.ZipFile(source)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in entries.namelist():
            info = zipfile.ZipInfo(name)
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, replace.get(name, entries.read(name)))


rewrite("nested.pth", "deflated.pth", {})
buffer = io.BytesIO()
torch.save({"a": torch.zeros(1 << 19)}, buffer)
rewrite(buffer, "bomb.pth", {})  # 2 MiB of zeros

header = {
    "__metadata__": {"format": "pt"},
    "half": {"dtype": "F16", "shape": [2], "data_offsets": [32, 36]},
    "double": {"dtype": "F64", "shape": [1, 2], "data_offsets": [0, 16]},
    "count": {"dtype": "I64", "shape": [], "data_offsets": [16, 24]},
    "single": {"dtype": "F32", "shape": [1], "data_offsets": [24, 28]},
    "small": {"dtype": "I32", "shape": [1], "data_offsets": [28, 32]},
    "brain": {"dtype": "BF16", "shape": [1], "data_offsets": [36, 38]},
}
text = json.dumps(header).encode()
text += b" " * (-len(text) % 8)
with open("types.safetensors", "wb") as file:
    file.write(struct.pack("<Q", len(text)) + text)
    file.write(struct.pack("<ddqfi", 0.5, -4.0, -946, 1.25, -7) + struct.pack("<ee", 1.5, -2.0))
    file.write(struct.pack("<f", -3.0)[2:])
