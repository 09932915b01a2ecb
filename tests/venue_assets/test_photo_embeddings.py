"""`photo_embeddings` as Dagster runs it: every photo once, resumable, idempotent, model by model, real photographs."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import dagster as dg
import numpy as np
import pytest
from sqlalchemy import URL, Engine, delete, select, text, update

from demo.tiny_clip import WEIGHTS
from resources.encoders.load import image_encoder
from resources.encoders.open_clip_encoder import OpenClipEncoder
from resources.identity import content_id
from resources.photo_store import PhotoStore
from resources.schema import photo_embedding_failures, photo_embeddings, venues
from resources.settings import Settings
from resources.spaces import current_space
from resources.vectors import photo_vectors
from tests.plugins import mobilenet_litert
from tests.resources.encoders.models import photograph
from tests.venue_assets.embedded_venues import EmbeddedVenues

PROJECT = Path(__file__).resolve().parents[2]
SUN8 = PROJECT.parent / "shared/material/photos/sun8"
MOBILENET = "python:tests.plugins.mobilenet_litert:encoder"
PICTURES = [photograph(seed) for seed in range(30)]


@pytest.fixture
def world(
    engine: Engine, database_url: URL, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[EmbeddedVenues]:
    monkeypatch.setenv("DATABASE_URL", database_url.render_as_string(hide_password=False))
    with dg.DagsterInstance.ephemeral(tempdir=str(tmp_path)) as instance:
        yield EmbeddedVenues(engine, PhotoStore(str(tmp_path / "photos")), instance)


def test_every_photo_once_and_again_without_writing(world: EmbeddedVenues) -> None:
    world.add("oak", PICTURES[:12])
    world.add("elm", PICTURES[10:20])  # two that oak shows, too
    first = world.embed_photos()
    assert first.success
    assert first.checks == {"photos_embedded": True, "photo_vectors_sound": True, "photos_readable": True}
    assert first.total("dagster/partition_row_count") == first.total("photos") == 22
    assert first.total("embedded now") == 22
    assert set(first.metadata["dtype"]) == {"float32"}
    assert all(speed > 0 for speed in first.metadata["photos per second"])
    before = world.rows()
    assert len(before) == 20, "a photo that two venues show has one vector"
    with world.engine.connect() as connection:
        space = current_space(connection, "image")
        assert space is not None
        assert [space.space_id] * 16 == first.metadata["space"]

    second = world.embed_photos()
    assert second.success
    assert (second.total("embedded now"), second.total("skipped")) == (0, 22)
    assert world.rows() == before
    assert "dtype" not in second.metadata, "no model ran"


def test_a_run_with_nothing_to_do_does_not_load_the_model(world: EmbeddedVenues) -> None:
    world.add("oak", PICTURES[:3])
    setting = f"open_clip:local-dir:{WEIGHTS}"
    assert world.embed_photos(setting).success
    loaded = image_encoder(Settings(image_encoder=setting))
    assert isinstance(loaded, OpenClipEncoder)
    assert loaded.is_loaded
    fresh = f"open_clip:local-dir:{WEIGHTS}/../weights"  # another spelling is another encoder object, of the same space
    assert world.embed_photos(fresh).total("skipped") == 3
    again = image_encoder(Settings(image_encoder=fresh))
    assert isinstance(again, OpenClipEncoder)
    assert again.space == loaded.space
    assert not again.is_loaded


def test_photos_that_cannot_be_read_are_recorded_once_and_stop_nothing(world: EmbeddedVenues) -> None:
    world.add("oak", [*PICTURES[:4], b"no picture", PICTURES[4]])
    first = world.embed_photos()
    assert first.success
    assert first.checks == {"photos_embedded": True, "photo_vectors_sound": True, "photos_readable": False}
    assert (first.total("embedded now"), first.total("failed now")) == (5, 1)
    with world.engine.connect() as connection:
        (failure,) = connection.execute(select(photo_embedding_failures)).all()
    assert failure.photo_id == content_id(b"no picture")
    assert "UnidentifiedImageError" in failure.reason
    assert world.embed_photos().total("failed now") == 0, "it is not tried again"


def test_a_photo_that_the_store_lost_blocks_and_is_tried_again(world: EmbeddedVenues) -> None:
    world.add("oak", PICTURES[:5])
    world.store.delete(content_id(PICTURES[2]))
    first = world.embed_photos()
    assert not first.success
    assert first.checks["photos_embedded"] is False
    assert first.total("embedded now") == 4
    world.store.put(PICTURES[2])
    assert world.embed_photos().checks["photos_embedded"] is True


def test_only_the_buckets_asked_for_and_no_retired_venues(world: EmbeddedVenues) -> None:
    for number in range(8):
        world.add(f"venue{number}", [PICTURES[number]])
    with world.engine.begin() as connection:
        buckets = connection.scalars(select(venues.c.bucket).order_by(venues.c.bucket)).all()
        connection.execute(update(venues).where(venues.c.bucket == buckets[-1]).values(status="retired"))
    chosen = f"{buckets[0]:02d}"
    expected = buckets.count(buckets[0])
    assert world.embed_photos(buckets=(chosen, chosen)).total("dagster/partition_row_count") == expected
    assert len(world.rows()) == expected
    assert world.embed_photos().success
    assert len(world.rows()) == 8 - buckets.count(buckets[-1])


def test_another_model_fills_a_space_of_its_own_and_leaves_readers_where_they_are(world: EmbeddedVenues) -> None:
    world.add("oak", PICTURES[:4])
    world.embed_photos()
    before = world.rows()
    assert world.embed_photos("python:tests.plugins.colours:another_version").total("embedded now") == 4
    after = world.rows()
    assert len(after) == 8
    assert set(before) <= set(after)
    with world.engine.connect() as connection:
        space = current_space(connection, "image")
    assert space is not None
    assert space.space_id == before[0][1]


def test_vectors_that_are_wrong_fail_the_check_that_stops_what_follows(world: EmbeddedVenues) -> None:
    world.add("oak", PICTURES[:25])
    assert world.embed_photos().success
    with world.engine.begin() as connection:
        # All alike, as of a broken model: nothing in the tables refuses that.
        connection.execute(
            update(photo_embeddings).values(embedding=select(photo_embeddings.c.embedding).limit(1).scalar_subquery())
        )
    assert world.embed_photos().checks["photo_vectors_sound"] is False
    with world.engine.begin() as connection:
        connection.execute(text("ALTER TABLE photo_embeddings DROP CONSTRAINT ck_photo_embeddings_embedding_unit"))
        connection.execute(delete(photo_embeddings))
    assert world.embed_photos().checks["photo_vectors_sound"] is True
    with world.engine.begin() as connection:
        one = select(photo_embeddings.c.photo_id).limit(1).scalar_subquery()
        connection.execute(
            update(photo_embeddings)
            .where(photo_embeddings.c.photo_id == one)
            .values(embedding=np.full(48, 0.01, dtype=np.float32))
        )
    run = world.embed_photos()
    assert run.checks["photo_vectors_sound"] is False
    assert not run.success


KILLED = """
import os, signal, sys
from resources.database import connect
from resources.encoders import filling
from resources.photo_store import PhotoStore
from resources.vectors import ensure_space, missing_photo_ids
from sqlalchemy import make_url
from tests.plugins.colours import ColourEncoder
filling.COMMIT_EVERY = 8
engine, encoder = connect(make_url(sys.argv[1])), ColourEncoder()
with engine.begin() as connection:
    ensure_space(connection, encoder.space)
    missing = missing_photo_ids(connection, encoder.space.space_id, range(16))
