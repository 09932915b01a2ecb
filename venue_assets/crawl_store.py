"""Between a crawl and the database: what the last crawl left to remember, and what this one found.

SQL and the photo store only; the crawl itself runs in another process (`venue_assets.crawler`).
"""

from __future__ import annotations

import contextlib
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, TypeVar

from pydantic import ValidationError
from sqlalchemy import Connection, Engine, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, StatementError

from resources.photo_store import PhotoStore
from resources.schema import photos, venue_pages, venue_photo_files, venue_photos, venues
from resources.sync import Written, sync_rows
from venue_assets.crawler.job import PageMemory, PhotoMemory, PhotoResult, SiteFile, VenueJob, VenueResult
from venue_assets.crawler.spool import SpooledVenue
from venue_assets.venue_place import TOWN_RULES, leaves_it_to_the_town, place_columns
from venue_assets.venue_table import is_operators_word

# When something was looked at is no reason to write: a row keeps the time at which it was found as it is.
_TIMES: Final = frozenset({"fetched_at"})

_Memory = TypeVar("_Memory", PageMemory, PhotoMemory, SiteFile)
_LIMIT_EXCEEDED: Final = "54"  # class of SQLSTATE codes: too large a value, too long an index entry
_REASON_CHARACTERS: Final = 300
# Column of `venues` -> the statement of a site's identity that it shows.
_STATED: Final = {"name": "name", "city": "locality", "region": "region", "country": "country"}


class UnstorableResultError(RuntimeError):
    """A venue's result that no further try will store: it is not readable, or Postgres refuses its values."""


@dataclass(frozen=True, slots=True)
class StoredVenue:
    """What storing one venue's result did.

    Attributes:
        result: counts, outcome and reason only: a run may store thousands of venues, so contents are not kept.
        written: rows touched.
        photo_ids: the accepted photos, in the site's order.
    """

    result: VenueResult
    written: Written
    photo_ids: tuple[str, ...] = ()

    @classmethod
    def of(cls, result: VenueResult, written: Written) -> StoredVenue:
        """The record of a result with its contents left out."""
        accepted = tuple(photo.photo_id for photo in result.photos if photo.photo_id and photo.rejection is None)
        emptied: dict[str, Any] = {"pages": (), "photos": (), "site_files": (), "identity": {}}
        return cls(result.model_copy(update=emptied), written, accepted)


@dataclass(frozen=True, slots=True)
class RowCounts:
    """Accepted pages and photos of a bucket's venues."""

    pages: int
    photos: int


def row_counts(connection: Connection, bucket: int) -> RowCounts:
    """Count what a bucket holds now."""
    mine = select(venues.c.venue_id).where(venues.c.bucket == bucket)
    pages = select(func.count()).where(venue_pages.c.venue_id.in_(mine), venue_pages.c.rejection.is_(None))
    photos_shown = select(func.count()).where(venue_photos.c.venue_id.in_(mine))
    return RowCounts(connection.scalar(pages) or 0, connection.scalar(photos_shown) or 0)


def crawl_jobs(connection: Connection, buckets: Sequence[int], store: PhotoStore) -> Iterator[VenueJob]:
    """A job for each venue of the buckets that is not retired, with all that makes its crawl incremental.

    A photo whose bytes the store has lost is left out of the memory, and so downloaded again.
    """
    stored = set(store.ids())
    listed = select(venues.c.venue_id, venues.c.site_url, venues.c.start_url, venues.c.site_files).where(
        venues.c.bucket.in_(buckets), venues.c.status != "retired"
    )
    for venue in connection.execute(listed.order_by(venues.c.venue_id)).all():
        yield VenueJob(
            venue_id=venue.venue_id,
            site_url=venue.start_url or venue.site_url,
            pages=tuple(_page_memories(connection, venue.venue_id)),
            photos=tuple(_photo_memories(connection, venue.venue_id, stored)),
            site_files=tuple(_readable(SiteFile, venue.site_files)),
        )


def _page_memories(connection: Connection, venue_id: uuid.UUID) -> Iterator[PageMemory]:
    names = ("url", "status", "etag", "last_modified", "content_sha256", "extraction")
    rows = connection.execute(
        select(*(venue_pages.c[name] for name in names)).where(venue_pages.c.venue_id == venue_id)
    )
    yield from _readable(PageMemory, (dict(row) for row in rows.mappings()))


