"""Deciding a venue's site: which pages it has, where they live, and the traps and decoys around them.

What stands inside a page is decided in `demo.sites.content`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from demo.sites.content import ContentWriter, PageSlot
from demo.sites.files import decoys, folder, other_picture
from demo.sites.json_ld import json_ld_statements
from demo.sites.plan import Page, PageKind, SitePlan
from demo.sites.prose import journal_titles
from demo.world.model import PictureSpec
from demo.world.naming import slugify
from demo.world.seeds import pick, sample, stream

if TYPE_CHECKING:
    import numpy as np

    from demo.sites.plan import ImageFile
    from demo.world.model import MarkupFamily, Venue, World

_LABELS: Final[dict[PageKind, tuple[str, ...]]] = {
    "home": ("Home",),
    "gallery": ("Gallery", "Photos"),
    "details": ("Details", "At a glance", "The facts"),
    "contact": ("Contact", "Visit us"),
    "availability": ("Availability",),
    "story": ("Our story", "About"),
    "weddings": ("Weddings", "Your day"),
    "spaces": ("Spaces", "The rooms"),
    "pricing": ("Pricing", "Hire"),
    "faq": ("FAQ", "Questions"),
    "stay": ("Stay",),
    "journal": ("Journal",),
    "privacy": ("Privacy",),
}
_ALWAYS: Final[tuple[PageKind, ...]] = ("home", "gallery", "details", "contact")
_SOMETIMES: Final[tuple[PageKind, ...]] = (
    "availability", "story", "weddings", "spaces", "pricing", "faq", "stay", "journal", "journal", "privacy",
)  # fmt: skip
_MOST_PAGES: Final = 12
_NEIGHBOURS: Final = 3


def plan_for(world: World, number: int) -> SitePlan:
    """The site of the world's venue `number`; its "similar venues" are the three before it, around the end.

    Raises:
        IndexError: there is no such venue.
    """
    venue = world.venues[number]
    others = [world.venues[number - step] for step in range(1, min(_NEIGHBOURS, len(world.venues) - 1) + 1)]
    rng = stream("site", venue.seed, venue.slug)
    slots = _draw_slots(rng, venue)
    writer = ContentWriter(rng, venue, slots, others if venue.family == "cards" else [], world.now)
    pages = writer.pages()
    extra = [*decoys(venue), *writer.card_images]
    # A third of the plain sites' owners have never heard of robots.txt.
    private = None if venue.family == "plain" and venue.seed % 3 == 0 else "/private/"
    if private is not None:
        extra += _private_pictures(rng, venue)
    base = folder(venue.family)
    return SitePlan(
        venue=venue,
        family=venue.family,
        charset="windows-1252" if venue.family == "plain" and venue.seed % 2 else "utf-8",
        pages=pages,
        images=(*writer.photo_files, *extra),
        redirects=((_address(venue.family, "wedding-packages"), _path_of(pages, "details")),),
        aliases=_aliases(venue.family, pages),
        dead_pages=(_address(venue.family, "brochure-2019"),),
        dead_images=(f"{base}courtyard-winter.jpg",),
        private=private,
        sitemaps=_sitemaps(venue.family, pages),
        statements=(*writer.statements, *json_ld_statements(venue))
        if venue.family == "jsonld"
        else tuple(writer.statements),
        broken_json_ld=venue.family == "jsonld" and venue.seed % 2 == 0,
    )


def _draw_slots(rng: np.random.Generator, venue: Venue) -> list[PageSlot]:
    extra = sample(rng, _SOMETIMES, int(rng.integers(0, _MOST_PAGES - len(_ALWAYS) + 1)))
    kinds = list(_ALWAYS) + [kind for kind in _SOMETIMES if kind in extra and kind != "journal"]
    slots = [_slot(rng, venue.family, kind) for kind in kinds]
    titles = journal_titles(rng, extra.count("journal"))
    for number, title in enumerate(titles):
        # Where there is a sitemap, the last entry has fallen off every page and is found there alone.
        forgotten = number > 0 and venue.family in ("wordpress", "jsonld")
        folder_name = "2025/06/" if venue.family == "wordpress" else "journal/"
        path = _address(venue.family, folder_name + slugify(title))
        slots.append(PageSlot("journal", title, path, "sitemap" if forgotten else "text"))
    return slots


def _slot(rng: np.random.Generator, family: MarkupFamily, kind: PageKind) -> PageSlot:
    label = pick(rng, _LABELS[kind])
    path = "/" if kind == "home" else _address(family, slugify(label))
    return PageSlot(kind, label, path, "footer" if kind == "privacy" else "menu")


def _address(family: MarkupFamily, name: str) -> str:
    """A page's path in the family's habit: `/name.html`, `/name/` or `/name`."""
    endings = {"plain": ".html", "wordpress": "/", "cards": "/", "jsonld": ""}
    return f"/{name}{endings[family]}"


def _path_of(pages: tuple[Page, ...], kind: PageKind) -> str:
    return next(page.path for page in pages if page.kind == kind)


def _aliases(family: MarkupFamily, pages: tuple[Page, ...]) -> tuple[tuple[str, str], ...]:
    gallery = _path_of(pages, "gallery")
    if family == "plain":
        return (("/index.html", "/"),)
    if family == "cards":
        return ((f"{gallery}?view=grid", gallery), (f"{gallery}?view=list&sort=newest", gallery))
    return (("/?utm_source=newsletter&utm_medium=email", "/"),)


def _sitemaps(family: MarkupFamily, pages: tuple[Page, ...]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    if family == "jsonld":
        return (("/sitemap.xml", tuple(page.path for page in pages)),)
    if family != "wordpress":
        return ()
    posts = tuple(page.path for page in pages if page.kind == "journal")
    parts = [("/wp-sitemap-posts-page-1.xml", tuple(page.path for page in pages if page.kind != "journal"))]
    if posts:
        parts.append(("/wp-sitemap-posts-post-1.xml", posts))
    return (("/wp-sitemap.xml", tuple(path for path, _ in parts)), *parts)


def _private_pictures(rng: np.random.Generator, venue: Venue) -> list[ImageFile]:
    seeds = rng.choice(2**30, size=2, replace=False).tolist()
    specs = [PictureSpec(venue.mixture, "ceremony", 2 * seed, 600, 400) for seed in seeds]
    return [
        other_picture("private", f"/private/proof-{number + 1}.jpg", spec, 600) for number, spec in enumerate(specs)
    ]