def die(filled):
    if len(filled.written) >= 16:
        os.kill(os.getpid(), signal.SIGKILL)
filling.fill_space(engine, PhotoStore(sys.argv[2]), encoder, missing, die)
"""


def test_a_run_that_is_killed_is_taken_up_where_it_was(world: EmbeddedVenues, database_url: URL) -> None:
    world.add("oak", PICTURES)
    address = database_url.render_as_string(hide_password=False)
    done = subprocess.run(
        [sys.executable, "-c", KILLED, address, str(world.store.root)],
        cwd=PROJECT, env={**os.environ, "PYTHONPATH": str(PROJECT)}, check=False, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == -signal.SIGKILL, done.stderr
    killed = world.rows()
    assert len(killed) == 16
    run = world.embed_photos()
    assert run.total("embedded now") == 14
    assert set(killed) <= set(world.rows())
    world.add("elm", PICTURES)
    assert world.embed_photos().total("embedded now") == 0


def test_a_photo_that_a_pin_brought_is_not_encoded_again(world: EmbeddedVenues) -> None:
    world.add("oak", PICTURES[:2])
    world.embed_photos()
    with world.engine.begin() as connection:  # a vector without a venue, as of a pinned photo
        connection.execute(text("DELETE FROM venue_photos"))
        connection.execute(text("DELETE FROM venues"))
    world.add("elm", PICTURES[:3])
    assert world.embed_photos().total("embedded now") == 1


@pytest.mark.skipif(
    not SUN8.is_dir() or not mobilenet_litert.WEIGHTS.is_file(), reason="the test material is not in ../shared/material"
)
@pytest.mark.skipif(find_spec("ai_edge_litert") is None, reason="ai-edge-litert is not installed")
def test_real_photographs_through_a_plug_in_are_found_again_by_their_kind(world: EmbeddedVenues) -> None:
    kinds = sorted(folder.name for folder in SUN8.iterdir())
    assert len(kinds) == 8
    kind_of: dict[str, str] = {}
    for kind in kinds:
        pictures = [file.read_bytes() for file in sorted((SUN8 / kind).glob("*.jpg"))[:40]]
        kind_of |= {content_id(picture): kind for picture in pictures}
        world.add(kind.replace("_", "-"), pictures)
    run = world.embed_photos(MOBILENET)
    assert run.success
    assert run.total("embedded now") == len(kind_of) == 320
    with world.engine.connect() as connection:
        stored = photo_vectors(connection, run.metadata["space"][0])
    assert leave_one_out(stored.matrix, [kind_of[photo_id] for photo_id in stored.photo_ids]) >= 0.92


def leave_one_out(vectors: np.ndarray, labels: list[str]) -> float:
    """Share of vectors whose nearest other one has their label."""
    scores = vectors @ vectors.T
    np.fill_diagonal(scores, -np.inf)
    named = np.array(labels)
    return float((named[scores.argmax(axis=1)] == named).mean())
