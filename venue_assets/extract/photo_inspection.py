"""From a downloaded image's bytes to a normalised photograph, or why it is none. Duplicates are `photo_set`'s work."""

from __future__ import annotations

import struct
import warnings
import zlib
from hashlib import sha256
from io import BytesIO
from typing import Final

from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

from venue_assets.extract.jpeg_segments import without_metadata
from venue_assets.extract.photo_hash import perceptual_hash
from venue_assets.extract.photo_measures import graphic_rejection, measure
from venue_assets.extract.values import Photo, Rejection

FORMATS: Final = ("JPEG", "PNG", "WEBP", "AVIF")
"""The formats read, by their bytes; file names and declared types are not believed."""

MAX_BYTES: Final = 30 * 2**20
MAX_PIXELS: Final = 50_000_000
"""Before decoding, by the header. The largest telephones' 48-megapixel photographs pass."""

MAX_SIDE: Final = 2048
"""Of the photographs given back; larger ones are reduced. Encoders look at a few hundred pixels, people at screens."""

MIN_SIDE: Final = 120
MIN_PIXELS: Final = 24_000
"""Smaller pictures (160 x 150 has 24,000 pixels) are icons and thumbnails."""

MAX_ASPECT: Final = 4.0
"""Longer ones are dividers and banners; the widest of 1,491 photographs is 3.05 to 1."""

MAX_TRANSPARENT: Final = 0.1
"""Share of transparent pixels; cut-out logos have over half."""

_QUALITY: Final = 90
# What Pillow's decoders raise on broken files.
_BROKEN: Final = (OSError, SyntaxError, ValueError, EOFError, IndexError, KeyError, TypeError, OverflowError,
                  ZeroDivisionError, RuntimeError, struct.error, zlib.error, MemoryError)  # fmt: skip


def inspect_photo(body: bytes) -> Photo | Rejection:
    """Decode, judge and normalise a picture; any bytes give a value.

    The photo is upright (EXIF orientation applied), 8-bit RGB in sRGB, without metadata, transparency on white, and
    JPEG. A JPEG that is so already keeps its compressed pixels as they are; everything else is encoded at quality 90.
    Equal bytes give equal bytes.

    Returns:
        The photo, or a rejection: "empty", "too_large" (bytes), "unsupported_format" (anything but `FORMATS`: SVG,
        GIF, HTML named .jpg), "too_many_pixels" (also decompression bombs), "tiny", "extreme_aspect", "animated",
        "broken" (truncated or malformed), "transparent", "blank", "graphic" (see `photo_measures`).
    """
    if not body:
        return Rejection("empty")
    if len(body) > MAX_BYTES:
        return Rejection("too_large", f"{len(body)} bytes, more than {MAX_BYTES}")
    with warnings.catch_warnings():
        # Pillow's own limits on pixels warn at other sizes than ours; a palette's transparency warns as well.
        warnings.simplefilter("ignore")
        try:
            return _inspect(body)
        except UnidentifiedImageError:
            return Rejection("unsupported_format", f"starts with {body[:12]!r}")
        except Image.DecompressionBombError as error:
            return Rejection("too_many_pixels", str(error))
        except _BROKEN as error:
            return Rejection("broken", f"{type(error).__name__}: {error}"[:200])


def _inspect(body: bytes) -> Photo | Rejection:
    with Image.open(BytesIO(body), formats=FORMATS) as opened:
        unfit = _unfit_header(opened)
        if unfit is not None:
            return unfit
        width, height = opened.size
        # A JPEG can be decoded at a half or less of its size, which bounds memory.
        opened.draft("RGB", (MAX_SIDE, MAX_SIDE))
        opened.load()
        is_plain = opened.format == "JPEG" and opened.mode == "RGB" and opened.size == (width, height)
        is_plain = is_plain and opened.getexif().get(0x0112, 1) == 1 and _is_srgb(opened)
        image = _to_rgb(ImageOps.exif_transpose(opened))
    if isinstance(image, Rejection):
        return image
    rejection = graphic_rejection(measure(image))
    if rejection is not None:
        return rejection
    stripped = without_metadata(body) if is_plain and max(width, height) <= MAX_SIDE else None
    if stripped is None:
        image.thumbnail((MAX_SIDE, MAX_SIDE), Image.Resampling.LANCZOS, reducing_gap=3.0)
        stripped = _encode(image)
    return Photo(
        body=stripped,
        sha256=sha256(stripped).hexdigest(),
        mime="image/jpeg",
        width=image.width,
        height=image.height,
        source_pixels=width * height,
        phash=perceptual_hash(image),
    )


def _unfit_header(opened: Image.Image) -> Rejection | None:
    """What size and frames alone rule out, before any pixel is decoded."""
    width, height = opened.size
    size = f"{width} x {height}"
    if width * height > MAX_PIXELS:
        return Rejection("too_many_pixels", size)
    if min(width, height) < MIN_SIDE or width * height < MIN_PIXELS:
        return Rejection("tiny", size)
    if max(width, height) > MAX_ASPECT * min(width, height):
        return Rejection("extreme_aspect", size)
    # Cameras' JPEG files may hold several pictures; the first is the photograph.
    if opened.format != "JPEG" and opened.format != "MPO" and getattr(opened, "n_frames", 1) > 1:
        return Rejection("animated", f"{getattr(opened, 'n_frames', 0)} frames")
    return None


def _to_rgb(image: Image.Image) -> Image.Image | Rejection:
    """8-bit RGB in sRGB, transparency on white; a rejection where too much is transparent."""
    profile = image.info.get("icc_profile")
    if image.mode.startswith(("I", "F")):
        # 16 bits a channel, which Pillow would clip rather than scale.
        image = image.convert("F").point(lambda value: value / 256).convert("L")
    has_alpha = image.mode in ("RGBA", "LA", "PA", "La", "RGBa") or "transparency" in image.info
    if has_alpha:
        image = image.convert("RGBA")
        histogram = image.getchannel("A").histogram()
        transparent = sum(histogram[:128]) / (image.width * image.height)
        if transparent > MAX_TRANSPARENT:
            return Rejection("transparent", f"{transparent:.0%} of the pixels")
        paper = Image.new("RGBA", image.size, "white")
        paper.alpha_composite(image)
        image = paper.convert("RGB")
    if profile and image.mode in ("RGB", "CMYK", "L"):
        image = _in_srgb(image, profile)
    return image.convert("RGB")


def _in_srgb(image: Image.Image, profile: bytes) -> Image.Image:
    """The colours under their profile; a profile that cannot be used is taken for none, as browsers do."""
    try:
        source = ImageCms.ImageCmsProfile(BytesIO(profile))
        converted = ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
    except (ImageCms.PyCMSError, OSError, ValueError):
        return image
    return converted or image


def _is_srgb(image: Image.Image) -> bool:
    """Whether it has no colour profile, or one that calls itself sRGB."""
    profile = image.info.get("icc_profile")
    if not profile:
        return True
    try:
        description = ImageCms.getProfileDescription(ImageCms.ImageCmsProfile(BytesIO(profile)))
    except (ImageCms.PyCMSError, OSError, ValueError):
        return True
    return "srgb" in description.lower()


def _encode(image: Image.Image) -> bytes:
    out = BytesIO()
    # A bare copy of the pixels: nothing of the file's information comes along.
    bare = Image.frombytes("RGB", image.size, image.tobytes())
    bare.save(out, "JPEG", quality=_QUALITY, subsampling="4:2:0", optimize=True)
    return out.getvalue()
