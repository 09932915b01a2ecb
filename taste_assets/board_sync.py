"""Whose boards are to be read, and the table `boards` brought to what a source listed. SQL only."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Literal

from sqlalchemy import ColumnElement, Connection, Engine, Select, Text, all_, and_, any_, delete, literal, or_, select
from sqlalchemy.dialects.postgresql import ARRAY

from resources.photo_store import PhotoStore
from resources.schema import boards, pins, pinterest_accounts, users
from resources.sync import Written, sync_rows
from taste_assets.pin_photos import drop_unreferenced_photos, hold_pin_photos
from taste_assets.sources.opening import SourceOwner
from taste_assets.sources.protocol import SourceBoard, SourceName

Retention = Literal["minimal", "full"]

_ACTIVE: Final = timedelta(days=7)
_OCCASIONAL: Final = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class BoardToSync:
    """A board whose pins are not those of its fingerprint."""

    user_id: uuid.UUID
    board_id: str
    source: SourceName
    source_url: str | None
    fingerprint: str | None


def owners(connection: Connection, buckets: Sequence[int]) -> list[SourceOwner]:
    """Everybody in the buckets who has a source, in order of id."""
    return _owners(connection, users.c.bucket.in_(buckets), None)


def owners_due(connection: Connection, buckets: Sequence[int], now: datetime) -> list[SourceOwner]:
    """Those in the buckets whose boards are to be listed: accounts that are due, and every imported folder."""
    return _owners(connection, users.c.bucket.in_(buckets), now)


def owner(connection: Connection, user_id: uuid.UUID) -> SourceOwner | None:
    """One person's sources; None where they have none."""
    found = _owners(connection, users.c.user_id == user_id, None)
    return found[0] if found else None


def _owners(connection: Connection, who: ColumnElement[bool], due_by: datetime | None) -> list[SourceOwner]:
    person = (users.c.user_id, users.c.bucket, users.c.connected_at)
    accounts = select(*person).join(pinterest_accounts).where(who)
    if due_by is not None:
        accounts = accounts.where(pinterest_accounts.c.poll_due_at <= due_by)
    with_account = {row.user_id: row for row in connection.execute(accounts)}
    imported = select(*person, boards.c.source_url).join(boards).where(who)
    folders: defaultdict[uuid.UUID, set[str]] = defaultdict(set)
    people: dict[uuid.UUID, Any] = dict(with_account)
    for row in connection.execute(imported.where(boards.c.source == "folder")):
        folders[row.user_id].add(row.source_url)
        people[row.user_id] = row
    return [
        SourceOwner(one, row.bucket, row.connected_at, one in with_account, roots(folders[one]))
        for one, row in sorted(people.items())
    ]


def roots(folders: Iterable[str]) -> tuple[str, ...]:
    """The folders that were imported, among all that are boards: those not directly inside another."""
    known = set(folders)
    return tuple(sorted(folder for folder in known if folder.rpartition("/")[0] not in known))


def next_poll(now: datetime, active_at: datetime, interval: timedelta) -> datetime:
    """When to list an account's boards next: after `interval` if they are active at present, else 6 or 24 times that.

    Args:
        now: with zone.
        active_at: when their boards last changed, or when they joined, whichever was later: who is new here is
            looking for a venue now, and will not wait for a day to see what their first pin changes.
        interval: between polls of somebody active.
    """
    quiet = now - active_at
    if quiet > _OCCASIONAL:
        return now + 24 * interval
    return now + (interval if quiet <= _ACTIVE else 6 * interval)


def sync_boards(
    engine: Engine,
    store: PhotoStore,
    user_id: uuid.UUID,
    source: SourceName,
    listed: Sequence[SourceBoard],
    retention: Retention,
) -> Written:
    """Bring a person's boards of one source to a complete listing, in one transaction; unchanged rows are not written.

    Boards that are gone go with their pins, and with the photos that nobody else has. A board's name is the owner's
    words: of Pinterest it is stored with PIN_RETENTION=full only.
    """
    keeps_names = source == "folder" or retention == "full"
    rows = [
        {
            "user_id": user_id,
            "board_id": board.board_id,
            "name": board.name if keeps_names else None,
            "pin_count": board.pin_count,
            "board_pins_modified_at": board.modified_at,
            "fingerprint": board.fingerprint,
            "source": source,
            "source_url": board.source_url,
        }
        for board in listed
    ]
    with engine.begin() as connection:
        if not hold_user(connection, user_id):
            return Written()
        hold_pin_photos(connection)
        mine = and_(boards.c.user_id == user_id, boards.c.source == source)
        kept = literal([board.board_id for board in listed], ARRAY(Text))
        gone = select(boards.c.board_id).where(mine, boards.c.board_id != all_(kept))
        photo_ids = _photos_on(connection, user_id, gone)
        written = sync_rows(connection, boards, mine, rows)
        drop_unreferenced_photos(connection, store, photo_ids)
        return written


def drop_folder(engine: Engine, store: PhotoStore, user_id: uuid.UUID, folder: str) -> None:
    """Take the boards of an imported folder from a person, with their pins and the photos that nobody else has."""
    with engine.begin() as connection:
        hold_user(connection, user_id)
        hold_pin_photos(connection)
        inside = or_(boards.c.source_url == folder, boards.c.source_url.startswith(f"{folder}/", autoescape=True))
        these = and_(boards.c.user_id == user_id, boards.c.source == "folder", inside)
        photo_ids = _photos_on(connection, user_id, select(boards.c.board_id).where(these))
        connection.execute(delete(boards).where(these))
        drop_unreferenced_photos(connection, store, photo_ids)


def _photos_on(connection: Connection, user_id: uuid.UUID, board_ids: Select[Any]) -> list[str]:
    lost = select(pins.c.photo_id).where(pins.c.user_id == user_id, pins.c.board_id.in_(board_ids))
    return [photo_id for photo_id in connection.scalars(lost) if photo_id is not None]


def boards_to_sync(connection: Connection, buckets: Sequence[int], now: datetime) -> list[BoardToSync]:
    """Boards of the buckets whose pins are to be read, in order; those of accounts that are left alone now not."""
    resting = select(pinterest_accounts.c.user_id).where(
        pinterest_accounts.c.failures > 0, pinterest_accounts.c.poll_due_at > now
    )
    reachable = (boards.c.source != "pinterest") | boards.c.user_id.not_in(resting)
    changed = boards.c.fingerprint.is_distinct_from(boards.c.synced_fingerprint)
    query = _boards().join(users).where(users.c.bucket.in_(buckets), changed, reachable)
    return [BoardToSync(**row) for row in connection.execute(query.order_by(*boards.primary_key)).mappings()]


def boards_named(connection: Connection, names: Iterable[tuple[uuid.UUID, str]]) -> list[BoardToSync]:
    """These boards, by owner and id."""
    wanted = set(names)
    query = _boards().where(boards.c.board_id == any_(literal(sorted({board for _, board in wanted}), ARRAY(Text))))
    rows = connection.execute(query.order_by(*boards.primary_key)).mappings()
    return [BoardToSync(**row) for row in rows if (row["user_id"], row["board_id"]) in wanted]


def hold_user(connection: Connection, user_id: uuid.UUID) -> bool:
    """Keep a person from being forgotten, or synced by another, until the transaction ends; False if they are gone."""
    return (
        connection.scalar(select(users.c.user_id).where(users.c.user_id == user_id).with_for_update(key_share=True))
        is not None
    )


def _boards() -> Select[Any]:
    columns = boards.c
    return select(columns.user_id, columns.board_id, columns.source, columns.source_url, columns.fingerprint)
