"""`summary_embeddings` as Dagster runs it: three texts a venue, made again when they change, removed with them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import numpy as np
import pytest
from sqlalchemy import URL, Engine, select, text, update

from resources.encoders.lexical import LexicalEncoder
from resources.photo_store import PhotoStore
from resources.schema import summary_embeddings, venues
from resources.spaces import current_space
from tests.venue_assets.embedded_venues import EmbeddedVenues, sha256

TEXTS = {"aesthetic": "White beams and string lights.", "factual": "Seats 120 guests.", "vibe": "Calm and rural."}


@pytest.fixture
def world(
    engine: Engine, database_url: URL, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[EmbeddedVenues]:
    monkeypatch.setenv("DATABASE_URL", database_url.render_as_string(hide_password=False))
    with dg.DagsterInstance.ephemeral(tempdir=str(tmp_path)) as instance:
        world = EmbeddedVenues(engine, PhotoStore(str(tmp_path / "photos")), instance)
        world.add("oak")
        world.summarise("oak", **TEXTS)
        world.add("elm", aesthetic="Glass and steel.", factual=None, vibe="")
        yield world


def test_each_text_has_the_vector_of_its_encoder_and_again_writes_nothing(world: EmbeddedVenues) -> None:
    first = world.embed_summaries()
    assert first.success
    assert first.checks == {"summaries_embedded": True, "summary_vectors_sound": True}
    assert first.total("dagster/partition_row_count") == 4, "null and empty texts have none"
    with world.engine.connect() as connection:
        rows = {row.field: row for row in connection.execute(
            select(summary_embeddings).join(venues, venues.c.venue_id == summary_embeddings.c.venue_id)
            .where(venues.c.site_url == "http://oak.test/")
        )}  # fmt: skip
        space = current_space(connection, "text")
    assert space == LexicalEncoder.space
    for field, words in TEXTS.items():
        assert rows[field].text_sha256 == sha256(words)
        np.testing.assert_allclose(rows[field].embedding, LexicalEncoder().encode_documents([words])[0], atol=1e-6)
    before = world.rows()
    second = world.embed_summaries()
    assert (second.total("skipped"), second.total("dagster/partition_row_count")) == (4, 4)
    assert world.rows() == before


def test_a_changed_text_is_embedded_again_and_a_removed_one_loses_its_vector(world: EmbeddedVenues) -> None:
    world.embed_summaries()
    before = world.rows()
    world.summarise("oak", aesthetic=TEXTS["aesthetic"], factual="Seats 150 guests.")
    run = world.embed_summaries()
    assert run.success
    assert [count for count in run.metadata["embedded now"] if count] == [{"factual": 1}]
    assert (run.total("removed"), run.total("skipped")) == (1, 2)
    after = world.rows()
    assert len(after) == 3
    assert len(set(after) & set(before)) == 2


def test_a_retired_venue_keeps_its_vectors_and_gets_no_new_ones(world: EmbeddedVenues) -> None:
    world.embed_summaries()
    before = world.rows()
    with world.engine.begin() as connection:
        connection.execute(update(venues).values(status="retired"))
    world.summarise("oak", aesthetic="New words.", factual=TEXTS["factual"], vibe=TEXTS["vibe"])
    run = world.embed_summaries()
    assert run.success
    assert world.rows() == before


def test_a_vector_that_is_wrong_fails_the_check(world: EmbeddedVenues) -> None:
    world.embed_summaries()
    with world.engine.begin() as connection:
        connection.execute(text("ALTER TABLE summary_embeddings DROP CONSTRAINT ck_summary_embeddings_embedding_unit"))
        connection.execute(update(summary_embeddings).values(embedding=np.full(768, 0.01, dtype=np.float32)))
    run = world.embed_summaries()
    assert not run.success
    assert run.checks == {"summaries_embedded": True, "summary_vectors_sound": False}
