"""Pictures as they leave: re-encoded, upright, small, without what else was in the file; bounded in memory."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from lookbook.pictures import Pictures, resized
from resources.photo_store import PhotoStore


def jpeg(size: tuple[int, int], orientation: int = 1, colour: str = "red") -> bytes:
    exif, encoded = Image.Exif(), io.BytesIO()
    exif[0x0112], exif[0x010E] = orientation, "taken in secret"
    Image.new("RGB", size, colour).save(encoded, "JPEG", exif=exif)
    return encoded.getvalue()


def opened(content: bytes | None) -> Image.Image:
    assert content is not None
    return Image.open(io.BytesIO(content))


def test_a_picture_is_made_smaller_upright_and_bare() -> None:
    picture = opened(resized(jpeg((1600, 800), orientation=6), 320))
    assert picture.format == "WEBP"
    assert picture.size == (320, 640), "turned as the camera was held"
    assert not picture.getexif()
    assert b"secret" not in (resized(jpeg((1600, 800)), 320) or b"")
    assert opened(resized(jpeg((100, 50)), 320)).size == (100, 50), "never larger than it is"


def test_other_kinds_of_pictures() -> None:
    for mode, kind in (("P", "GIF"), ("RGBA", "PNG"), ("L", "JPEG"), ("CMYK", "JPEG")):
        encoded = io.BytesIO()
        Image.new(mode, (80, 60)).save(encoded, kind)
        assert opened(resized(encoded.getvalue(), 320)).size == (80, 60)


@given(st.binary(max_size=400))
def test_what_is_no_picture_is_none(content: bytes) -> None:
    assert resized(content, 320) is None
    whole = jpeg((90, 90))
    assert resized(whole[: len(whole) // 2] + content[:0], 320) is None


def test_memory_is_bounded_and_files_are_read_once(tmp_path: Path) -> None:
    store = PhotoStore(str(tmp_path))
    ids = [store.put(jpeg((200, 200 + number))) for number in range(6)]
    size = len(resized(jpeg((200, 200)), 320) or b"")
    pictures = Pictures(store, memory_bytes=int(size * 2.5))
    first = pictures.get(ids[0], 320)
    store.delete(ids[0])
    assert pictures.get(ids[0], 320) == first
    for one in ids[1:]:
        assert pictures.get(one, 320) is not None
    assert pictures.get(ids[0], 320) is None, "pushed out by the others, and its file is gone"
    assert pictures.is_kept(ids[1])
    assert not pictures.is_kept(ids[0])
    assert not pictures.is_kept(None)


def test_only_known_sizes_and_ids(tmp_path: Path) -> None:
    pictures = Pictures(PhotoStore(str(tmp_path)))
    with pytest.raises(ValueError, match="not 333"):
        pictures.get("0" * 64, 333)
    with pytest.raises(ValueError, match="not a photo id"):
        pictures.get("../" * 22, 320)
    assert pictures.get("0" * 64, 320) is None
