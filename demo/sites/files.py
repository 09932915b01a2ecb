"""Where each markup family keeps its picture files, in which sizes and formats. URLs and sizes only."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from demo.sites.plan import ImageFile, ImageFormat, ImageKind
from demo.world.seeds import pick, stream

if TYPE_CHECKING:
    import numpy as np

    from demo.world.model import MarkupFamily, Photo, PictureSpec, Venue

_FOLDERS: Final[dict[MarkupFamily, str]] = {
    "plain": "/images/",
    "wordpress": "/wp-content/uploads/2025/04/",
    "jsonld": "/media/",
    "cards": "/assets/",
}
_SUFFIXES: Final[dict[ImageFormat, str]] = {"JPEG": ".jpg", "PNG": ".png", "WEBP": ".webp"}
_FULL_QUALITY: Final = 86


def folder(family: MarkupFamily) -> str:
    """The folder of the family's picture files, with both slashes."""
    return _FOLDERS[family]


def photo_files(venue: Venue, photo: Photo) -> tuple[ImageFile, ...]:
    """Every URL of one photograph that a figure of the family names, the largest first."""
    width, height = photo.spec.width, photo.spec.height
    base = folder(venue.family) + _file_name(venue, photo)
    full = ImageFile(f"{base}.jpg", "photo", width, height, "JPEG", _FULL_QUALITY, photo.name, photo.spec)
    if venue.family == "plain":
        thumb = folder("plain") + "thumbs/" + _file_name(venue, photo) + ".jpg"
        return (full, resized(full, thumb, 320, quality=74))
    if venue.family == "wordpress":
        sizes = (_scaled(full, wanted) for wanted in (480, 300) if wanted < width)
        return (full, *(resized(full, f"{base}-{w}x{h}.jpg", w, quality=80) for w, h in sizes))
    if venue.family == "jsonld":
        smaller = resized(full, f"{base}-400.webp", 400, quality=78)
        return (full, replace(smaller, format="WEBP", made="converted"))
    double = replace(full, path=f"{base}@2x.jpg")
    return (double, resized(double, f"{base}.jpg", width // 2, quality=82))


def resized(original: ImageFile, path: str, width: int, *, quality: int) -> ImageFile:
    """The same picture at another URL, `width` pixels wide, in proportion."""
    scaled_width, height = _scaled(original, width)
    return replace(original, path=path, width=scaled_width, height=height, quality=quality, made="resized")


def copies(rng: np.random.Generator, venue: Venue, photo: Photo) -> tuple[ImageFile, ImageFile]:
    """Two more URLs of one photograph: the same bytes, and the picture encoded once more."""
    original = photo_files(venue, photo)[0]
    name = _file_name(venue, photo)
    copied = replace(original, path=f"{folder(venue.family)}copy-of-{name}.jpg", made="copied")
    form: ImageFormat = pick(rng, ("JPEG", "JPEG", "WEBP", "PNG"))
    path = f"{folder(venue.family)}press/{name}{_SUFFIXES[form]}"
    again = resized(original, path, original.width if form == "JPEG" else 420, quality=64)
    return copied, replace(again, format=form, made="re-encoded")


def other_picture(kind: ImageKind, path: str, spec: PictureSpec, width: int) -> ImageFile:
    """A painted picture that is none of the venue's photographs."""
    original = ImageFile(path, kind, spec.width, spec.height, "JPEG", 80, None, spec)
    return resized(original, path, width, quality=80)


def decoys(venue: Venue) -> tuple[ImageFile, ...]:
    """The images every site has that show nothing of the venue; sizes as such things have on real sites."""
    base = folder(venue.family)
    files = [
        ImageFile(f"{base}logo.png", "logo", 300, 84, "PNG"),
        ImageFile("/favicon.png", "icon", 32, 32, "PNG"),
        ImageFile(f"{base}icon-mail.png", "icon", 24, 24, "PNG"),
        ImageFile(f"{base}icon-pin.png", "icon", 24, 24, "PNG"),
        ImageFile(f"{base}divider.png", "divider", 1200, 40, "PNG"),
        ImageFile(f"{base}award-2025.png", "badge", 150, 150, "PNG"),
        ImageFile("/pixel.png", "pixel", 1, 1, "PNG"),
    ]
    if venue.family in ("wordpress", "cards"):
        files.append(ImageFile(f"{base}blank.png", "placeholder", 720, 480, "PNG"))
    if venue.family == "plain":
        files.append(ImageFile(f"{base}floorplan.jpg", "page", 0, 0))
    return tuple(files)


def _scaled(original: ImageFile, width: int) -> tuple[int, int]:
    """Width and height of the picture when made `width` wide; never larger than it is."""
    width = min(width, original.width)
    return width, round(original.height * width / original.width)


def _file_name(venue: Venue, photo: Photo) -> str:
    if venue.family == "wordpress":
        return f"{venue.slug}-{photo.name}"
    if venue.family == "cards":
        return stream("file", venue.slug, photo.name).bytes(6).hex()
    return photo.name
