"""Small contact sheets of photographs, inline in Dagster's metadata."""

from __future__ import annotations

import base64
import io
from collections.abc import Iterable
from typing import Final

import dagster as dg
from PIL import Image, ImageOps

_TILE: Final = 96  # pixels
_GAP: Final = 4
_QUALITY: Final = 70  # JPEG; a sheet of 24 tiles is then about 60 kB, which the event log carries easily


def contact_sheet(pictures: Iterable[bytes], *, columns: int = 8) -> dg.MarkdownMetadataValue:
    """The pictures as square tiles in rows, as a markdown image; says so where there are none.

    Args:
        pictures: encoded images, each readable by Pillow (photographs of the photo store are).
        columns: tiles in a row.
    """
    tiles = [ImageOps.fit(Image.open(io.BytesIO(picture)).convert("RGB"), (_TILE, _TILE)) for picture in pictures]
    if not tiles:
        return dg.MetadataValue.md("no photographs")
    rows = -(-len(tiles) // columns)
    step = _TILE + _GAP
    sheet = Image.new("RGB", (min(len(tiles), columns) * step - _GAP, rows * step - _GAP), "white")
    for number, tile in enumerate(tiles):
        sheet.paste(tile, (number % columns * step, number // columns * step))
    encoded = io.BytesIO()
    sheet.save(encoded, "JPEG", quality=_QUALITY)
    return dg.MetadataValue.md(f"![sample](data:image/jpeg;base64,{base64.b64encode(encoded.getvalue()).decode()})")
