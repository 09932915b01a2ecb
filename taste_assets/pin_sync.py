"""One board's pins: listed whole, pictures fetched, then the tables brought to that in one transaction."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import Engine, Text, any_, literal, or_, select, update
from sqlalchemy.dialects.postgresql import ARRAY

from resources.photo_store import PhotoStore
from resources.pictures import Picture, inspect_picture
from resources.schema import boards, pins, users
from resources.sync import Written, sync_rows
from taste_assets.board_sync import BoardToSync, Retention, hold_user
from taste_assets.pin_photos import drop_unreferenced_photos, hold_pin_photos, store_photo_rows
from taste_assets.sources.protocol import ImageRefusedError, ImageUnavailableError, SourcePin, TasteSource

UNAVAILABLE: Final = "unavailable"
"""The one rejection that does not last: the board stays to be synced, and its picture is asked for again."""

_DOWNLOADS: Final = 4  # of one board at one time
_GIVEN_UP_AFTER: Final = 5  # pictures in a row that do not come: their server is down


@dataclass(slots=True)
class SyncedBoard:
    """What syncing a board did.

    Attributes:
        pins: on the board.
        downloaded: pictures fetched that are some.
        bytes: of everything fetched.
        rejected: pins without a photo, by reason.
        is_complete: whether every picture was had or refused for good.
        written: rows touched.
    """

    pins: int = 0
    downloaded: int = 0
    bytes: int = 0
    rejected: Counter[str] = field(default_factory=Counter)
    is_complete: bool = True
    written: Written = field(default_factory=Written)


@dataclass(frozen=True, slots=True)
class _Fetched:
    """A pin's picture: the photo with the size of its file, or why there is none; and what was fetched for it."""

    photo_id: str | None = None
    picture: Picture | None = None
    file_bytes: int = 0
    rejection: str | None = None
    bytes: int = 0


def sync_board(
    engine: Engine,
    store: PhotoStore,
    source: TasteSource,
    board: BoardToSync,
    retention: Retention,
    again: frozenset[str] = frozenset(),
) -> SyncedBoard:
    """Bring the pins of a board to what its source lists; unchanged rows are not written, known pictures not fetched.

    Args:
        engine: on the tables' database.
        store: takes the pictures.
        source: the owner's.
        board: which.
        retention: whether titles and alternative texts are stored.
        again: pins whose picture is fetched although it is known.

    Raises:
        BoardGoneError: it vanished; nothing was written.
        SourceError: it cannot be listed now; nothing was written.
    """
    listed = source.pins(board.board_id, board.source_url)
    known = _known(engine, board.user_id, [pin.pin_id for pin in listed])
    wanted = [pin for pin in listed if pin.rejection is None and (pin.pin_id not in known or pin.pin_id in again)]
    fetched = _fetch_all(source, store, wanted)
    # A picture that is wanted again and does not come leaves what is known.
    found = known | {
        name: each for name, each in fetched.items() if not (each.rejection == UNAVAILABLE and name in known)
    }
    rows = [_row(board, pin, found.get(pin.pin_id), retention) for pin in listed]
    rejected = Counter(row["rejection"] for row in rows if row["rejection"] is not None)
    result = SyncedBoard(
        pins=len(rows),
        downloaded=sum(each.photo_id is not None for each in fetched.values()),
        bytes=sum(each.bytes for each in fetched.values()),
        rejected=rejected,
        is_complete=rejected[UNAVAILABLE] == 0,
    )
    result.written = _write(engine, store, board, rows, fetched, is_complete=result.is_complete)
    return result


def _known(engine: Engine, user_id: uuid.UUID, pin_ids: Sequence[str]) -> dict[str, _Fetched]:
    """What is stored of these pins, wherever the person has them, less what may yet be had."""
    mine = (pins.c.user_id == user_id) & (pins.c.pin_id == any_(literal(list(pin_ids), ARRAY(Text))))
    with engine.connect() as connection:
        rows = connection.execute(select(pins.c.pin_id, pins.c.photo_id, pins.c.rejection).where(mine)).all()
    return {row.pin_id: _Fetched(row.photo_id, rejection=row.rejection) for row in rows if row.rejection != UNAVAILABLE}


