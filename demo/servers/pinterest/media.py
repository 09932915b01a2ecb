"""The pictures behind the API's media URLs, painted on first request and kept.

Sizes are the API's folder names: `150x150` and `400x300` are exact, `564x`, `600x` and `1200x` give the width and
keep the picture's proportions.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path
from typing import Final

from demo.pictures import encode, paint
from demo.servers.pinterest.render import CAROUSEL_LENGTH, scaled_height
from demo.sites.disk import SCRATCH, write_whole
from demo.world.model import PictureSpec

_KEPT_IN_MEMORY: Final = 256
_NAME: Final = re.compile(r"(?P<pin_id>\d+)(-(?P<frame>\d))?\.jpg")
_EXACT: Final = {"150x150": (150, 150), "400x300": (400, 300)}
_WIDTHS: Final = {"564x": 564, "600x": 600, "1200x": 1200}


class NoSuchImageError(LookupError):
    """No such size, or not a name of ours."""


def parse_name(name: str) -> tuple[str, int]:
    """Pin id and frame of a file name such as `123.jpg`, or `123-1.jpg` for a carousel's second picture.

    Raises:
        NoSuchImageError: the name is not of that form.
    """
    match = _NAME.fullmatch(name)
    frame = int(match["frame"] or 0) if match else 0
    if match is None or frame >= CAROUSEL_LENGTH:
        raise NoSuchImageError(name)
    return match["pin_id"], frame


class MediaStore:
    """JPEG bytes by picture and size; safe to call from several threads."""

    def __init__(self, directory: Path | None) -> None:
        self._directory = directory
        self._painted: Callable[[PictureSpec], bytes] = lru_cache(_KEPT_IN_MEMORY)(_paint)

    def jpeg(self, pin_id: str, spec: PictureSpec, size: str, frame: int = 0) -> bytes:
        """The picture of a pin. Raises NoSuchImageError."""
        scaled = _at_size(replace(spec, seed=spec.seed + frame), size)
        if self._directory is None:
            return self._painted(scaled)
        # Named by the picture, not the pin alone: the folder outlives the process, and ids of added pins may recur.
        picture = blake2b(repr(scaled).encode(), digest_size=8).hexdigest()
        path = self._directory / size / f"{pin_id}-{frame}-{picture}.jpg"
        if path.is_file():
            return path.read_bytes()
        data = self._painted(scaled)
        write_whole(path, data, self._directory / SCRATCH)
        return data


def _paint(spec: PictureSpec) -> bytes:
    return encode(paint(spec))


def _at_size(spec: PictureSpec, size: str) -> PictureSpec:
    if size in _EXACT:
        width, height = _EXACT[size]
    elif size in _WIDTHS:
        width = _WIDTHS[size]
        height = scaled_height(spec, width)
    else:
        raise NoSuchImageError(size)
    return replace(spec, width=width, height=height)
