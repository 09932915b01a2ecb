"""Nearest summaries agree with brute force, by index and without, within one field."""

from __future__ import annotations

import uuid

import numpy as np
import pytest
from sqlalchemy import Engine, insert, update

from resources.identity import content_id
from resources.schema import index_settings, venue_summaries, venues
from resources.search import SummaryHit, nearest_summaries
from resources.vector_index import IndexPolicy, maintain_index
from resources.vectors import SummaryKey, ensure_space, store_summary_vectors
from tests.resources.search.conftest import forced_index
from tests.resources.search.world import NEAR_BY_INDEX, assert_same_ranking
from tests.resources.vector_rows import TEXT, Vectors, add_venues, units

VENUES = 60
VIBES, FACTS = units(1, VENUES), units(2, VENUES)


@pytest.fixture
def summaries(engine: Engine) -> tuple[Engine, list[uuid.UUID]]:
    with engine.begin() as connection:
        ids = add_venues(connection, VENUES)
        connection.execute(update(venues).where(venues.c.venue_id == ids[0]).values(status="retired"))
        ensure_space(connection, TEXT)
        written = {"vibe": "calm", "factual": "a barn", "summariser": "test", "source_hash": "h"}
        connection.execute(insert(venue_summaries), [{"venue_id": one, **written} for one in ids])
        for field, vectors in (("vibe", VIBES), ("factual", FACTS)):
            store_summary_vectors(connection, TEXT, [SummaryKey(one, field, content_id(b"")) for one in ids], vectors)
    return engine, ids


def expected(ids: list[uuid.UUID], vectors: Vectors, query: Vectors) -> list[tuple[float, uuid.UUID]]:
    similarity = vectors.astype(np.float64) @ query.astype(np.float64)
    return sorted(zip(similarity[1:].tolist(), ids[1:], strict=True), key=lambda hit: (-hit[0], hit[1]))


def as_ranking(hits: list[SummaryHit]) -> list[tuple[float, uuid.UUID]]:
    return [(hit.similarity, hit.venue_id) for hit in hits]


@pytest.mark.parametrize("k", [1, 7, 100])
def test_without_an_index(summaries: tuple[Engine, list[uuid.UUID]], k: int) -> None:
    engine, ids = summaries
    (query,) = units(8, 1)
    with engine.connect() as connection:
        vibes = nearest_summaries(connection, query, k, TEXT, "vibe")
        facts = nearest_summaries(connection, query, k, TEXT, "factual")
        assert nearest_summaries(connection, query, k, TEXT, "aesthetic") == []
    assert_same_ranking(as_ranking(vibes), expected(ids, VIBES, query), k)
    assert_same_ranking(as_ranking(facts), expected(ids, FACTS, query), k)


@pytest.mark.parametrize("gone", [None, "", " \n"])
@pytest.mark.parametrize("indexed", [False, True])
def test_a_summary_that_is_gone_is_not_found_by_the_vector_it_left(
    summaries: tuple[Engine, list[uuid.UUID]], indexed: bool, gone: str | None
) -> None:
    engine, ids = summaries
    if indexed:
        maintain_index(engine, TEXT, IndexPolicy(min_rows=1, queries=10))
    with engine.connect() as connection:
        best = nearest_summaries(connection, VIBES[7], 1, TEXT, "vibe")
        assert [hit.venue_id for hit in best] == [ids[7]]
        connection.execute(update(venue_summaries).where(venue_summaries.c.venue_id == ids[7]).values(vibe=gone))
        left = nearest_summaries(connection, VIBES[7], VENUES, TEXT, "vibe")
        assert {hit.venue_id for hit in left} == set(ids[1:]) - {ids[7]}
        assert len(nearest_summaries(connection, VIBES[7], VENUES, TEXT, "factual")) == VENUES - 1


def test_by_index(summaries: tuple[Engine, list[uuid.UUID]]) -> None:
    engine, ids = summaries
    maintain_index(engine, TEXT, IndexPolicy(min_rows=1, queries=10))
    with engine.begin() as connection:
        connection.execute(update(index_settings).values(ef_search=1000))
    for query in units(9, 5):
        with forced_index(engine, TEXT.space_id) as connection:
            vibes = nearest_summaries(connection, query, 10, TEXT, "vibe")
        assert_same_ranking(as_ranking(vibes), expected(ids, VIBES, query), 10, NEAR_BY_INDEX)
