"""Pruning photographs: those that anything uses stay, with their files, whatever else goes on meanwhile."""

from __future__ import annotations

import threading
import uuid
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import URL, Connection, Engine, Table, select
from typer.testing import CliRunner

from resources.photo_store import PhotoStore
from resources.schema import (
    boards,
    embedding_spaces,
    photo_embeddings,
    photos,
    pins,
    ratings,
    recommendations,
    taste_cluster_members,
    taste_clusters,
    users,
    venue_photos,
    venues,
)
from venue_assets.commands import app
from venue_assets.unused_photos import prune_photos, unused_photos

NOW = datetime(2026, 5, 1, tzinfo=UTC)
ADA, VENUE, CLUSTER = uuid.UUID(int=1), uuid.UUID(int=2), uuid.UUID(int=3)
SPACE = "image:m:r:2"
# Databases cloned from one template give a table the same number.
WAITING = """
SELECT count(*) FROM pg_locks JOIN pg_database ON pg_database.oid = database
WHERE datname = current_database() AND relation = 'photos'::regclass AND mode = 'ExclusiveLock' AND NOT granted
"""
USED = ("shown", "pinned", "rated", "member", "medoid", "recommended")


@pytest.fixture
def store(tmp_path: Path) -> PhotoStore:
    return PhotoStore(str(tmp_path / "photos"))


def add(connection: Connection, table: Table, **values: Any) -> None:
    connection.execute(table.insert().values(**values))


def photo(connection: Connection, store: PhotoStore, content: str) -> str:
    photo_id = store.put(content.encode())
    add(connection, photos, photo_id=photo_id, mime="image/jpeg", width=1, height=1, bytes=1)
    add(connection, photo_embeddings, photo_id=photo_id, space_id=SPACE, dim=2, embedding=[1.0, 0.0])
    return photo_id


def show(connection: Connection, photo_id: str) -> None:
    add(connection, venue_photos, venue_id=VENUE, photo_id=photo_id, source_url=photo_id, page_url="p", position=0)


@pytest.fixture
def ids(engine: Engine, store: PhotoStore) -> dict[str, str]:
    """A photograph for every way to use one, and two that nothing uses."""
    with engine.begin() as connection:
        add(connection, embedding_spaces, space_id=SPACE, modality="image", model="m", revision="r", dim=2)
        add(connection, venues, venue_id=VENUE, site_url="https://a.example", bucket=0, status="retired")
        add(connection, users, user_id=ADA, handle="ada", bucket=0)
        add(connection, boards, user_id=ADA, board_id="b")
        made = {use: photo(connection, store, use) for use in (*USED, "unused", "unused too")}
        show(connection, made["shown"])
        add(connection, pins, user_id=ADA, pin_id="p", board_id="b", photo_id=made["pinned"], pinned_at=NOW)
        add(connection, ratings, user_id=ADA, photo_id=made["rated"], rating=5, rated_at=NOW)
        unit = {"space_id": SPACE, "dim": 2, "medoid_vector": [1.0, 0.0], "centroid_vector": [1.0, 0.0]}
        add(
            connection, taste_clusters, cluster_id=CLUSTER, user_id=ADA, cluster_index=0, polarity="positive",
            medoid_photo_id=made["medoid"], weight=1, pin_count=1, **unit,
        )  # fmt: skip
        member = {"cluster_id": CLUSTER, "photo_id": made["member"], "weight": 1, "added_at": NOW}
        add(connection, taste_cluster_members, **member)
        add(
            connection, recommendations, user_id=ADA, rank=1, venue_id=VENUE, score=1, strategy="s", space_id=SPACE,
            inputs_hash="0" * 64, run_id="r", generated_at=NOW,
            matches=[{"photo_id": made["recommended"]}, {"photo_id": None}],
        )  # fmt: skip
    return made


def test_what_anything_uses_stays_and_the_rest_goes_with_vectors_and_files(
    engine: Engine, database_url: URL, store: PhotoStore, ids: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", database_url.render_as_string(hide_password=False))
    monkeypatch.setenv("PHOTO_STORE_URL", str(store.root))
    for said in ("2 removed", "0 removed"):
        done = CliRunner().invoke(app, ["prune-photos"], catch_exceptions=False)
        assert said in done.output
    kept = {ids[use] for use in USED}
    with engine.connect() as connection:
        assert set(connection.scalars(select(photos.c.photo_id))) == kept
        assert set(connection.scalars(select(photo_embeddings.c.photo_id))) == kept
    assert set(store.ids()) == kept


def test_a_photograph_that_a_venue_takes_up_meanwhile_stays(
    engine: Engine, database_url: URL, store: PhotoStore, ids: dict[str, str]
) -> None:
    with engine.connect() as connection:
        assert unused_photos(connection) == sorted((ids["unused"], ids["unused too"]))
    watcher = psycopg.connect(database_url.set(drivername="postgresql").render_as_string(hide_password=False))
    with engine.begin() as crawl, watcher:
        show(crawl, ids["unused"])
        pruning = threading.Thread(target=prune_photos, args=(engine, store))
        pruning.start()
        while watcher.execute(WAITING).fetchone() != (1,):
            assert pruning.is_alive(), "it must wait for the crawl"
            watcher.rollback()
    pruning.join()
    with engine.connect() as connection:
        assert ids["unused"] in set(connection.scalars(select(photos.c.photo_id)))
    assert store.exists(ids["unused"])
    assert not store.exists(ids["unused too"])
