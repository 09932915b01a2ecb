"""The list of venues in the database: adding, retiring and listing. SQL only; files and crawling are elsewhere."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from sqlalchemy import ColumnElement, Connection, RowMapping, Uuid, and_, any_, func, literal, select, update
from sqlalchemy.dialects.postgresql import ARRAY, insert

from resources.identity import venue_bucket, venue_id
from resources.schema import venue_pages, venue_photos, venues
from venue_assets.venue_list import ListedVenue

Source = Literal["file", "command"]

_OPERATOR: Final = "operator"
_IN_FILE: Final = and_(venues.c.source == "file", venues.c.status != "retired")


def is_operators_word(stated: object) -> bool:
    """Whether an entry of `venues.identity` is the operator's, which the site's own words do not replace."""
    return isinstance(stated, dict) and stated.get("source") == _OPERATOR


@dataclass(frozen=True, slots=True)
class ListChange:
    """What a change of the list did, in venues."""

    added: int = 0
    restored: int = 0
    updated: int = 0
    retired: int = 0


def add_venues(connection: Connection, listed: Iterable[ListedVenue], source: Source) -> ListChange:
    """Add venues to the list; those retired before are restored with all that is known of them.

    What the operator says of a venue now (its name, the address to start at) replaces what he said before; a file
    says it again at every run. A command that gives no name leaves the name as it is, a file that gives none (any
    more) leaves it to the site. A venue that a command added stays when it leaves the file.
    """
    wanted = {venue_id(venue.site_url): venue for venue in listed}
    known = select(venues).where(_among(wanted)).order_by(venues.c.venue_id).with_for_update()
    rows = {row["venue_id"]: row for row in connection.execute(known).mappings()}
    new = [
        {
            "venue_id": identifier, "site_url": venue.site_url, "start_url": venue.start_url, "name": venue.name,
            "bucket": venue_bucket(identifier), "source": source, "identity": _named({}, venue.name),
        }
        for identifier, venue in wanted.items()
        if identifier not in rows
    ]  # fmt: skip
    added = 0
    if new:
        inserted = insert(venues).on_conflict_do_nothing().returning(venues.c.venue_id)
        added = len(connection.execute(inserted, new).all())
    restored = updated = 0
    for identifier, row in rows.items():
        values = _changed(row, wanted[identifier], source)
        if values:
            connection.execute(update(venues).where(venues.c.venue_id == identifier).values(**values))
        restored += "status" in values
        updated += bool(values) and "status" not in values
    return ListChange(added=added, restored=restored, updated=updated)


def _changed(row: RowMapping, venue: ListedVenue, source: Source) -> dict[str, Any]:
    """The columns of a listed venue that are to change, with their values."""
    wanted: dict[str, Any] = {"start_url": venue.start_url}
    if row["status"] == "retired":
        wanted["status"] = "listed"
    if row["status"] == "retired" or source == "command":
        wanted["source"] = source
    if venue.name is not None or source == row["source"] == "file":
        wanted["identity"] = _named(row["identity"], venue.name)
        # Without the operator's word the name in use stays until the next crawl brings the site's.
        wanted["name"] = venue.name or row["name"]
    return {name: value for name, value in wanted.items() if row[name] != value}


def _named(identity: Mapping[str, Any], name: str | None) -> dict[str, Any]:
    """A venue's identity with the operator's name for it, or without one."""
    others = {key: stated for key, stated in identity.items() if key != "name" or not is_operators_word(stated)}
    return others if name is None else others | {"name": {"value": name, "source": _OPERATOR}}


def _among(identifiers: Iterable[uuid.UUID]) -> ColumnElement[bool]:
    # One array: a list may have more venues than a statement may have parameters (65,535).
    return venues.c.venue_id == any_(literal(list(identifiers), ARRAY(Uuid)))


def missing_from(connection: Connection, listed: Iterable[ListedVenue]) -> tuple[int, int]:
    """How many venues came from a list file and are not retired, and how many of them `listed` does not name."""
    kept = [venue_id(venue.site_url) for venue in listed]
    query = select(func.count(), func.count().filter(~_among(kept))).where(_IN_FILE)
    known, missing = connection.execute(query).one()
    return known, missing


def retire_missing(connection: Connection, listed: Iterable[ListedVenue], buckets: Sequence[int]) -> ListChange:
    """Retire the venues of these buckets that a list file named once and does not name now."""
    kept = [venue_id(venue.site_url) for venue in listed]
    gone = update(venues).where(_IN_FILE, venues.c.bucket.in_(buckets), ~_among(kept))
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
