"""Taking the metadata out of a JPEG file without decoding its pixels (ITU-T T.81, annex B)."""

from __future__ import annotations

import re
from typing import Final

_START: Final = b"\xff\xd8"
_SCAN, _END = 0xDA, 0xD9
_STAND_ALONE: Final = frozenset({0x00, 0x01, 0xFF, *range(0xD0, 0xD9)})
# The next segment in compressed data: not a stuffed byte, a restart or filling.
_MARKER: Final = re.compile(rb"\xff[^\x00\x01\xd0-\xd7\xff]")
# What pixels need: JFIF's and Adobe's segments say how colours are coded. All other application data (Exif with its
# positions, XMP, ICC profiles, thumbnails) and comments go.
_JFIF, _ADOBE, _COMMENT = 0xE0, 0xEE, 0xFE
_APPLICATION: Final = range(0xE0, 0xF0)


def without_metadata(body: bytes) -> bytes | None:
    """The same picture, pixel for pixel, without metadata; None where the file is not laid out as expected.

    What stands behind the picture's end (other pictures, in some cameras' files) stays off too.
    """
    if not body.startswith(_START):
        return None
    kept = [_START]
    place = len(_START)
    while place + 2 <= len(body):
        marker = body[place + 1]
        if body[place] != 0xFF or marker in _STAND_ALONE:
            return None
        if marker == _END:
            return b"".join([*kept, body[place : place + 2]])
        end = place + 2 + int.from_bytes(body[place + 2 : place + 4], "big")
        if marker == _SCAN:
            # Compressed data lasts until the next marker.
            following = _MARKER.search(body, end)
            if following is None:
                return None
            end = following.start()
        if _is_needed(marker, body[place + 4 : place + 9]):
            kept.append(body[place:end])
        place = end
    return None


def _is_needed(marker: int, beginning: bytes) -> bool:
    if marker == _JFIF:
        return beginning == b"JFIF\0"
    return marker == _ADOBE or (marker not in _APPLICATION and marker != _COMMENT)
