"""The values that extraction gives back: frozen, typed, and with the address they were read at. No functions here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, Literal, TypeVar

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lxml.html import HtmlElement

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Rejection:
    """Why bytes gave no value.

    Attributes:
        reason: a short stable word to count by, such as "too_large".
        detail: what was found, for a person to read.
    """

    reason: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class ParsedPage:
    """A parsed HTML page.

    Attributes:
        root: the `html` element; functions of this package never change it.
        charset: the encoding the bytes were decoded with (a Python codec name).
        is_truncated: elements past `parsing.MAX_ELEMENTS` or `parsing.MAX_SIBLINGS` were left out.
        is_flattened: the markup was nested too deeply and was parsed without its wrapping elements.
    """

    root: HtmlElement
    charset: str
    is_truncated: bool = False
    is_flattened: bool = False


@dataclass(frozen=True, slots=True)
class PageLink:
    """A link to a page of the same site: absolute, canonical, without fragment."""

    url: str
    text: str
    is_nofollow: bool


@dataclass(frozen=True, slots=True)
class PageDirectives:
    """What a page's head asks of a crawler; `canonical` is None unless it names another address."""

    canonical: str | None
    is_noindex: bool
    is_nofollow: bool
    refresh: str | None


@dataclass(frozen=True, slots=True)
class SitemapEntry:
    """A page that a sitemap lists; `last_modified` is the text as written, or None."""

    url: str
    last_modified: str | None


@dataclass(frozen=True, slots=True)
class Sitemap:
    """A sitemap's pages, or an index's sitemaps; `is_truncated` where a limit cut it short."""

    pages: tuple[SitemapEntry, ...]
    sitemaps: tuple[str, ...]
    is_truncated: bool


@dataclass(frozen=True, slots=True)
class PageText:
    """A page's words as markdown: no markup, no addresses, nothing that a visitor does not see."""

    url: str
    title: str
    description: str
    language: str
    markdown: str
    is_truncated: bool = False


StructuredSource = Literal["json-ld", "microdata", "rdfa", "opengraph", "markup"]
StatedSource = StructuredSource | Literal["title", "text"]


@dataclass(frozen=True, slots=True)
class StructuredItem:
    """One schema.org-like item.

    Attributes:
        types: the last segments of its types, such as ("EventVenue",).
        properties: name -> values in page order; a value is text, a number, a bool or a nested StructuredItem.
        source: the notation it was written in.
    """

    types: tuple[str, ...]
    properties: Mapping[str, tuple[StructuredValue, ...]]
    source: StructuredSource


StructuredValue = str | int | float | bool | StructuredItem


@dataclass(frozen=True, slots=True)
class StructuredData:
    """Everything a page states in machine-readable form.

    Attributes:
        url: the page.
        items: top-level items in page order, JSON-LD first.
        broken: one line for each block that could not be read.
    """

    url: str
    items: tuple[StructuredItem, ...]
    broken: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Stated(Generic[T]):
    """A value and where it was read."""

    value: T
    page_url: str
    source: StatedSource


@dataclass(frozen=True, slots=True)
class SiteIdentity:
    """Who and where a venue is, by its own machine-readable statements; None or () where it states nothing.

    A name may come from the pages' titles and a locality from a written address (`site_words`): their source says so.

    Attributes:
        name: the venue's name.
        description: its own description.
        street: the street address.
        locality: town or city.
        region: state, county or province.
        postal_code: postcode.
        country: as written, a name or a code.
        written_address: where machines are told no country, the address on one line that names the locality.
        latitude: degrees north.
        longitude: degrees east.
        telephone: as written.
        email: without `mailto:`.
        capacity: `maximumAttendeeCapacity`, in guests.
        price_range: as written, such as "££££" or "$750-$2,500".
        images: absolute addresses.
        amenities: names of the amenities stated as present.
        same_as: the venue's pages elsewhere.
    """

    name: Stated[str] | None = None
    description: Stated[str] | None = None
    street: Stated[str] | None = None
    locality: Stated[str] | None = None
    region: Stated[str] | None = None
    postal_code: Stated[str] | None = None
    country: Stated[str] | None = None
    written_address: Stated[str] | None = None
    latitude: Stated[float] | None = None
    longitude: Stated[float] | None = None
    telephone: Stated[str] | None = None
    email: Stated[str] | None = None
    capacity: Stated[int] | None = None
    price_range: Stated[str] | None = None
    images: tuple[Stated[str], ...] = ()
    amenities: tuple[Stated[str], ...] = ()
    same_as: tuple[Stated[str], ...] = ()


@dataclass(frozen=True, slots=True)
class PhotoCandidate:
    """One picture of a page, in all the sizes the page offers.

    Attributes:
        urls: absolute addresses of the sizes, the best first; the next ones are to try when the best cannot be had.
        widths: of the addresses, in pixels where the markup says so, else 0; see `image_sources.Source`.
        page_url: the page it was found on; after `merge_candidates`, the first such page.
        pages: every page it is on.
        alt_text: the page's words for it, or "".
        position: its place among the page's (or the site's) candidates, 0 first.
    """

    urls: tuple[str, ...]
    widths: tuple[int, ...]
    page_url: str
    pages: tuple[str, ...]
    alt_text: str
    position: int


@dataclass(frozen=True, slots=True)
class DroppedPicture:
    """A picture that the markup shows to be no photo of the venue; `reason` is a short stable word."""

    url: str
    page_url: str
    reason: str


@dataclass(frozen=True, slots=True)
class PhotoCandidates:
    """A page's (or a site's) pictures worth fetching, and those dropped unseen."""

    kept: tuple[PhotoCandidate, ...]
    dropped: tuple[DroppedPicture, ...]


@dataclass(frozen=True, slots=True)
class Photo:
    """A photograph, normalised: upright, RGB, sRGB, without metadata, no side over `photo_inspection.MAX_SIDE`.

    Attributes:
        body: the encoded bytes; equal input bytes give equal output bytes.
        sha256: of `body`, in hex; the photo's identity in the store.
        mime: always "image/jpeg" today.
        width: of `body`, in pixels.
        height: of `body`, in pixels.
        source_pixels: width times height before any reduction; tells the best of several copies.
        phash: 64-bit perceptual hash (see `photo_hash`).
    """

    body: bytes
    sha256: str
    mime: str
    width: int
    height: int
    source_pixels: int
    phash: int