def _photo_memories(connection: Connection, venue_id: uuid.UUID, stored: set[str]) -> Iterator[PhotoMemory]:
    files = venue_photo_files.c
    rows = connection.execute(select(files.photo_id, files.rejection, files.memory).where(files.venue_id == venue_id))
    kept = (memory for photo_id, rejection, memory in rows if rejection is not None or photo_id in stored)
    yield from _readable(PhotoMemory, kept)


def _readable(kind: type[_Memory], values: Iterable[Mapping[str, Any]]) -> Iterator[_Memory]:
    """The memories that this version of the crawler understands; what is left out is downloaded again."""
    for value in values:
        with contextlib.suppress(ValidationError):
            yield kind.model_validate(value)


def store_result(engine: Engine, store: PhotoStore, spooled: SpooledVenue) -> StoredVenue:
    """Bring one venue's rows to what its crawl found, in one transaction; unchanged rows are not written.

    A venue whose site could not be read keeps all it had and is marked `failing`. One that was retired or removed
    while the crawl ran is left as it is.

    Raises:
        UnstorableResultError: the fault is in the result, and nothing of it is stored. What is wrong with the
            database or the photo store, and may pass, is raised as it is.
    """
    try:
        result = spooled.result()
    except (FileNotFoundError, ValueError) as error:
        raise UnstorableResultError(f"unreadable result: {error}") from error
    _store_photos(store, spooled, result)
    try:
        with engine.begin() as connection:
            return StoredVenue.of(result, _store_rows(connection, result))
    except (StatementError, ValueError) as error:
        if _is_of_the_database(error):
            raise
        cause = error.orig if isinstance(error, StatementError) and error.orig is not None else error
        raise UnstorableResultError(f"{type(cause).__name__}: {cause}") from error


def mark_unstorable(engine: Engine, spooled: SpooledVenue, error: UnstorableResultError) -> StoredVenue:
    """Mark the venue of a result that cannot be stored `failing`, with the reason; it keeps all it had."""
    # The reason may quote what Postgres has just refused.
    printable = "".join(character if character.isprintable() else " " for character in str(error))
    reason = f"unstorable: {printable[:_REASON_CHARACTERS]}"
    with engine.begin() as connection:
        venue = _locked(connection, spooled.venue_id)
        result = VenueResult(
            venue_id=spooled.venue_id, site_url=venue["site_url"] if venue else "", outcome="failed", reason=reason,
            ended_at=datetime.now(UTC),
        )  # fmt: skip
        return StoredVenue.of(result, _store_rows(connection, result))


def _is_of_the_database(error: StatementError | ValueError) -> bool:
    """Whether the server, the connection or our SQL is at fault, and not the values."""
    if not isinstance(error, DBAPIError):
        return False  # Python could not even send them
    sqlstate = getattr(error.orig, "sqlstate", None) or ""
    return not (isinstance(error, DataError | IntegrityError) or sqlstate.startswith(_LIMIT_EXCEEDED))


def _store_photos(store: PhotoStore, spooled: SpooledVenue, result: VenueResult) -> None:
    # Files before rows: a row never names a photo the store lacks, whatever kills us in between.
    for photo in result.photos:
        if photo.photo_id is None or photo.rejection is not None or photo.unchanged or photo.stale:
            continue
        try:
            content = spooled.photo(photo.photo_id)
        except FileNotFoundError as error:
            raise UnstorableResultError(f"the spool lacks the photo {photo.photo_id}") from error
        store.put(content)


def _store_rows(connection: Connection, result: VenueResult) -> Written:
    venue = _locked(connection, result.venue_id)
    if venue is None or venue["status"] == "retired":
        return Written()
    if result.outcome == "failed":
        return _update_venue(connection, venue, _failing(result))
    written = _sync_photo_rows(connection, result)
    written += sync_rows(
        connection, venue_pages, venue_pages.c.venue_id == result.venue_id, _page_rows(result), ignore=_TIMES
    )
    values = _crawled(venue, result)
    if written or venue["crawled_at"] is None:
        values["crawled_at"] = result.ended_at
    return written + _update_venue(connection, venue, values)


