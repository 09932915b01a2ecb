"""Pictures of the store in the few sizes pages need, re-encoded here and kept in memory for a while.

What leaves is always WebP that this process wrote: no site's bytes, no camera's position, no file that is two things
at once. In memory only, so that forgetting somebody leaves no picture behind. Who may see what is not decided here.
"""

from __future__ import annotations

import io
import threading
import time
import warnings
from collections import OrderedDict
from typing import Final

from PIL import Image, ImageOps

from resources.photo_store import CorruptPhotoError, PhotoStore
from resources.pictures import FORMATS, MAX_BYTES, MAX_PIXELS

WIDTHS: Final = (320, 640, 1280)
"""Pixels. A picture is never made larger than it is."""

MIME: Final = "image/webp"
_QUALITY: Final = 80
_EFFORT: Final = 2  # of 6: a fifth of the time, a twentieth more bytes
_MEMORY_BYTES: Final = 192 * 2**20
_KNOWN_S: Final = 60.0
"""Seconds for which it is remembered whether a file is kept; a forgotten person's is asked for no more anyway."""

_KNOWN: Final = 50_000


class Pictures:
    """Pictures of one store.

    Args:
        store: where they are.
        memory_bytes: how much the sizes made may take up; the longest unused go first.
    """

    def __init__(self, store: PhotoStore, memory_bytes: int = _MEMORY_BYTES) -> None:
        self._store = store
        self._room = memory_bytes
        self._made: OrderedDict[tuple[str, int], bytes] = OrderedDict()
        self._known: OrderedDict[str, tuple[bool, float]] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, photo_id: str, width: int) -> bytes | None:
        """A picture as WebP; None where its file is not kept (PIN_RETENTION), is damaged, or is no picture.

        Raises:
            ValueError: not a photo id, or not one of `WIDTHS`.
        """
        if width not in WIDTHS:
            raise ValueError(f"pictures are {WIDTHS} pixels wide, not {width}")
        key = (photo_id, width)
        with self._lock:
            if key in self._made:
                self._made.move_to_end(key)
                return self._made[key]
        made = self._make(photo_id, width)
        if made is not None:
            self._keep(key, made)
        return made

    def is_kept(self, photo_id: str | None) -> bool:
        """Whether the store has a picture's file."""
        if photo_id is None:
            return False
        now = time.monotonic()
        known = self._known.get(photo_id)
        if known is not None and now - known[1] < _KNOWN_S:
            return known[0]
        kept = self._store.exists(photo_id)
        with self._lock:
            self._known[photo_id] = (kept, now)
            if len(self._known) > _KNOWN:
                self._known.popitem(last=False)
        return kept

    def _keep(self, key: tuple[str, int], made: bytes) -> None:
        with self._lock:
            if key not in self._made:
                self._made[key] = made
                self._room -= len(made)
            while self._room < 0 and self._made:
                self._room += len(self._made.popitem(last=False)[1])

    def _make(self, photo_id: str, width: int) -> bytes | None:
        try:
            content = self._store.get(photo_id)
        except (FileNotFoundError, CorruptPhotoError):
            return None  # that a file is damaged is found and said where it is embedded
        return resized(content, width)


def resized(content: bytes, width: int) -> bytes | None:
    """Any picture as WebP, upright, at most `width` pixels wide; None for what is no picture, or too large a one."""
    if len(content) > MAX_BYTES:
        return None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Pillow warns at half its own limit on pixels
        try:
            with Image.open(io.BytesIO(content), formats=FORMATS) as opened:
                if opened.width * opened.height > MAX_PIXELS:
                    return None
                opened.draft("RGB", (width * 2, width * 2))
                upright = ImageOps.exif_transpose(opened)
                # Colours stay what they were: the profile goes along, all other metadata does not.
                profile = opened.info.get("icc_profile") if opened.mode in ("RGB", "P") else None
                picture = upright.convert("RGB")
        except (OSError, ValueError, SyntaxError, RuntimeError, Image.DecompressionBombError):
            return None
    if picture.width > width:
        height = max(1, round(picture.height * width / picture.width))
        picture = picture.resize((width, height), Image.Resampling.LANCZOS)
    encoded = io.BytesIO()
    picture.save(encoded, "WEBP", quality=_QUALITY, method=_EFFORT, icc_profile=profile)
    return encoded.getvalue()
