"""A venue's site as plain values. Pages, pictures, server and truth file all come from one `SitePlan`.

Nothing is decided here (see `demo.sites.planner`) and nothing is rendered.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from demo.world.model import MarkupFamily, PictureSpec, Venue

ImageFormat = Literal["JPEG", "PNG", "WEBP"]
ImageKind = Literal[
    "photo",  # one of the venue's photographs
    "similar",  # another venue's photograph, in a "similar venues" card
    "private",  # a picture that only the robots-disallowed page shows
    "logo",
    "icon",
    "badge",
    "divider",
    "placeholder",
    "pixel",
    "page",  # an HTML page named .jpg
]
PageKind = Literal[
    "home", "gallery", "details", "contact", "availability", "story", "weddings", "spaces", "pricing", "faq",
    "stay", "journal", "privacy",
]  # fmt: skip
SectionKind = Literal["prose", "facts", "figures", "list", "questions", "similar", "calendar", "contact"]
Fact = Literal["capacity", "price", "setting", "amenities", "address", "position"]
Place = Literal["prose", "table", "list", "json-ld", "attribute"]


@dataclass(frozen=True, slots=True)
class ImageFile:
    """One image URL. `spec` is the painted original, None for drawn decoys; the file may be smaller than it.

    `photo` names the venue's photograph it shows. `made` says how the bytes relate to that photograph's
    first file: "original", "resized", "converted" (other format), "copied" (same bytes) or "re-encoded".
    """

    path: str
    kind: ImageKind
    width: int
    height: int
    format: ImageFormat = "JPEG"
    quality: int = 86
    photo: str | None = None
    spec: PictureSpec | None = None
    made: str = "original"


@dataclass(frozen=True, slots=True)
class Figure:
    """A photograph in a page; `files` are all the URLs its markup names, the largest first."""

    photo: str
    alt: str
    caption: str
    files: tuple[ImageFile, ...]


@dataclass(frozen=True, slots=True)
class Card:
    """A teaser for another venue: its words and numbers are true of that venue, not of the site's."""

    title: str
    url: str
    text: str
    image: ImageFile


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and what follows it; which fields are filled depends on `kind`."""

    kind: SectionKind
    heading: str
    paragraphs: tuple[str, ...] = ()
    figures: tuple[Figure, ...] = ()
    rows: tuple[tuple[str, str], ...] = ()
    cards: tuple[Card, ...] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """A page that answers 200 at `path`.

    `reached` says how a visitor who starts at "/" gets there: the menu, the footer, a link in another page's
    text, or, for a crawler that reads it, the sitemap alone.
    """

    path: str
    kind: PageKind
    label: str
    title: str
    summary: str
    reached: Literal["menu", "footer", "text", "sitemap"]
    modified: datetime
    hero: Figure | None
    sections: tuple[Section, ...]


@dataclass(frozen=True, slots=True)
class Statement:
    """A fact as the site words it: `wording` stands literally on `page` (in a JSON-LD field, as its value)."""

    fact: Fact
    page: str
    wording: str
    place: Place


@dataclass(frozen=True, slots=True)
class SitePlan:
    """Everything a site is, before markup.

    Attributes:
        venue: whose site it is.
        family: which templates render it.
        charset: how its HTML is encoded; anything but utf-8 is declared in a meta tag only.
        pages: the content, home first.
        images: every image file the site serves.
        redirects: (path, target path) pairs answered with 301.
        aliases: (path with query, path) pairs of links that show a page again under another address.
        dead_pages, dead_images: paths that are linked and answer 404.
        private: the path robots.txt disallows, a page that shows the "private" images; None without robots.
        sitemaps: sitemap path -> paths of pages (or, in an index, of sitemaps).
        statements: the facts and how they are worded where.
        broken_json_ld: whether the home page carries one more JSON-LD block that does not parse.
    """

    venue: Venue
    family: MarkupFamily
    charset: str
    pages: tuple[Page, ...]
    images: tuple[ImageFile, ...]
    redirects: tuple[tuple[str, str], ...]
    aliases: tuple[tuple[str, str], ...]
    dead_pages: tuple[str, ...]
    dead_images: tuple[str, ...]
    private: str | None
    sitemaps: tuple[tuple[str, tuple[str, ...]], ...]
    statements: tuple[Statement, ...]
    broken_json_ld: bool

    @property
    def host(self) -> str:
        """The site's host name."""
        return self.venue.host

    def page(self, path: str) -> Page | None:
        """The page at exactly `path`."""
        return next((page for page in self.pages if page.path == path), None)

    def image(self, path: str) -> ImageFile | None:
        """The image file at exactly `path`."""
        return next((image for image in self.images if image.path == path), None)

    def of_kind(self, kind: ImageKind) -> tuple[ImageFile, ...]:
        """The image files of one kind."""
        return tuple(image for image in self.images if image.kind == kind)


def without_photo(plan: SitePlan, photo: str) -> SitePlan:
    """The same site after its owner took one photograph down everywhere.

    Raises:
        KeyError: the site has no such photograph.
    """
    if photo not in {known.name for known in plan.venue.photos}:
        raise KeyError(f"{plan.host} has no photo {photo!r}")
    return replace(
        plan,
        venue=replace(plan.venue, photos=tuple(kept for kept in plan.venue.photos if kept.name != photo)),
        images=tuple(image for image in plan.images if image.photo != photo),
        pages=tuple(
            replace(
                page,
                hero=None if page.hero is not None and page.hero.photo == photo else page.hero,
                sections=tuple(
                    replace(
                        section,
                        figures=tuple(figure for figure in section.figures if figure.photo != photo),
                    )
                    for section in page.sections
                ),
            )
            for page in plan.pages
        ),
    )
