"""Files behind pins: dropped when nobody needs them, wanted again when a new model has not seen them."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, select

from resources.photo_store import PhotoStore
from resources.schema import (
    boards,
    embedding_spaces,
    photo_embedding_failures,
    photo_embeddings,
    photos,
    pins,
    ratings,
    users,
    venue_photos,
    venues,
)
from taste_assets.pin_photos import (
    PinToFetch,
    drop_unkept_files,
    drop_unreferenced_photos,
    hold_pin_photos,
    pins_to_fetch_again,
)

NOW = datetime(2026, 5, 1, tzinfo=UTC)
ADA, BEN, VENUE = uuid.UUID(int=1), uuid.UUID(int=2), uuid.UUID(int=3)


@pytest.fixture
def store(tmp_path: Path) -> PhotoStore:
    return PhotoStore(str(tmp_path / "photos"))


def put(connection: Connection, store: PhotoStore, *contents: str) -> dict[str, str]:
    """Photos of these contents, their ids by content."""
    ids = {content: store.put(content.encode()) for content in contents}
    for photo_id in ids.values():
        row: dict[str, Any] = {"photo_id": photo_id, "mime": "image/jpeg", "width": 1, "height": 1, "bytes": 1}
        connection.execute(photos.insert().values(**row))
    return ids


def people(connection: Connection) -> None:
    for user_id, handle, bucket in ((ADA, "ada", 0), (BEN, "ben", 1)):
        connection.execute(users.insert().values(user_id=user_id, handle=handle, bucket=bucket))
        connection.execute(boards.insert().values(user_id=user_id, board_id="b"))


def pinned(connection: Connection, user_id: uuid.UUID, pin_id: str, photo_id: str | None) -> None:
    row = {"user_id": user_id, "pin_id": pin_id, "board_id": "b", "photo_id": photo_id, "pinned_at": NOW}
    connection.execute(pins.insert().values(**row))


def shown(connection: Connection, photo_id: str) -> None:
    connection.execute(venues.insert().values(venue_id=VENUE, site_url="https://a.example", bucket=0))
    row = {"venue_id": VENUE, "photo_id": photo_id, "source_url": "s", "page_url": "p", "position": 0}
    connection.execute(venue_photos.insert().values(**row))


def embedded(connection: Connection, space_id: str, *photo_ids: str) -> None:
    known = select(embedding_spaces.c.space_id).where(embedding_spaces.c.space_id == space_id)
    if connection.scalar(known) is None:
        row: dict[str, Any] = {"space_id": space_id, "modality": "image", "model": "m", "revision": "r", "dim": 2}
        connection.execute(embedding_spaces.insert().values(**row))
    for photo_id in photo_ids:
        row = {"photo_id": photo_id, "space_id": space_id, "dim": 2, "embedding": [1.0, 0.0]}
        connection.execute(photo_embeddings.insert().values(**row))


def test_a_photo_goes_when_no_pin_rating_or_venue_has_it(engine: Engine, store: PhotoStore) -> None:
    with engine.begin() as connection:
        people(connection)
        ids = put(connection, store, "bens", "venues", "rated", "nobodys")
        pinned(connection, BEN, "1", ids["bens"])
        shown(connection, ids["venues"])
        connection.execute(ratings.insert().values(user_id=BEN, photo_id=ids["rated"], rating=3, rated_at=NOW))
        embedded(connection, "s", *ids.values())
        hold_pin_photos(connection)
        stray = store.put(b"a file without a row")
        assert drop_unreferenced_photos(connection, store, [*ids.values(), stray]) == 2
        left = {ids[name] for name in ("bens", "venues", "rated")}
        assert set(store.ids()) == set(connection.scalars(select(photos.c.photo_id))) == left
        assert set(connection.scalars(select(photo_embeddings.c.photo_id))) == left
        assert drop_unreferenced_photos(connection, store, []) == 0


def test_files_are_dropped_once_embedded_unless_a_venue_shows_them(engine: Engine, store: PhotoStore) -> None:
    with engine.begin() as connection:
        ids = put(connection, store, "embedded", "unreadable", "waiting", "venues", "not asked about")
        embedded(connection, "s", *(ids[name] for name in ("embedded", "venues", "not asked about")))
        row = {"photo_id": ids["unreadable"], "space_id": "s", "reason": "broken", "failed_at": NOW}
        connection.execute(photo_embedding_failures.insert().values(**row))
        shown(connection, ids["venues"])
        asked = [photo_id for name, photo_id in ids.items() if name != "not asked about"]
        assert drop_unkept_files(connection, store, asked) == 2
        assert drop_unkept_files(connection, store, asked) == 0
        assert set(store.ids()) == {ids[name] for name in ("waiting", "venues", "not asked about")}
        assert len(connection.scalars(select(photos.c.photo_id)).all()) == 5


def test_what_a_new_space_has_not_seen_and_nobody_has_is_wanted_again(engine: Engine, store: PhotoStore) -> None:
    with engine.begin() as connection:
        people(connection)
        ids = put(connection, store, "seen by both", "seen by one", "there", "bens")
        for number, name in enumerate(("seen by both", "seen by one", "there")):
            pinned(connection, ADA, str(number), ids[name])
        pinned(connection, ADA, "a video", None)
        pinned(connection, BEN, "0", ids["bens"])
        embedded(connection, "old", *ids.values())
        embedded(connection, "new", ids["seen by both"])
        for name in ("seen by both", "seen by one", "bens"):
            store.delete(ids[name])
        mine = PinToFetch(ADA, "b", "1")
        assert pins_to_fetch_again(connection, store, ["old"], [0, 1]) == []
        assert pins_to_fetch_again(connection, store, ["old", "new"], [0]) == [mine]
        assert pins_to_fetch_again(connection, store, ["new"], [0, 1]) == [mine, PinToFetch(BEN, "b", "0")]
