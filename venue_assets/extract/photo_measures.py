"""Whether pixels are a photograph or a graphic, by measured rules. Decoding and encoding are `photo_inspection`'s work.

The thresholds were measured on 1,599 photographs (1,491 of scenes, the rest from four real venue sites), of which
they refuse one, a dune under a clear sky, and on 61 graphics, of which they let one pass (a drawn slider): the
logos, icons and floor plan of these sites, drawn text, maps, charts, banners, codes, gradients. Photographs have
many colours and few flat areas, graphics the reverse:

    measure (of 192 x 192 pixels)                      photographs, 0.3 % to 99.7 %    graphics, 5 % to 95 %
    detail: pixels that differ from a neighbour (> 2)  0.27 to 0.99                    0.00 to 0.36
    colours: distinct ones at 5 bits a channel         32 (grey), 280 (1 %) to 5177    1 to 258
    dominance: share of the most common of them        0.01 to 0.33                    0.21 to 1.00
    flatness: pixels equal to their neighbours         0.00 to 0.64                    0.62 to 1.00
    entropy of the luminance, in bits                  3.6 to 5.9                      0.0 to 4.1

No single measure is enough: black-and-white photographs have 32 colours, night skies are flat, floor plans colourful.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
from PIL import Image

from venue_assets.extract.values import Rejection

if TYPE_CHECKING:
    from numpy.typing import NDArray

_SIDE: Final = 192
_LUMINANCE: Final = np.array([0.299, 0.587, 0.114])

MIN_DETAIL: Final = 0.05
"""Below: one colour or a gradient."""
FEW_COLOURS: Final = 400
MAX_DOMINANCE: Final = 0.4
MIN_ENTROPY: Final = 3.0
MAX_FLATNESS: Final = 0.82
"""With few colours, any of these three makes a graphic."""
SOME_COLOURS: Final = 1000
DRAWING_FLATNESS: Final = 0.7
DRAWING_ENTROPY: Final = 3.5
"""With some colours, both of these make a drawing."""
PLAN_FLATNESS: Final = 0.6
PLAN_DOMINANCE: Final = 0.65
"""With some colours, both of these (the second of the four most common colours) make a plan."""


class Measures(NamedTuple):
    """See the module's table; `dominance_of_four` is the share of the four most common colours."""

    detail: float
    colours: int
    dominance: float
    dominance_of_four: float
    flatness: float
    entropy: float


def measure(image: Image.Image) -> Measures:
    """Measure an RGB image; larger ones are averaged down to 192 x 192 first."""
    scaling = Image.Resampling.BOX if min(image.size) >= _SIDE else Image.Resampling.BILINEAR
    pixels: NDArray[np.int64] = np.asarray(image.resize((_SIDE, _SIDE), scaling), dtype=np.int64)
    codes = ((pixels >> 3) * np.array([1024, 32, 1])).sum(axis=-1)
    counts = np.sort(np.unique(codes, return_counts=True)[1])[::-1] / codes.size
    luminance = pixels @ _LUMINANCE
    across = np.abs(np.diff(luminance, axis=1))[:-1]
    down = np.abs(np.diff(luminance, axis=0))[:, :-1]
    steps = np.maximum(across, down)
    shares = np.histogram(luminance, bins=64, range=(0, 256))[0] / luminance.size
    shares = shares[shares > 0]
    return Measures(
        detail=float((steps > 2.1).mean()),
        colours=len(counts),
        dominance=float(counts[0]),
        dominance_of_four=float(counts[:4].sum()),
        flatness=float((steps < 1).mean()),
        entropy=float(-(shares * np.log2(shares)).sum()),
    )


def graphic_rejection(measures: Measures) -> Rejection | None:
    """Why the measures show no photograph ("blank" or "graphic"), or None."""
    detail = ", ".join(f"{name} {value:.3g}" for name, value in measures._asdict().items())
    if measures.detail < MIN_DETAIL:
        return Rejection("blank", detail)
    is_simple = measures.dominance > MAX_DOMINANCE or measures.entropy < MIN_ENTROPY or measures.flatness > MAX_FLATNESS
    is_drawing = measures.flatness > DRAWING_FLATNESS and measures.entropy < DRAWING_ENTROPY
    is_plan = measures.flatness > PLAN_FLATNESS and measures.dominance_of_four > PLAN_DOMINANCE
    if (measures.colours < FEW_COLOURS and is_simple) or (measures.colours < SOME_COLOURS and (is_drawing or is_plan)):
        return Rejection("graphic", detail)
    return None
