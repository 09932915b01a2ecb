"""Small pictures for Dagster's metadata: bars of how tastes are distributed, and rows of what is in them.

As data URLs in markdown, so that the event log carries them. Nothing here reads the database.
"""

from __future__ import annotations

import base64
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from PIL import Image, ImageDraw, ImageOps

from resources.photo_store import CorruptPhotoError, PhotoStore

_TILE: Final = 72  # pixels
_GAP: Final = 4
_CAPTION: Final = 14
_QUALITY: Final = 70
_PLOT: Final = (300, 130)
_BARS: Final = 20
_INK: Final = "#333333"
_FILL: Final = "#7a6ff0"


@dataclass(frozen=True, slots=True)
class PictureRow:
    """A taste in pictures: what is said above it, and photo ids, the one that stands for it first."""

    caption: str
    photo_ids: Sequence[str]


def distribution_plot(cluster_counts: Mapping[int, int], silhouettes: Sequence[float]) -> str:
    """Two bar charts as a markdown image: people by number of clusters, and by silhouette from -1 to 1.

    Args:
        cluster_counts: number of clusters to number of people.
        silhouettes: one for each person who has one.
    """
    width, height = _PLOT
    sheet = Image.new("RGB", (2 * width, height), "white")
    draw = ImageDraw.Draw(sheet)
    most = max(cluster_counts, default=0)
    counts = [cluster_counts.get(number, 0) for number in range(most + 1)]
    _bars(draw, 0, "people by number of clusters", counts, [str(number) for number in range(most + 1)])
    binned = [0] * _BARS
    for value in silhouettes:
        binned[min(_BARS - 1, int((value + 1) / 2 * _BARS))] += 1
    marks = [f"{-1 + 2 * number / _BARS:.0f}" if number % (_BARS // 2) == 0 else "" for number in range(_BARS)]
    _bars(draw, width, "people by silhouette", binned, marks)
    return _markdown(sheet, "PNG", "distribution")


def picture_rows(rows: Sequence[PictureRow], store: PhotoStore) -> str:
    """Each taste's pictures in a row, as a markdown image; says so where no file of them is kept.

    With PIN_RETENTION=minimal the files of most pins are gone, and a row shows those that a venue shows, too.
    """
    kept = [(row.caption, pictures) for row in rows if (pictures := _thumbnails(row.photo_ids, store))]
    if not kept:
        return "no picture of these tastes is kept (PIN_RETENTION)" if rows else "nobody has a taste yet"
    step, rise = _TILE + _GAP, _TILE + _GAP + _CAPTION
    columns = max(len(pictures) for _, pictures in kept)
    sheet = Image.new("RGB", (max(columns * step - _GAP, _PLOT[0]), len(kept) * rise), "white")
    draw = ImageDraw.Draw(sheet)
    for number, (caption, pictures) in enumerate(kept):
        draw.text((0, number * rise), caption, fill=_INK)
        for place, picture in enumerate(pictures):
            sheet.paste(picture, (place * step, number * rise + _CAPTION))
    return _markdown(sheet, "JPEG", "tastes")


def _bars(draw: ImageDraw.ImageDraw, left: int, title: str, counts: Sequence[int], marks: Sequence[str]) -> None:
    width, height = _PLOT
    draw.text((left + _GAP, 0), title, fill=_INK)
    floor, ceiling = height - _CAPTION, 2 * _CAPTION
    step = (width - 2 * _GAP) / max(len(counts), 1)
    for number, (count, mark) in enumerate(zip(counts, marks, strict=True)):
        start = left + _GAP + number * step
        if count:
            top = floor - (floor - ceiling) * count / max(counts)
            draw.rectangle((start + 1, top, start + step - 1, floor), fill=_FILL)
            draw.text((start + 1, top - _CAPTION + 2), str(count), fill=_INK)
        draw.text((start + 1, floor + 1), mark, fill=_INK)


def _thumbnails(photo_ids: Sequence[str], store: PhotoStore) -> list[Image.Image]:
    tiles = []
    for photo_id in photo_ids:
        try:
            content = store.get(photo_id)
        except (FileNotFoundError, CorruptPhotoError):
            continue  # not kept; that a file is damaged is found and said where it is embedded
        tiles.append(ImageOps.fit(Image.open(io.BytesIO(content)).convert("RGB"), (_TILE, _TILE)))
    return tiles


def _markdown(sheet: Image.Image, kind: str, title: str) -> str:
    encoded = io.BytesIO()
    sheet.save(encoded, kind, quality=_QUALITY)
    content = base64.b64encode(encoded.getvalue()).decode()
    return f"![{title}](data:image/{kind.lower()};base64,{content})"
