"""The addresses in one attribute or style: `srcset`, lazy attributes, CSS `url()` and `image-set()`. No trees."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from venue_assets.extract.urls import absolute_url, file_extension

if TYPE_CHECKING:
    from lxml.html import HtmlElement


class Source(NamedTuple):
    """One address of a picture.

    Attributes:
        url: absolute.
        width: in pixels, as far as the markup says; 0 where it does not, `FULL_SIZE` for a link to the file.
        trust: how likely this is the picture where widths do not say: a lazy attribute 2, other attributes 1, and 0
            for what may be a stand-in: the `src` beside a lazy attribute, the image in a `noscript`.
    """

    url: str
    width: int = 0
    trust: int = 1


FULL_SIZE: Final = 100_000
"""The width of a file that a thumbnail links to: larger than any that markup states."""

LAZY_SETS: Final = ("data-srcset", "data-lazy-srcset", "data-original-set", "data-bgset", "data-sizes-srcset")
LAZY_SOURCES: Final = (
    "data-src", "data-lazy-src", "data-lazy", "data-original", "data-original-src", "data-hi-res-src", "data-full",
    "data-full-url", "data-full-src", "data-large", "data-large_image", "data-large-file", "data-orig-file",
    "data-image", "data-img", "data-url", "data-retina", "data-zoom-image", "data-flickity-lazyload", "data-echo",
    "data-ll-src",
)  # fmt: skip
LAZY_BACKGROUNDS: Final = (
    "data-bg", "data-background", "data-background-image", "data-bg-src", "data-bg-image", "data-lazy-bg", "data-bgsrc",
    "data-image-src", "data-parallax-image", "data-setbg", "data-mobile-bg",
)  # fmt: skip

_IMAGE_EXTENSION: Final = frozenset({"jpg", "jpeg", "jpe", "jfif", "png", "webp", "avif", "heic"})
_CANDIDATE: Final = re.compile(r"\s*+([^\s,]\S*[^\s,]|[^\s,])(?:\s++([\d.]+)([wxh])(?:\s++[\d.]+h)?)?\s*+(?:,|$)")
_CSS_URL: Final = re.compile(
    r"url\(\s*+(?:\"([^\"]{1,2048})\"|'([^']{1,2048})'|([^\s\"'()]{1,2048}))\s*+\)(?:\s++(?:type\([^)]*\)\s*+)?([\d.]+)(x|dppx))?"
    r"|[(,]\s*+[\"']([^\"']{1,2048})[\"']\s++([\d.]+)(x|dppx)",
    re.IGNORECASE,
)
_DENSITY_UNIT: Final = 1000
_MAX_SOURCES: Final = 50


def is_image_url(url: str) -> bool:
    """Whether the path ends like a photograph's file."""
    return file_extension(url) in _IMAGE_EXTENSION


def srcset_sources(value: str, base: str, trust: int = 1) -> list[Source]:
    """The candidates of a `srcset`; densities count as thousands of pixels, so that `2x` beats `1x`."""
    sources: list[Source] = []
    for found in _CANDIDATE.finditer(value[:20_000]):
        url = _photo_url(found[1], base)
        if url and len(sources) < _MAX_SOURCES:
            sources.append(Source(url, _pixels(found[2], found[3]), trust))
    return sources


def css_sources(style: str, base: str) -> list[list[Source]]:
    """The pictures of a style, each with its resolutions; gradients and the like between them are skipped."""
    pictures: list[list[Source]] = []
    for declaration in re.split(r";(?![^(]*\))|[{}]", style):
        found = [
            Source(url, _pixels(match[4] or match[7], "x"))
            for match in _CSS_URL.finditer(declaration)
            if (url := _photo_url(match[1] or match[2] or match[3] or match[6], base))
        ]
        if "image-set(" in declaration.lower():
            pictures.append(found)
        else:
            pictures.extend([source] for source in found)
    return [picture for picture in pictures if picture][:_MAX_SOURCES]


def element_sources(element: HtmlElement, base: str) -> list[Source]:
    """The addresses that an `img` or `source` names for its picture."""
    sources: list[Source] = []
    for name in ("srcset", *LAZY_SETS):
        sources += srcset_sources(element.get(name) or "", base, 1 if name == "srcset" else 2)
    for name in LAZY_SOURCES:
        url = _photo_url(element.get(name) or "", base)
        if url:
            sources.append(Source(url, 0, 2))
    url = _photo_url(element.get("src") or "", base)
    if url:
        is_lazy = any(source.trust == 2 for source in sources)
        # The width attribute is the file's own only where nothing else is offered.
        sources.append(Source(url, 0 if sources else declared_size(element, "width"), 0 if is_lazy else 1))
    return sources


def declared_size(element: HtmlElement, name: str) -> int:
    """The `width` or `height` attribute in pixels, 0 where there is none."""
    found = re.fullmatch(r"\s*(\d{1,5})(?:\.\d+)?(?:px)?\s*", element.get(name) or "")
    return int(found[1]) if found else 0


def _photo_url(value: str | None, base: str) -> str | None:
    value = (value or "").strip()
    if not value or value[:11].lower().startswith(("data:", "javascript:", "blob:", "#", "about:")):
        return None
    return absolute_url(value, base)


def _pixels(number: str | None, unit: str | None) -> int:
    try:
        value = float(number or 0)
    except ValueError:
        return 0
    return min(int(value if unit == "w" else value * _DENSITY_UNIT if unit in ("x", "dppx") else 0), FULL_SIZE - 1)
