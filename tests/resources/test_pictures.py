"""Judging bytes as pictures: Pillow draws them, and what is no picture is told by its reason."""

from __future__ import annotations

import io
import struct
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from resources import pictures
from resources.pictures import FORMATS, Picture, inspect_picture


def drawn(form: str, size: tuple[int, int] = (300, 200), **options: object) -> bytes:
    out = io.BytesIO()
    Image.linear_gradient("L").resize(size).convert("RGB").save(out, form, **options)
    return out.getvalue()


@pytest.mark.parametrize("form", FORMATS)
def test_every_format_is_read(form: str) -> None:
    assert inspect_picture(drawn(form)) == Picture(Image.MIME[form], 300, 200)


def test_a_picture_is_measured_as_it_is_shown() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    assert inspect_picture(drawn("JPEG", exif=exif)) == Picture("image/jpeg", 200, 300)


@pytest.mark.parametrize("form", FORMATS)
def test_half_a_file_is_broken(form: str) -> None:
    whole = drawn(form, (800, 600))
    assert inspect_picture(whole[: len(whole) // 2]) in ("broken", "not_an_image")


def test_what_is_no_picture_is_told_by_its_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    assert inspect_picture(b"") == inspect_picture(b"<html></html>") == "not_an_image"
    assert inspect_picture(drawn("BMP")) == inspect_picture(drawn("TIFF")) == "not_an_image"
    assert inspect_picture(drawn("PNG", (63, 500))) == "tiny"
    monkeypatch.setattr(pictures, "MAX_BYTES", 100)
    assert inspect_picture(drawn("PNG")) == "too_large"


@pytest.mark.parametrize("side", [8000, 60_000])
def test_a_bomb_is_refused_by_its_header(side: int) -> None:
    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    chunk = b"IHDR" + header
    bomb = b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + chunk + struct.pack(">I", zlib.crc32(chunk))
    assert inspect_picture(bomb + struct.pack(">I", 0) + b"IDAT" + struct.pack(">I", zlib.crc32(b"IDAT"))) == (
        "too_many_pixels"
    )


@settings(deadline=None)
@given(st.binary(max_size=400), st.integers(0, 400), st.sampled_from(FORMATS))
def test_any_bytes_give_a_value(noise: bytes, place: int, form: str) -> None:
    body = drawn(form, (80, 70))
    for content in (noise, body[:place] + noise + body[place + len(noise) :]):
        found = inspect_picture(content)
        assert isinstance(found, Picture) or found in ("not_an_image", "broken", "tiny", "too_many_pixels")
