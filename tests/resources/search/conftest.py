"""A town with an HNSW index that searches must use, whatever the planner thinks of so few rows."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import pytest
from sqlalchemy import Connection, Engine, text, update

from resources.identity import venue_id
from resources.schema import index_settings
from resources.spaces import EmbeddingSpace
from resources.vector_index import IndexPolicy, indexes_of, maintain_index
from tests.resources.search.world import Town
from tests.resources.vector_rows import photo_ids

SPACE = EmbeddingSpace("image:tow'n", "image", "m", "1", 16)
VENUES, PHOTOS = 40, 320


def make_town() -> Town:
    """40 venues in 5 styles, up to 14 photos each, some shared, every seventh photo pinned only, two venues retired."""
    rng = np.random.default_rng(7)
    styles = rng.standard_normal((5, SPACE.dim))
    vectors = styles[rng.integers(5, size=PHOTOS)] + 0.6 * rng.standard_normal((PHOTOS, SPACE.dim))
    vectors[43:47] = vectors[43]  # the same picture under four ids
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    findable = [number for number in range(PHOTOS) if number % 7]
    shown = [sorted(rng.choice(findable, size=rng.integers(0, 15), replace=False).tolist()) for _ in range(VENUES)]
    shown[3], shown[4] = [43, 44], [45, 46]
    facts = [
        {"lat": float(rng.uniform(50, 55)), "lon": float(rng.uniform(-5, 1)),
         "capacity_max": int(rng.integers(20, 300)), "setting": str(rng.choice(["indoor", "outdoor", "both"]))}
        for _ in range(VENUES)
    ]  # fmt: skip
    venues = [venue_id(f"v{number}.test") for number in range(VENUES)]
    return Town(SPACE, venues, photo_ids(PHOTOS), vectors.astype(np.float32), shown, frozenset({5, 6}), facts)


TOWN = make_town()


@pytest.fixture
def town(engine: Engine) -> Engine:
    """The town without an index."""
    with engine.begin() as connection:
        TOWN.store(connection)
    return engine


@pytest.fixture
def indexed_town(town: Engine, monkeypatch: pytest.MonkeyPatch) -> Engine:
    """The town with an index; filters, too, go through it."""
    maintain_index(town, SPACE, IndexPolicy(min_rows=1, queries=10))
    with town.begin() as connection:
        # Wide enough to see every row: what differs from brute force is then an error, not a matter of recall.
        connection.execute(update(index_settings).values(ef_search=1000))
    monkeypatch.setattr("resources.search.photos.EXACT_ROWS", 0)
    return town


def scans(connection: Connection, *relations: str) -> int:
    """How many scans of these tables or indexes this connection has begun and not yet reported to the statistics."""
    begun = text("SELECT pg_stat_get_xact_numscans(CAST(:name AS regclass))")
    return sum(connection.scalar(begun, {"name": relation}) or 0 for relation in relations)


@contextmanager
def forced_index(engine: Engine, space_id: str = SPACE.space_id) -> Iterator[Connection]:
    """A transaction in which Postgres uses the index, and which must have."""
    with engine.connect() as connection:
        (index,) = indexes_of(connection, space_id)
        for name in ("enable_seqscan", "enable_bitmapscan", "enable_sort"):
            connection.execute(text(f"SET LOCAL {name} = off"))
        before = scans(connection, index.name)
        yield connection
        assert scans(connection, index.name) > before, "the index was not used"
        connection.rollback()
