"""The list of venues in the database: adding, retiring and listing. SQL only; files and crawling are elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import Connection, RowMapping, func, select, update
from sqlalchemy.dialects.postgresql import insert

from resources.identity import venue_bucket, venue_id
from resources.schema import venue_pages, venue_photos, venues
from venue_assets.venue_list import ListedVenue

Source = Literal["file", "command"]


@dataclass(frozen=True, slots=True)
class ListChange:
    """What a change of the list did, in venues."""

    added: int = 0
    restored: int = 0
    retired: int = 0


def add_venues(connection: Connection, listed: Iterable[ListedVenue], source: Source) -> ListChange:
    """Add venues to the list; those retired before are restored with all that is known of them.

    A venue keeps the source that listed it first, so that one added by command survives the file's changes.
    """
    added = restored = 0
    for venue in listed:
        identifier = venue_id(venue.site_url)
        values = {
            "venue_id": identifier, "site_url": venue.site_url, "start_url": venue.start_url, "name": venue.name,
            "bucket": venue_bucket(identifier), "source": source,
        }  # fmt: skip
        inserted = insert(venues).values(values).on_conflict_do_nothing().returning(venues.c.venue_id)
        if connection.scalar(inserted) is not None:
            added += 1
            continue
        back = update(venues).where(venues.c.venue_id == identifier, venues.c.status == "retired")
        restored += connection.execute(back.values(status="listed", source=source)).rowcount
    return ListChange(added=added, restored=restored)


def retire_missing(connection: Connection, listed: Iterable[ListedVenue], buckets: Sequence[int]) -> ListChange:
    """Retire the venues of these buckets that a list file named once and does not name now."""
    kept = [venue_id(venue.site_url) for venue in listed]
    gone = update(venues).where(
        venues.c.bucket.in_(buckets), venues.c.source == "file", venues.c.status != "retired",
        venues.c.venue_id.not_in(kept),
    )  # fmt: skip
    return ListChange(retired=connection.execute(gone.values(status="retired")).rowcount)


def retire(connection: Connection, site_url: str) -> bool:
    """Take one venue off the list; tell whether it was on it.

    Raises:
        ValueError: not a site's address.
    """
    gone = update(venues).where(venues.c.venue_id == venue_id(site_url), venues.c.status != "retired")
    return connection.execute(gone.values(status="retired")).rowcount > 0


def list_venues(connection: Connection) -> Sequence[RowMapping]:
    """Every venue with the number of its pages and photos, retired ones last, then by name."""
    pages = select(func.count()).where(venue_pages.c.venue_id == venues.c.venue_id, venue_pages.c.rejection.is_(None))
    photos = select(func.count()).where(venue_photos.c.venue_id == venues.c.venue_id)
    columns = (venues.c.name, venues.c.site_url, venues.c.status, venues.c.crawl_note)
    query = select(*columns, pages.scalar_subquery().label("pages"), photos.scalar_subquery().label("photos"))
    return (
        connection.execute(query.order_by(venues.c.status == "retired", venues.c.name, venues.c.site_url))
        .mappings()
        .all()
    )
