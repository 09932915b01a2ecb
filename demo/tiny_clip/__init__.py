"""The tiny CLIP of the demo world: its training pieces, its evaluation, and in `weights/` the trained model.

What reads the model needs none of this: it is an ordinary open_clip folder, opened as `local-dir:PATH`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

WEIGHTS: Final = Path(__file__).resolve().parent / "weights"
"""Folder of the trained model: `open_clip_config.json`, weights, `training.json` and the card."""