def _locked(connection: Connection, venue_id: uuid.UUID) -> dict[str, Any] | None:
    query = select(venues).where(venues.c.venue_id == venue_id).with_for_update()
    venue = connection.execute(query).mappings().one_or_none()
    return None if venue is None else dict(venue)


def _sync_photo_rows(connection: Connection, result: VenueResult) -> Written:
    accepted = [photo for photo in result.photos if photo.photo_id is not None and photo.rejection is None]
    known = [
        {"photo_id": photo.photo_id, "mime": photo.mime, "width": photo.width, "height": photo.height,
         "phash": photo.phash, "bytes": photo.bytes}
        for photo in accepted
    ]  # fmt: skip
    added = 0
    if known:
        added = len(
            connection.execute(insert(photos).on_conflict_do_nothing().returning(photos.c.photo_id), known).all()
        )
    files = [_file_row(result.venue_id, photo) for photo in result.photos]
    shown = [_shown_row(result.venue_id, photo) for photo in accepted]
    own_files = venue_photo_files.c.venue_id == result.venue_id
    own_photos = venue_photos.c.venue_id == result.venue_id
    return (
        Written(inserted=added)
        + sync_rows(connection, venue_photo_files, own_files, files)
        + sync_rows(connection, venue_photos, own_photos, shown)
    )


def _file_row(venue_id: uuid.UUID, photo: PhotoResult) -> dict[str, Any]:
    known = photo.model_dump(mode="json", include=set(PhotoMemory.model_fields))
    return {
        "venue_id": venue_id,
        "source_url": photo.source_url,
        "photo_id": photo.photo_id,
        "rejection": photo.rejection.reason if photo.rejection else None,
        "rejection_detail": photo.rejection.detail if photo.rejection else None,
        "memory": {"url": photo.source_url, **known},
    }


def _shown_row(venue_id: uuid.UUID, photo: PhotoResult) -> dict[str, Any]:
    return {
        "venue_id": venue_id,
        "photo_id": photo.photo_id,
        "source_url": photo.source_url,
        "page_url": photo.page_url,
        "alt_text": photo.alt_text or None,
        "position": photo.position,
    }


def _page_rows(result: VenueResult) -> Iterator[dict[str, Any]]:
    for position, page in enumerate(result.pages):
        yield {
            "venue_id": result.venue_id,
            "url": page.url,
            "status": page.status,
            "etag": page.etag,
            "last_modified": page.last_modified,
            "content_sha256": page.content_sha256,
            "markdown": page.markdown,
            "fetched_at": page.fetched_at,
            "position": position,
            "rejection": page.rejection.reason if page.rejection else None,
            "extraction": page.extraction,
        }


def _failing(result: VenueResult) -> dict[str, Any]:
    return {"status": "failing", "crawl_note": result.reason}


def _crawled(venue: dict[str, Any], result: VenueResult) -> dict[str, Any]:
    """Status, the site's own files, and what the site says of itself where the operator has not said otherwise."""
    identity = result.identity | {
        name: stated for name, stated in venue["identity"].items() if is_operators_word(stated)
    }
    said = {name: stated["value"] for name, stated in identity.items() if isinstance(stated, dict)}
    values: dict[str, Any] = {
        "status": "crawled",
        "crawl_note": result.reason or None,
        "identity": identity,
        "site_files": [file.model_dump() for file in result.site_files],
    }
    # A statement that is gone from the site is gone here: the columns never depend on how often we looked.
    values |= {column: said.get(name) for column, name in _STATED.items()}
    if leaves_it_to_the_town(said):
        values["identity"] = identity | {"town_rules": TOWN_RULES}
        if venue["identity"] == values["identity"]:
            # Looking a town up means reading the gazetteer, and the same would be found again, or nothing again.
            return values
    return values | place_columns(said)


def _update_venue(connection: Connection, venue: dict[str, Any], values: dict[str, Any]) -> Written:
    changed = {name: value for name, value in values.items() if venue[name] != value}
    if not changed:
        return Written()
    connection.execute(update(venues).where(venues.c.venue_id == venue["venue_id"]).values(**changed))
    return Written(updated=1)
