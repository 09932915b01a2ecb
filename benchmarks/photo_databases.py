"""Databases of made-up photographs on a server of their own, for benchmarks that search in Postgres."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
from sqlalchemy import Engine, insert, make_url

from benchmarks.clip_like import DIM, Vectors
from resources.database import connect, ensure_database
from resources.embedded_postgres import EmbeddedPostgres
from resources.identity import content_id, venue_bucket, venue_id
from resources.migrate import upgrade
from resources.schema import photos, venue_photos, venues
from resources.spaces import EmbeddingSpace
from resources.vectors import ensure_space, store_photo_vectors

SPACE: Final = EmbeddingSpace(f"image:made-up-{DIM}", "image", "made-up", "1", DIM)


@contextmanager
def photo_databases(names: Sequence[int]) -> Iterator[dict[int, Engine]]:
    """An empty, migrated database for each name, for as long as the block runs."""
    with tempfile.TemporaryDirectory(prefix="venue-taste-bench-") as folder:
        embedded = EmbeddedPostgres(Path(folder) / "postgres")
        server, _ = embedded.start()
        engines = {}
        try:
            for name in names:
                url = make_url(server.url(f"photos_{name}")).set(drivername="postgresql+psycopg")
                ensure_database(url)
                engine = connect(url)
                upgrade(engine)
                engine.dispose()  # connections made before the migration do not know the type `vector`
                engines[name] = engine
            yield engines
        finally:
            for engine in engines.values():
                engine.dispose()
            embedded.stop()


def site_of(venue: int) -> str:
    """Address of the venue with this number."""
    return f"https://v{venue}.example"


def add_photo_rows(engine: Engine, venue_of: npt.NDArray[np.intp]) -> list[str]:
    """Venues, and a photo for each entry of `venue_of`, without vectors; the photos' ids in that order."""
    ids = [content_id(f"photo {number}".encode()) for number in range(len(venue_of))]
    sites = [site_of(number) for number in range(int(venue_of[-1]) + 1)]
    known = [(venue_id(site), site) for site in sites]
    same = {"mime": "image/jpeg", "width": 1, "height": 1, "bytes": 1}
    shown = [
        {"venue_id": known[venue][0], "photo_id": photo, "source_url": photo, "page_url": "p", "position": number}
        for number, (venue, photo) in enumerate(zip(venue_of.tolist(), ids, strict=True))
    ]
    rows = [
        {"venue_id": one, "site_url": site, "bucket": venue_bucket(one), "status": "crawled"} for one, site in known
    ]
    with engine.begin() as connection:
        connection.execute(insert(venues), rows)
        connection.execute(insert(photos), [{"photo_id": photo, **same} for photo in ids])
        connection.execute(insert(venue_photos), shown)
        ensure_space(connection, SPACE)
    return ids


def load_vectors(engine: Engine, ids: Sequence[str], vectors: Vectors) -> None:
    """Store the vectors of photos as the assets do."""
    with engine.begin() as connection:
        store_photo_vectors(connection, SPACE, ids, vectors)
