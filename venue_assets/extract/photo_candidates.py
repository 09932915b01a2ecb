"""The pictures a page shows, with all the addresses its markup gives for each. Grouping is `photo_grouping`'s work.

Hidden pictures count: they are the other slides of a carousel.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Final

from venue_assets.extract.identity import site_identity
from venue_assets.extract.image_sources import (
    FULL_SIZE,
    LAZY_BACKGROUNDS,
    Source,
    css_sources,
    declared_size,
    element_sources,
    is_image_url,
)
from venue_assets.extract.links import base_url
from venue_assets.extract.markup_hints import has_role, tokens
from venue_assets.extract.photo_grouping import Picture, group_pictures
from venue_assets.extract.similar import similar_blocks
from venue_assets.extract.structured import structured_data
from venue_assets.extract.urls import absolute_url
from venue_assets.extract.words import one_line

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lxml.html import HtmlElement

    from venue_assets.extract.values import ParsedPage, PhotoCandidates

MAX_CANDIDATES: Final = 500
"""A page's pictures past this many are not read."""

_ICON_SIZE: Final = 64
_CLASS_WORDS: Final = frozenset({"logo", "icon", "avatar", "badge", "flag", "emoji", "sprite"})
_ALT_WORDS: Final = frozenset({"logo", "avatar", "favicon"})


def photo_candidates(page: ParsedPage, page_url: str) -> PhotoCandidates:
    """The page's pictures in page order, then those of its style sheets, Open Graph and JSON-LD.

    Reasons of dropped pictures: "similar_venues" (a card of another venue), "logo_or_icon" (by file name, class or
    alternative text), "navigation", "icon_size" (declared at most 64 pixels wide or high), "format" (SVG, GIF, ...).
    """
    base = base_url(page, page_url)
    pictures = [*_shown(page.root, base), *_stated(page, page_url, base)][:MAX_CANDIDATES]
    return group_pictures([(page_url, picture) for picture in pictures])


def merge_candidates(pages: Sequence[PhotoCandidates]) -> PhotoCandidates:
    """The pictures of a site, each once, in the order of the pages; one that any page rules out for good is out."""
    pictures: list[tuple[str, Picture]] = []
    for page in pages:
        for kept in page.kept:
            sources = [Source(url, width) for url, width in zip(kept.urls, kept.widths, strict=True)]
            pictures += [(page_url, Picture(sources, kept.alt_text)) for page_url in kept.pages]
        pictures += [(out.page_url, Picture([Source(out.url)], "", out.reason)) for out in page.dropped]
    return group_pictures(pictures)


def _shown(root: HtmlElement, base: str) -> Iterator[Picture]:
    """What `img`, backgrounds, links and style sheets show."""
    outside = _reasons_by_place(root)
    latest: Picture | None = None
    for element in root.iter():
        if element.tag == "img":
            picture = _of_image(element, base)
            if latest is not None and _is_fallback(element):
                latest.sources += [source._replace(trust=0) for source in picture.sources]
                continue
            latest = picture
            found = [picture]
        elif element.tag == "style":
            found = [Picture(sources) for sources in css_sources("".join(element.itertext())[:200_000], base)]
        else:
            found = list(_of_background(element, base))
            if element.tag == "a" and _full_size(element, base) and not _holds_picture(element):
                found.append(Picture([Source(_full_size(element, base) or "", FULL_SIZE)], _alt_text(element)))
        for picture in found:
            picture.reason = outside.get(element) or picture.reason
            yield picture


def _reasons_by_place(root: HtmlElement) -> dict[HtmlElement, str]:
    reasons: dict[HtmlElement, str] = {}
    for element in root.iter("nav", "ul", "div"):
        if element.tag == "nav" or has_role(element, "navigation"):
            reasons.update(dict.fromkeys(element.iter(), "navigation"))
    for block in similar_blocks(root):
        reasons.update(dict.fromkeys(block.iter(), "similar_venues"))
    return reasons


