"""Peers of our lists: weighted max-sim by approximate search, in pgvector and in Qdrant Edge. For benchmarks."""

from __future__ import annotations

import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self, TypeAlias

import numpy as np
import numpy.typing as npt
from sqlalchemy import Connection, text

from benchmarks.clip_like import DIM, Vectors
from benchmarks.photo_databases import SPACE, add_photo_rows, load_vectors, photo_databases, site_of
from resources.identity import venue_id
from resources.search import nearest_venues
from resources.vector_index import IndexPolicy, maintain_index

Floats = npt.NDArray[np.float64]
Ranked: TypeAlias = tuple[npt.NDArray[np.intp], Floats]
"""Venues, best first, and their scores."""

_PER_CLUSTER: Final = 512  # photos asked for per cluster: those of about 35 venues, as `resources.search.venues`
_UPSERTED_AT_ONCE: Final = 5_000


class PgvectorRanker:
    """`resources.search.nearest_venues`: CROSS JOIN LATERAL over HNSW, then exact scores of the candidates."""

    def __init__(self, vectors: Vectors, venue_of: npt.NDArray[np.intp]) -> None:
        """Nothing is loaded yet."""
        self._vectors, self._venue_of = vectors, venue_of
        self._running = ExitStack()
        self._figures: dict[str, Any] = {}

    def __enter__(self) -> Self:
        """Start a server, load the photos, build the index and choose its ef_search."""
        engine = self._running.enter_context(photo_databases([0]))[0]
        load_vectors(engine, add_photo_rows(engine, self._venue_of), self._vectors)
        started = time.perf_counter()
        maintain_index(engine, SPACE, IndexPolicy())
        self._figures["build_s"] = round(time.perf_counter() - started, 1)
        self._connection: Connection = self._running.enter_context(engine.connect())
        self._connection.execute(text("ANALYZE"))
        self._number = {venue_id(site_of(number)): number for number in range(int(self._venue_of[-1]) + 1)}
        return self

    def rank(self, clusters: Vectors, weights: Floats, length: int) -> Ranked:
        """The best venues for one person."""
        hits = nearest_venues(self._connection, clusters, weights, length, SPACE).hits
        return np.array([self._number[hit.venue_id] for hit in hits], np.intp), np.array([hit.score for hit in hits])

    def figures(self) -> dict[str, Any]:
        """What else there is to say."""
        return self._figures

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Stop the server."""
        self._running.close()


class EdgeRanker:
    """Qdrant Edge: the nearest photos of each cluster by HNSW; a venue lacking a cluster's photo among them gets the
    least similarity that was found for it, the most it can have.
    """  # noqa: D205

    def __init__(self, vectors: Vectors, venue_of: npt.NDArray[np.intp]) -> None:
        """Nothing is loaded yet."""
        self._vectors, self._venue_of = vectors, venue_of
        self._figures: dict[str, Any] = {}

    def __enter__(self) -> Self:
        """Load the photos into a shard in a temporary folder and build its index."""
        import qdrant_edge as edge

        self._edge = edge
        self._folder = tempfile.TemporaryDirectory(prefix="venue-taste-edge-")
        config = edge.EdgeConfig(
            vectors=edge.EdgeVectorParams(size=DIM, distance=edge.Distance.Cosine),
            hnsw_config=edge.HnswIndexConfig(m=16, ef_construct=64, full_scan_threshold=1),
            optimizers=edge.EdgeOptimizersConfig(indexing_threshold=1, default_segment_number=1),
        )
        (Path(self._folder.name) / "shard").mkdir()
        self._shard = edge.EdgeShard.create(str(Path(self._folder.name) / "shard"), config)
        started = time.perf_counter()
        for first in range(0, len(self._vectors), _UPSERTED_AT_ONCE):
            part = self._vectors[first : first + _UPSERTED_AT_ONCE].tolist()
            points = [edge.Point(id=first + number, vector=vector) for number, vector in enumerate(part)]
            self._shard.update(edge.UpdateOperation.upsert_points(points))
        self._shard.optimize()
        self._figures["build_s"] = round(time.perf_counter() - started, 1)
        return self

    def rank(self, clusters: Vectors, weights: Floats, length: int) -> Ranked:
        """The best venues for one person."""
        edge = self._edge
        queries = [
            edge.QueryRequest(query=edge.Query.Nearest(cluster), limit=_PER_CLUSTER) for cluster in clusters.tolist()
        ]
        answers = self._shard.query_batch(edge.QueryBatchRequest(queries))
        scores = np.zeros(int(self._venue_of[-1]) + 1)
        for points, weight in zip(answers, weights, strict=True):
            best = np.full(len(scores), points[-1].score)
            photos = np.array([point.id for point in points], np.intp)
            np.maximum.at(best, self._venue_of[photos], [point.score for point in points])
            scores += weight * best
        order = np.argsort(-scores)[:length]
        return order, scores[order]

    def figures(self) -> dict[str, Any]:
        """What else there is to say."""
        return self._figures

    def best_score(self, clusters: Vectors, length: int) -> None:
        """Ask for the photos of highest `best_score`: its own strategy, whose answer is another one than ours."""
        edge = self._edge
        asked = edge.RecommendQuery(positives=clusters.tolist(), negatives=[])
        self._shard.query(edge.QueryRequest(query=edge.Query.RecommendBestScore(asked), limit=length))

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Close the shard and remove its folder."""
        self._shard.close()
        self._folder.cleanup()
