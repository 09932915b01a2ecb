"""Bytes become normalised photographs or reasons."""

from __future__ import annotations

import struct
import zlib
from io import BytesIO

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageCms, ImageDraw

from tests.venue_assets.extract.pages import MATERIAL, encoded, needs_photos, needs_sites, scene
from venue_assets.extract import photo_inspection
from venue_assets.extract.photo_hash import hash_distance
from venue_assets.extract.photo_inspection import inspect_photo
from venue_assets.extract.values import Photo, Rejection

PLAIN = encoded(scene(), quality=88)


def photo(body: bytes) -> Photo:
    found = inspect_photo(body)
    assert isinstance(found, Photo), found
    return found


def reason(body: bytes) -> str:
    found = inspect_photo(body)
    assert isinstance(found, Rejection), found
    return found.reason


def pixels(body: bytes) -> np.ndarray:
    return np.asarray(Image.open(BytesIO(body)).convert("RGB"), dtype=int)


def png_of_size(width: int, height: int) -> bytes:
    """A PNG file that claims a size; its pixels are a bomb's."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    packed = zlib.compress(b"\0" * 10_000_000, 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")


def test_a_plain_jpeg_keeps_its_bytes() -> None:
    found = photo(PLAIN)
    assert (found.body, found.mime, found.width, found.height) == (PLAIN, "image/jpeg", 480, 320)
    assert found.source_pixels == 480 * 320


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_every_format_gives_the_same_picture_twice(form: str) -> None:
    body = encoded(scene(), form)
    found = photo(body)
    assert inspect_photo(body) == found
    assert np.abs(pixels(found.body) - np.asarray(scene(), dtype=int)).mean() < 6
    assert hash_distance(found.phash, photo(PLAIN).phash) <= 2
    again = photo(found.body)
    assert again.body == found.body, "normalising twice is normalising once"


def test_metadata_goes_and_pixels_stay() -> None:
    exif = Image.Exif()
    exif[0x010F] = "SECRET CAMERA"
    exif.get_ifd(0x8825)[2] = (51.0, 30.0, 0.0)
    body = encoded(scene(), exif=exif, comment=b"SECRET COMMENT", quality=88, progressive=True) + b"SECRET TRAILER"
    found = photo(body)
    assert b"SECRET" in body
    assert b"SECRET" not in found.body
    assert b"Exif" not in found.body
    assert (pixels(found.body) == pixels(body)).all()
    png = encoded(scene(), "PNG", exif=exif)
    assert b"SECRET" not in photo(png).body


@pytest.mark.parametrize("orientation", range(1, 9))
def test_photographs_are_upright(orientation: int) -> None:
    transposed = {2: Image.Transpose.FLIP_LEFT_RIGHT, 3: Image.Transpose.ROTATE_180, 4: Image.Transpose.FLIP_TOP_BOTTOM,
                  5: Image.Transpose.TRANSPOSE, 6: Image.Transpose.ROTATE_90, 7: Image.Transpose.TRANSVERSE,
                  8: Image.Transpose.ROTATE_270}.get(orientation)  # fmt: skip
    stored = scene() if transposed is None else scene().transpose(transposed)
    exif = Image.Exif()
    exif[0x0112] = orientation
    found = photo(encoded(stored, quality=95, exif=exif))
    assert (found.width, found.height) == (480, 320)
    assert np.abs(pixels(found.body) - np.asarray(scene(), dtype=int)).mean() < 6


@pytest.mark.parametrize(
    ("image", "form"),
    [
        (scene().convert("L"), "JPEG"),
        (scene().convert("L"), "PNG"),
        (scene().convert("P", palette=Image.Palette.ADAPTIVE), "PNG"),
        (scene().convert("CMYK"), "JPEG"),
        (scene().convert("RGBA"), "WEBP"),
        (scene().convert("LA"), "PNG"),
        (Image.fromarray(np.asarray(scene().convert("L"), dtype=np.uint16) * 257), "PNG"),
    ],
)
def test_every_mode_becomes_rgb_with_its_brightness(image: Image.Image, form: str) -> None:
    found = photo(encoded(image, form))
    opened = Image.open(BytesIO(found.body))
    assert (opened.mode, opened.format) == ("RGB", "JPEG")
    assert abs(pixels(found.body).mean() - np.asarray(scene(), dtype=int).mean()) < 8


def test_colours_are_read_under_their_profile() -> None:
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    assert photo(encoded(scene(), quality=88, icc_profile=lab)).body == PLAIN
    assert reason(encoded(scene(), icc_profile=b"broken profile")[:200]) == "broken"
    assert photo(encoded(scene(), quality=88, icc_profile=b"broken profile")).body == PLAIN


def test_large_photographs_are_reduced() -> None:
    body = encoded(scene(3000, 2000), quality=60)
    found = photo(body)
    assert (found.width, found.source_pixels) == (photo_inspection.MAX_SIDE, 6_000_000)
    assert abs(found.height - 1365) <= 1


def test_little_transparency_is_paper_much_is_a_cut_out() -> None:
    alpha = Image.new("L", (480, 320), 255)
    alpha.paste(0, (0, 0, 480, 16))
    image = scene().convert("RGBA")
    image.putalpha(alpha)
    assert pixels(photo(encoded(image, "PNG")).body)[2:10, 2:470].min() > 230
    alpha.paste(0, (0, 0, 480, 160))
    image.putalpha(alpha)
    assert reason(encoded(image, "PNG")) == "transparent"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"", "empty"),
        (b"<html><body>Not found", "unsupported_format"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"/>', "unsupported_format"),
        (encoded(scene(), "GIF"), "unsupported_format"),
        (encoded(scene(), "BMP"), "unsupported_format"),
        (encoded(scene(), "TIFF"), "unsupported_format"),
        (b"x" * (photo_inspection.MAX_BYTES + 1), "too_large"),
        (png_of_size(12_000, 9_000), "too_many_pixels"),
        (png_of_size(60_000, 60_000), "too_many_pixels"),
        (png_of_size(4_000, 3_000), "broken"),
        (PLAIN[: len(PLAIN) // 2], "broken"),
        (encoded(scene(), "PNG")[:5000], "broken"),
        (encoded(scene(), "WEBP")[:5000], "broken"),
        (encoded(scene(100, 100)), "tiny"),
        (encoded(scene(110, 400)), "tiny"),
        (encoded(scene(1200, 200)), "extreme_aspect"),
        (encoded(scene(), "WEBP", save_all=True, append_images=[scene(seed=1)]), "animated"),
        (encoded(scene(), "PNG", save_all=True, append_images=[scene(seed=1)]), "animated"),
        (encoded(Image.new("RGB", (400, 300), "#eee")), "blank"),
        (encoded(Image.linear_gradient("L").resize((400, 300)), "PNG"), "blank"),
    ],
)
def test_what_is_no_photograph(body: bytes, expected: str) -> None:
    assert reason(body) == expected


def drawings() -> dict[str, Image.Image]:
    rng = np.random.default_rng(4)
    found = {}
    badge = Image.new("RGB", (600, 600), "#fffdf9")
    draw = ImageDraw.Draw(badge)
    draw.ellipse((6, 6, 594, 594), fill="#c9a85c", outline="#463e34", width=9)
    draw.text((300, 300), "2025", font_size=130, anchor="mm", fill="#463e34")
    found["badge"] = badge
    menu = Image.new("RGB", (800, 1100), "white")
    draw = ImageDraw.Draw(menu)
    for y in range(40, 1060, 24):
        draw.text(
            (50, y), "Our menus are made with produce from the farm, from £45 a head", font_size=18, fill="#282828"
        )
    found["menu"] = menu
    banner = Image.new("RGB", (1200, 628), "#1e3c32")
    ImageDraw.Draw(banner).text((600, 300), "Open day", font_size=150, anchor="mm", fill="white")
    found["banner"] = banner
    code = Image.fromarray((rng.random((25, 25)) < 0.5).astype(np.uint8) * 255).resize(
        (500, 500), Image.Resampling.NEAREST
    )
    found["code"] = code.convert("RGB")
    plan = Image.new("RGB", (900, 700), "white")
    draw = ImageDraw.Draw(plan)
    for number in range(9):
        x, y = 40 + 280 * (number % 3), 40 + 210 * (number // 3)
        colour = tuple(int(value) for value in rng.integers(180, 250, 3))
        draw.rectangle((x, y, x + 260, y + 190), fill=colour, outline="black", width=6)
        draw.text((x + 40, y + 80), "Bedroom", font_size=30, fill="#333")
    found["plan"] = plan
    return found


@pytest.mark.parametrize("name", list(drawings()))
@pytest.mark.parametrize("form", ["PNG", "JPEG"])
def test_drawings_are_no_photographs(name: str, form: str) -> None:
    assert reason(encoded(drawings()[name], form)) == ("blank" if name == "banner" else "graphic")


@given(st.integers(0, len(PLAIN) - 1), st.binary(min_size=1, max_size=8))
def test_damaged_files_never_raise(place: int, damage: bytes) -> None:
    inspect_photo(PLAIN[:place] + damage + PLAIN[place + len(damage) :])


@given(
    st.sampled_from([PLAIN[:2], PLAIN[:200], b"\x89PNG\r\n\x1a\n", b"RIFF\xff\0\0\0WEBP", b"\0\0\0\x1cftypavif"]),
    st.binary(),
)
def test_no_bytes_raise(start: bytes, rest: bytes) -> None:
    assert isinstance(inspect_photo(start + rest), Rejection)


@needs_photos
def test_under_1_percent_of_real_photographs_are_refused() -> None:
    # Every fifth, 298 in all; of all 1,491 four are refused: three panoramas of 320 x 115 pixels and less, one dune.
    files = sorted((MATERIAL / "photos" / "sun8").rglob("*.jpg"))[::5]
    refused = [file.name for file in files if isinstance(inspect_photo(file.read_bytes()), Rejection)]
    assert len(files) > 200
    assert len(refused) / len(files) < 0.01, refused


@needs_sites
def test_logos_icons_and_plans_of_real_sites_are_refused_and_their_photographs_not() -> None:
    graphics = {"favicon-32.png", "icon-180.png", "floorplan.jpg", "floorplan.avif", "jade-room-logo-full.png",
                "jade-room-logo-header.png", "deer-picto-122x122.jpg", "deer-picto-176x176.png", "blacklogotext.PNG",
                "whitelogotext.PNG", "bzommaricon.png", "tilalquote.png"}  # fmt: skip
    files = [
        file for file in sorted((MATERIAL / "sites").rglob("*"))
        if file.suffix.lower() in (".jpg", ".jpeg", ".png", ".webp", ".avif")
    ]  # fmt: skip
    # The largest photographs of a folder look like the others; every second keeps the test short.
    chosen = [file for number, file in enumerate(files) if file.name in graphics or number % 2]
    refused = {file.name for file in chosen if isinstance(inspect_photo(file.read_bytes()), Rejection)}
    assert refused == graphics
