"""The heavy libraries import through one door, whichever torch build the machine offers."""

from __future__ import annotations

import subprocess
import sys

SCRIPT = """
from resources import torch_runtime
import numpy as np
import torch
from PIL import Image

open_clip = torch_runtime.open_clip()
transform = open_clip.image_transform(224, is_train=False)
pixels = transform(Image.new("RGB", (300, 200), "white"))
print(tuple(pixels.shape), torch_runtime.torchvision_operators_work())
# Either a torchvision made for this torch, whose operators run, or a mended one, whose operators say they cannot.
try:
    torch.ops.torchvision.nms(torch.tensor([[0.0, 0.0, 1.0, 1.0]]), torch.ones(1), 0.5)
    print("ran")
except NotImplementedError:
    print("refused")
"""


def test_open_clip_transforms_images_and_operators_are_honest() -> None:
    # A fresh process: what one import declares, another would find.
    done = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=True)
    shape, behaviour = done.stdout.splitlines()
    assert shape in {"(3, 224, 224) True", "(3, 224, 224) False"}
    assert behaviour == ("ran" if shape.endswith("True") else "refused")
