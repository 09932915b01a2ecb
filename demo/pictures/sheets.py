"""Contact sheets: many pictures on one page, for people who look."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PIL import Image

from demo.pictures.painter import paint
from demo.world.model import PictureSpec

_GAP = 6
_PAPER = (246, 244, 240)


def contact_sheet(specs: Sequence[PictureSpec], columns: int, tile: int = 160) -> Image.Image:
    """The specs painted as squares of `tile` pixels, row by row, on a page `columns` wide.

    Raises:
        ValueError: `columns` is not positive, or `specs` is empty or holds a bad spec.
    """
    if columns < 1 or not specs:
        raise ValueError("a contact sheet needs at least one column and one picture")
    rows = -(-len(specs) // columns)
    step = tile + _GAP
    sheet = Image.new("RGB", (columns * step + _GAP, rows * step + _GAP), _PAPER)
    for index, spec in enumerate(specs):
        row, column = divmod(index, columns)
        picture = paint(replace(spec, width=tile, height=tile))
        sheet.paste(picture, (_GAP + column * step, _GAP + row * step))
    return sheet