def _fetch_all(source: TasteSource, store: PhotoStore, wanted: Sequence[SourcePin]) -> dict[str, _Fetched]:
    missed = 0

    def fetch(pin: SourcePin) -> _Fetched:
        nonlocal missed
        if missed >= _GIVEN_UP_AFTER:
            return _Fetched(rejection=UNAVAILABLE)
        fetched = _fetch(source, store, pin)
        missed = missed + 1 if fetched.rejection == UNAVAILABLE else 0
        return fetched

    if not wanted:
        return {}
    with ThreadPoolExecutor(_DOWNLOADS) as pool:
        return {pin.pin_id: each for pin, each in zip(wanted, pool.map(fetch, wanted), strict=True)}


def _fetch(source: TasteSource, store: PhotoStore, pin: SourcePin) -> _Fetched:
    """The first of a pin's addresses that gives a picture, its file stored; else why the best one gives none."""
    reason: str | None = None
    size = 0
    for url in pin.image_urls:
        try:
            content = source.image(url)
        except ImageUnavailableError:
            return _Fetched(rejection=UNAVAILABLE, bytes=size)
        except ImageRefusedError as error:
            reason = reason or error.reason
            continue
        size += len(content)
        picture = inspect_picture(content)
        if isinstance(picture, Picture):
            return _Fetched(store.put(content), picture, len(content), bytes=size)
        reason = reason or picture
    return _Fetched(rejection=reason or "no_image", bytes=size)


def _row(board: BoardToSync, pin: SourcePin, fetched: _Fetched | None, retention: Retention) -> dict[str, Any]:
    image = fetched if pin.rejection is None else None
    return {
        "user_id": board.user_id,
        "pin_id": pin.pin_id,
        "board_id": board.board_id,
        "photo_id": image.photo_id if image else None,
        "pinned_at": pin.created_at,
        "rejection": image.rejection if image else pin.rejection,
        "title": pin.title if retention == "full" else None,
        "alt_text": pin.alt_text if retention == "full" else None,
    }


def _write(
    engine: Engine,
    store: PhotoStore,
    board: BoardToSync,
    rows: Sequence[dict[str, Any]],
    fetched: dict[str, _Fetched],
    *,
    is_complete: bool,
) -> Written:
    stored = {each.photo_id: each for each in fetched.values() if each.photo_id is not None}
    with engine.begin() as connection:
        hold_user(connection, board.user_id)
        hold_pin_photos(connection)
        this = (boards.c.user_id == board.user_id) & (boards.c.board_id == board.board_id)
        if connection.scalar(select(boards.c.board_id).where(this)) is None:
            # The board, or its owner, is gone meanwhile: what was just fetched is nobody's.
            drop_unreferenced_photos(connection, store, stored)
            return Written()
        store_photo_rows(
            connection,
            {name: (each.picture, each.file_bytes) for name, each in stored.items() if each.picture is not None},
        )
        pin_ids = literal([row["pin_id"] for row in rows], ARRAY(Text))
        # A pin that moved here from another board of theirs is the same pin.
        scope = (pins.c.user_id == board.user_id) & or_(
            pins.c.board_id == board.board_id, pins.c.pin_id == any_(pin_ids)
        )
        before = set(connection.scalars(select(pins.c.photo_id).where(scope, pins.c.photo_id.is_not(None))))
        written = sync_rows(connection, pins, scope, rows)
        if is_complete:
            done = update(boards).where(this, boards.c.synced_fingerprint.is_distinct_from(board.fingerprint))
            written += Written(updated=connection.execute(done.values(synced_fingerprint=board.fingerprint)).rowcount)
        drop_unreferenced_photos(connection, store, before - {row["photo_id"] for row in rows})
        return written


def forget_texts(engine: Engine, buckets: Sequence[int]) -> int:
    """Clear titles and alternative texts that pins of these buckets still hold from a time of PIN_RETENTION=full."""
    held = or_(pins.c.title.is_not(None), pins.c.alt_text.is_not(None))
    theirs = pins.c.user_id.in_(select(users.c.user_id).where(users.c.bucket.in_(buckets)))
    with engine.begin() as connection:
        return connection.execute(update(pins).where(theirs, held).values(title=None, alt_text=None)).rowcount
