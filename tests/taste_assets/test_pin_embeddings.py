"""`pin_embeddings` in real runs: each picture once, whoever has it; what cannot be read; what is kept of files."""

from __future__ import annotations

import io
from pathlib import Path

import dagster as dg
import numpy as np
import pytest
from PIL import Image
from sqlalchemy import URL, Engine, func, insert, select, text

from resources.encoders import load
from resources.identity import VENUE_BUCKETS, venue_id
from resources.photo_store import PhotoStore
from resources.schema import (
    photo_embedding_failures,
    photo_embeddings,
    photos,
    pins,
    taste_states,
    users,
    venue_photos,
    venues,
)
from resources.settings import load_settings
from resources.spaces import current_space
from tests.taste_assets.tastes import ENCODER, PINNED_AT, SPACE, Tastes, add_person, use_space


@pytest.fixture
def store(tmp_path: Path) -> PhotoStore:
    return PhotoStore(str(tmp_path / "photos"))


@pytest.fixture
def tastes(
    engine: Engine, instance: dg.DagsterInstance, database_url: URL, store: PhotoStore, monkeypatch: pytest.MonkeyPatch
) -> Tastes:
    """A photo store and an encoder of colours; no space is current."""
    monkeypatch.setenv("DATABASE_URL", database_url.render_as_string(hide_password=False))
    monkeypatch.setenv("IMAGE_ENCODER", ENCODER)
    monkeypatch.setenv("PHOTO_STORE_URL", str(store.root))
    load._image_encoder.cache_clear()
    return Tastes(engine, instance)


def painting(seed: int) -> bytes:
    """A small picture of noise."""
    pixels = np.random.default_rng(seed).integers(0, 255, (8, 8, 3), np.uint8)
    encoded = io.BytesIO()
    Image.fromarray(pixels).save(encoded, "PNG")
    return encoded.getvalue()


def pin_files(tastes: Tastes, store: PhotoStore, handle: str, contents: list[bytes]) -> list[str]:
    """Have a new person pin these files; their photo ids."""
    person = add_person(tastes.engine, handle)
    ids = [store.put(content) for content in contents]
    with tastes.engine.begin() as connection:
        known = set(connection.scalars(select(photos.c.photo_id)))
        for one in ids:
            if one not in known:
                connection.execute(insert(photos).values(photo_id=one, mime="image/png", width=8, height=8, bytes=9))
        rows = [{"user_id": person, "pin_id": f"{number}", "board_id": "b", "photo_id": one, "pinned_at": PINNED_AT}
                for number, one in enumerate(ids)]  # fmt: skip
        connection.execute(insert(pins), rows)
    return ids


def embedded(tastes: Tastes) -> set[str]:
    with tastes.engine.connect() as connection:
        return set(connection.scalars(select(photo_embeddings.c.photo_id)))


def encoder_runs() -> int:
    """How many pictures the process's encoder has encoded."""
    encoder = load.image_encoder(load_settings())
    return int(encoder.encoded)  # type: ignore[attr-defined]


def test_each_pinned_picture_is_embedded_once_and_the_first_space_becomes_current(
    tastes: Tastes, store: PhotoStore
) -> None:
    ids = pin_files(tastes, store, "ann", [painting(number) for number in range(5)])
    pin_files(tastes, store, "bob", [painting(number) for number in range(3)])
    result = tastes.execute("pin_embeddings")
    assert result.success
    assert embedded(tastes) == set(ids)
    assert encoder_runs() == 5, "a picture that two have is encoded once"
    with tastes.engine.connect() as connection:
        assert current_space(connection, "image") == SPACE
    described = tastes.described(result, "pin_embeddings")
    assert (described["embedded now"], described["dagster/partition_row_count"]) == (5, 5)
    again = tastes.execute("pin_embeddings")
    assert again.success
    assert encoder_runs() == 5, "no model for nothing"
    assert tastes.described(again, "pin_embeddings")["skipped"] == 5


def test_what_is_no_picture_is_recorded_and_what_is_gone_is_a_warning(tastes: Tastes, store: PhotoStore) -> None:
    good, bad, gone = pin_files(tastes, store, "ann", [painting(1), b"no picture", painting(2)])
    store.delete(gone)
    result = tastes.execute("pin_embeddings")
    assert result.success
    assert embedded(tastes) == {good}
    with tastes.engine.connect() as connection:
        assert list(connection.scalars(select(photo_embedding_failures.c.photo_id))) == [bad]
    (check,) = result.get_asset_check_evaluations()
    assert not check.passed
    assert check.severity == dg.AssetCheckSeverity.WARN
    assert check.metadata["missing"].value == 1


@pytest.mark.parametrize("retention", ["minimal", "full"])
def test_files_are_kept_as_retention_says_and_always_where_a_venue_shows_them(
    tastes: Tastes, store: PhotoStore, retention: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PIN_RETENTION", retention)
    shown, mine, gone = pin_files(tastes, store, "ann", [painting(number) for number in range(3)])
    store.delete(gone)
    venue = venue_id("v.test")
    with tastes.engine.begin() as connection:
        connection.execute(insert(venues).values(venue_id=venue, site_url="https://v.test", bucket=VENUE_BUCKETS - 1))
        row = {"venue_id": venue, "photo_id": shown, "source_url": "u", "page_url": "p", "position": 0}
        connection.execute(insert(venue_photos).values(row))
    assert tastes.execute("pin_embeddings").success
    assert embedded(tastes) == {shown, mine}
    assert set(store.ids()) == ({shown} if retention == "minimal" else {shown, mine})


def test_a_run_over_everything_drops_the_files_that_a_killed_run_left(tastes: Tastes, store: PhotoStore) -> None:
    pin_files(tastes, store, "ann", [painting(1)])
    assert tastes.execute("pin_embeddings").success
    store.put(painting(1))
    assert tastes.execute("pin_embeddings", bucket=None).success
    assert list(store.ids()) == []


def test_a_vector_that_comes_after_the_clustering_makes_its_person_due_again(tastes: Tastes, store: PhotoStore) -> None:
    use_space(tastes.engine)
    pin_files(tastes, store, "ann", [painting(number) for number in range(3)])
    tastes.cluster()
    with tastes.engine.connect() as connection:
        assert connection.scalar(select(taste_states.c.pin_count)) == 0
    assert tastes.execute("pin_embeddings").success
    with tastes.engine.connect() as connection:
        behind = select(func.count()).where(
            users.c.user_id == taste_states.c.user_id, users.c.taste_version > taste_states.c.taste_version
        )
        assert connection.scalar(behind) == 1
    tastes.cluster()
    with tastes.engine.connect() as connection:
        assert connection.scalar(select(taste_states.c.pin_count)) == 3
        version = connection.scalar(text("SELECT taste_version FROM users"))
    assert tastes.execute("pin_embeddings").success
    with tastes.engine.connect() as connection:
        assert connection.scalar(text("SELECT taste_version FROM users")) == version, "and nobody else, and once"
