"""A venue's accepted pages as a reader of sites gets them, and the hash that says whether they changed. SQL only."""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, exists, select

from resources.schema import venue_pages, venues
from venue_assets.crawler.page_reading import from_memory
from venue_assets.extract.reading import SitePage

_ACCEPTED = venue_pages.c.rejection.is_(None) & venue_pages.c.markdown.is_not(None)


@dataclass(frozen=True, slots=True)
class SiteSource:
    """What there is to read of a venue.

    Attributes:
        venue_id: the venue.
        label: its name, or its address where it has none; for logs and samples.
        pages: in the crawl's order; never empty.
        source_hash: SHA-256 in hex of all that readers see: equal hash, equal input.
    """

    venue_id: uuid.UUID
    label: str
    pages: tuple[SitePage, ...]
    source_hash: str


def readable_venues(connection: Connection, buckets: Sequence[int]) -> list[uuid.UUID]:
    """The venues of the buckets that are not retired and have an accepted page, in a fixed order."""
    has_pages = exists().where(venue_pages.c.venue_id == venues.c.venue_id, _ACCEPTED)
    readable = select(venues.c.venue_id).where(venues.c.bucket.in_(buckets), venues.c.status != "retired", has_pages)
    return list(connection.scalars(readable.order_by(venues.c.venue_id)))


def site_source(connection: Connection, venue_id: uuid.UUID) -> SiteSource | None:
    """What there is to read of a venue now; None when nothing is.

    Nothing is, too, while the stored extraction of a page cannot be read: the next crawl renews it, and a site is not
    read without its machine-readable statements in between.
    """
    venue = connection.execute(select(venues).where(venues.c.venue_id == venue_id)).mappings().one_or_none()
    if venue is None or venue["status"] == "retired":
        return None
    columns = (venue_pages.c.url, venue_pages.c.markdown, venue_pages.c.extraction)
    mine = select(*columns).where(venue_pages.c.venue_id == venue_id, _ACCEPTED)
    pages, seen = [], []
    for url, markdown, extraction in connection.execute(mine.order_by(venue_pages.c.position, venue_pages.c.url)):
        extracted = from_memory(extraction)
        if extracted is None:
            return None
        text = extracted.text
        pages.append(SitePage(url, text.title, markdown, extracted.structured, text.language))
        seen.append([url, text.title, markdown, text.language, extraction["structured"]])
    if not pages:
        return None
    source_hash = hashlib.sha256(json.dumps(seen, sort_keys=True).encode()).hexdigest()
    return SiteSource(venue_id, venue["name"] or venue["site_url"], tuple(pages), source_hash)
