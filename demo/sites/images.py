"""The bytes of a site's image files: painted photographs in every size and format, and drawn decoys."""

from __future__ import annotations

from functools import lru_cache
from io import BytesIO
from typing import TYPE_CHECKING, Final

from PIL import Image, ImageDraw, ImageFont

from demo.pictures import encode, paint
from demo.sites.prose import short_name
from demo.sites.render import render_missing

if TYPE_CHECKING:
    from demo.sites.plan import ImageFile, SitePlan
    from demo.world.model import PictureSpec

MIME_TYPES: Final = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp"}

_INK: Final = (70, 62, 52)
_PAPER: Final = (255, 253, 249)


def image_bytes(plan: SitePlan, file: ImageFile) -> bytes:
    """The file as the site serves it; the same file gives the same bytes anywhere."""
    if file.kind == "page":
        return render_missing(plan)
    if file.spec is None:
        return _png(_decoy(plan, file))
    picture = _painted(file.spec)
    if picture.size != (file.width, file.height):
        picture = picture.resize((file.width, file.height), Image.Resampling.LANCZOS)
    return encode(picture, format=file.format, quality=file.quality)


# A photograph's files follow each other, so a few originals are enough.
@lru_cache(maxsize=8)
def _painted(spec: PictureSpec) -> Image.Image:
    return paint(spec)


def _decoy(plan: SitePlan, file: ImageFile) -> Image.Image:
    # Placeholder and pixel are plain white; the others are ink on nothing.
    opaque = file.kind in ("placeholder", "pixel")
    image = Image.new("RGBA", (file.width, file.height), (255, 255, 255, 255 if opaque else 0))
    draw = ImageDraw.Draw(image)
    width, height = file.width, file.height
    match file.kind:
        case "logo":
            _centred(draw, width, height, short_name(plan.venue), 26)
            draw.line((width * 0.3, height - 12, width * 0.7, height - 12), fill=_INK)
        case "badge":
            draw.ellipse((6, 6, width - 6, height - 6), fill=(201, 168, 92), outline=_INK, width=3)
            _centred(draw, width, height, "2025", 34)
        case "divider":
            for x in range(0, width, 40):
                draw.arc((x, height * 0.2, x + 40, height * 0.8), 0, 180 if x % 80 else 360, fill=_INK)
        case "icon":
            draw.ellipse((2, 2, width - 3, height - 3), fill=_INK)
            draw.rectangle((width * 0.35, height * 0.4, width * 0.65, height * 0.6), fill=_PAPER)
    return image


def _centred(draw: ImageDraw.ImageDraw, width: int, height: int, text: str, size: int) -> None:
    """Text in the middle, made smaller until it fits."""
    font = ImageFont.load_default(size)
    while size > 10 and draw.textlength(text, font=font) > width - 16:
        size -= 2
        font = ImageFont.load_default(size)
    draw.text((width / 2, height / 2 - 4), text, font=font, fill=_INK, anchor="mm")


def _png(image: Image.Image) -> bytes:
    out = BytesIO()
    image.save(out, "PNG")
    return out.getvalue()