def _of_image(image: HtmlElement, base: str) -> Picture:
    sources = element_sources(image, base)
    # libxml2 does not know that `source` is empty, and puts the `img` into it.
    for picture in islice(image.iterancestors("picture"), 1):
        for source in picture.iter("source"):
            sources += element_sources(source, base)
    full = _link_around(image, base)
    if full:
        sources.append(Source(full, FULL_SIZE))
    width, height = declared_size(image, "width"), declared_size(image, "height")
    is_small = 0 < width <= _ICON_SIZE or 0 < height <= _ICON_SIZE
    reason = "logo_or_icon" if _is_named_icon(image) else "icon_size" if is_small and not full else None
    return Picture(sources, _alt_text(image), reason)


def _of_background(element: HtmlElement, base: str) -> Iterator[Picture]:
    style = element.get("style") or ""
    pictures = css_sources(style[:20_000], base) if "(" in style else []
    for name in LAZY_BACKGROUNDS:
        value = (element.get(name) or "")[:4000]
        if "url(" in value:
            pictures += css_sources(value, base)
        elif value and (url := absolute_url(value, base)) and is_image_url(url):
            pictures.append([Source(url, 0, 2)])
    poster = absolute_url(element.get("poster") or "", base) if element.get("poster") else None
    if poster:
        pictures.append([Source(poster)])
    full = _link_around(element, base) or (_full_size(element, base) if element.tag == "a" else None)
    for sources in pictures:
        if full and len(pictures) == 1:
            sources.append(Source(full, FULL_SIZE))
        yield Picture(sources, _alt_text(element))


def _stated(page: ParsedPage, page_url: str, base: str) -> Iterator[Picture]:
    """What the head and the structured data name as pictures of the venue."""
    metas: dict[str, list[str]] = {}
    for element in page.root.iter("meta"):
        name = (element.get("property") or element.get("name") or "").lower()
        metas.setdefault(name, []).append(element.get("content") or "")
    alt_text = one_line(next(iter(metas.get("og:image:alt", [])), ""))[:300]
    for name in ("og:image", "og:image:url", "og:image:secure_url", "twitter:image", "twitter:image:src"):
        for value in metas.get(name, []):
            url = absolute_url(value, base)
            if url and value.strip():
                yield Picture([Source(url)], alt_text)
    for stated in site_identity([structured_data(page, page_url)]).images:
        if stated.source != "opengraph":
            yield Picture([Source(stated.value)])


def _is_named_icon(image: HtmlElement) -> bool:
    holder = image.getparent()
    classes = tokens(image) | (tokens(holder) if holder is not None and holder.tag in ("a", "span", "i") else set())
    return bool(classes & _CLASS_WORDS) or bool(tokens(image, "alt") & _ALT_WORDS)


def _is_fallback(image: HtmlElement) -> bool:
    """Whether it stands in the `noscript` right behind the picture it repeats."""
    parent = image.getparent()
    if parent is None or parent.tag != "noscript":
        return False
    previous = parent.getprevious()
    return previous is not None and (previous.tag == "img" or next(previous.iter("img"), None) is not None)


def _link_around(element: HtmlElement, base: str) -> str | None:
    for depth, ancestor in enumerate(element.iterancestors()):
        if ancestor.tag == "a":
            return _full_size(ancestor, base)
        if depth == 4:
            break
    return None


def _full_size(link: HtmlElement, base: str) -> str | None:
    url = absolute_url(link.get("href") or "", base) if link.get("href") else None
    return url if url and is_image_url(url) else None


def _holds_picture(link: HtmlElement) -> bool:
    return any(child.tag == "img" or "url(" in (child.get("style") or "") for child in link.iter())


def _alt_text(element: HtmlElement) -> str:
    words = element.get("alt") or element.get("aria-label") or element.get("title") or ""
    if not words.strip():
        figure = next(element.iterancestors("figure"), None)
        caption = None if figure is None else next(figure.iter("figcaption"), None)
        words = "" if caption is None else "".join(caption.itertext())
    return one_line(words)[:300]
