"""Decoding and framing: the pixels that open_clip's own transform would see, whatever the file."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any, Literal, get_args

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from PIL import Image

from resources import torch_runtime
from resources.encoders.pictures import Framing, UnreadablePictureError
from tests.resources.encoders.models import photograph

Mode = Literal["shortest", "longest", "squash"]
PHOTOS = Path(__file__).resolve().parents[4] / "shared/material/sites"


def open_clips_own(content: bytes, size: int, mode: str, interpolation: str = "bicubic") -> np.ndarray:
    """Pixels from 0 to 255 of open_clip's transform at inference."""
    torch_runtime.open_clip()
    from open_clip.transform import image_transform

    view = image_transform(
        size, is_train=False, mean=(0.0,) * 3, std=(1.0,) * 3, resize_mode=mode, interpolation=interpolation
    )
    return np.asarray(view(Image.open(io.BytesIO(content))).permute(1, 2, 0) * 255)


def saved(picture: Image.Image, form: str, **options: Any) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, form, **options)
    return buffer.getvalue()


@example(10, 11, 16, "longest", "bicubic")  # one column short of the frame
@settings(max_examples=40, deadline=None)
@given(
    st.integers(1, 300), st.integers(1, 300), st.sampled_from([16, 33, 64]), st.sampled_from(get_args(Mode)),
    st.sampled_from(["bicubic", "bilinear"]),
)  # fmt: skip
def test_pixels_are_those_of_open_clip(
    width: int, height: int, size: int, mode: Mode, interpolation: Literal["bicubic", "bilinear"]
) -> None:
    if max(width, height) > 16 * min(width, height):
        width = height = min(width, height)
    content = photograph(width * 1000 + height, width, height, "PNG")
    ours = Framing(size, size, mode, interpolation).pixels(content)
    theirs = open_clips_own(content, size, mode, interpolation)
    assert ours.shape == theirs.shape == (size, size, 3)
    # The crop of a scaled picture and the scaled crop of a picture differ by the rounding of two passes.
    assert np.abs(ours - theirs).max() <= 2


@pytest.mark.parametrize("mode", get_args(Mode))
def test_a_thread_of_a_picture_is_framed_without_gigabytes(mode: Mode) -> None:
    content = saved(Image.linear_gradient("L").resize((2, 60_000)), "PNG")
    framed = Framing(224, 224, mode).pixels(content)
    assert framed.shape == (224, 224, 3)
    assert int(framed[112].max()) == pytest.approx(127, abs=3), "its middle"


@pytest.mark.skipif(not PHOTOS.is_dir(), reason="the real venue sites of ../shared/material are not here")
def test_real_jpegs_decoded_at_reduced_scale_look_the_same() -> None:
    files = [path.read_bytes() for path in sorted(PHOTOS.rglob("*.jpg"))]
    large = [file for file in files if min(Image.open(io.BytesIO(file)).size) >= 450][:12]
    assert len(large) == 12
    for file in large:
        difference = np.abs(Framing(224, 224).pixels(file) - open_clips_own(file, 224, "shortest"))
        assert difference.mean() < 2.5, "of 255"


def test_a_picture_is_turned_as_its_camera_says() -> None:
    upright = Image.open(io.BytesIO(photograph(3, 400, 200, "PNG")))
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned by 90 degrees clockwise to be seen
    lying = saved(upright.transpose(Image.Transpose.ROTATE_90), "JPEG", quality=95, exif=exif)
    for mode in get_args(Mode):
        framing = Framing(48, 64, mode)
        straight = framing.pixels(saved(upright, "JPEG", quality=95)).astype(int)
        assert np.abs(framing.pixels(lying) - straight).mean() < 3


def test_what_is_transparent_is_white() -> None:
    picture = Image.new("RGBA", (40, 40), (0, 0, 0, 0))
    picture.paste((200, 0, 0, 255), (0, 0, 20, 40))
    framed = Framing(40, 40).pixels(saved(picture, "PNG"))
    assert framed[20, 5].tolist() == [200, 0, 0]
    assert framed[20, 35].tolist() == [255, 255, 255]


@pytest.mark.parametrize("mode", ["L", "P", "CMYK", "1", "LA"])
def test_every_kind_of_picture_becomes_rgb(mode: str) -> None:
    content = saved(Image.open(io.BytesIO(photograph(1, form="PNG"))).convert(mode), "TIFF")
    framed = Framing(20, 20).pixels(content)
    assert framed.shape == (20, 20, 3)
    assert framed.std() > 5


@pytest.mark.parametrize(
    "content", [b"", b"<html>404</html>", photograph(1)[:300], b"\x89PNG\r\n\x1a\n" + bytes(40), b"GIF89a" + bytes(20)]
)
def test_what_is_no_picture(content: bytes) -> None:
    with pytest.raises(UnreadablePictureError):
        Framing(8, 8).pixels(content)


def test_a_picture_that_unpacks_to_gigabytes_is_refused() -> None:
    bomb = saved(Image.new("1", (14_000, 14_000)), "PNG")
    assert len(bomb) < 1_000_000
    with pytest.raises(UnreadablePictureError, match="DecompressionBomb"):
        Framing(8, 8).pixels(bomb)
