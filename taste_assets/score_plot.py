"""A small bar chart of scores for Dagster's metadata, as a data URL in markdown."""

from __future__ import annotations

import base64
import io
from collections.abc import Sequence
from typing import Final

import numpy as np
from PIL import Image, ImageDraw

_SIZE: Final = (420, 130)  # pixels
_BARS: Final = 30
_LINE: Final = 14
_INK: Final = "#333333"
_FILL: Final = "#7a6ff0"


def score_plot(scores: Sequence[float]) -> str:
    """How many places have which score, from the least to the greatest; says so where there are none."""
    if not scores:
        return "no lists"
    width, height = _SIZE
    floor, ceiling = height - _LINE, 2 * _LINE
    counts, edges = np.histogram(np.asarray(scores, np.float64), bins=_BARS)
    sheet = Image.new("RGB", _SIZE, "white")
    draw = ImageDraw.Draw(sheet)
    draw.text((2, 0), f"{len(scores)} places by score, at most {counts.max()} in a bar", fill=_INK)
    step = width / _BARS
    for number, count in enumerate(counts):
        if count:
            top = floor - (floor - ceiling) * float(count) / float(counts.max())
            draw.rectangle((number * step + 1, top, (number + 1) * step - 1, floor), fill=_FILL)
    draw.text((2, floor + 1), f"{edges[0]:.3f}", fill=_INK)
    draw.text((width - 40, floor + 1), f"{edges[-1]:.3f}", fill=_INK)
    encoded = io.BytesIO()
    sheet.save(encoded, "PNG", optimize=True)
    return f"![scores](data:image/png;base64,{base64.b64encode(encoded.getvalue()).decode()})"
