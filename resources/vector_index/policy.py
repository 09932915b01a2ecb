"""When a space has an index, with which parameters, and when it is measured again. Pure; settings come in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from resources.settings import Settings

MEASURED_K: Final = 20
"""Recall is measured at this many neighbours."""

MAX_INDEXED_DIM: Final = 4000
"""pgvector 0.8: an HNSW index on `halfvec` takes at most 4,000 dimensions."""

MAX_EF_SEARCH: Final = 1000
"""pgvector 0.8: upper bound of `hnsw.ef_search`."""

EF_LADDER: Final = (20, 30, 40, 60, 80, 120, 160, 240, 320, 480, 640, MAX_EF_SEARCH)
"""Values of `hnsw.ef_search` that are tried, smallest first. Below `MEASURED_K` a search could not return k rows."""

PATIENCE_S: Final = 30.0
"""Seconds to wait for another session that is at the same space's indexes. One whose client was killed is gone long
before; one that lives is at a build of minutes."""

_GROWTH: Final = 0.2
_MB: Final = 1024**2
_MIN_BUILD_MB: Final = 64  # Postgres' own default of maintenance_work_mem
_BYTES_PER_LINK: Final = 56  # 2 m links of 24 bytes on the lowest layer of pgvector's build, and some above
_BYTES_PER_ELEMENT: Final = 300
_SLACK: Final = 1.2


@dataclass(frozen=True, slots=True)
class IndexPolicy:
    """How spaces are indexed.

    An HNSW index takes in every row as it is stored, so growth alone never calls for building it again (its graph is
    the one a new build would make from that order of rows). What growth changes is the recall at a given `ef_search`:
    that is measured again when the number of rows has changed by more than a fifth.

    Attributes:
        min_rows: spaces with fewer rows are scanned exactly: some milliseconds, recall 1. At least 20 in practice, or
            recall@20 cannot be 1.
        m: links of a node (HNSW, Malkov & Yashunin 2018); pgvector's default.
        ef_construction: size of the candidate list of the build; pgvector's default.
        target_recall: share of the true 20 nearest that a search must find on average.
        build_memory_mb: upper bound of `maintenance_work_mem` for a build, which must hold the whole graph to be fast.
        build_workers: parallel workers of a build beside the session's own process.
        queries: how many measure the recall.
        patience_s: seconds to wait for another process that is at the same space's indexes.
    """

    min_rows: int = 10_000
    m: int = 16
    ef_construction: int = 64
    target_recall: float = 0.95
    build_memory_mb: int = 1024
    build_workers: int = 2
    queries: int = 200
    patience_s: float = PATIENCE_S

    def is_indexed(self, rows: int, dim: int) -> bool:
        """Whether a space of this size has an HNSW index."""
        return rows >= self.min_rows and dim <= MAX_INDEXED_DIM

    def is_outgrown(self, rows: int, measured_rows: int) -> bool:
        """Whether a measurement made at `measured_rows` no longer says much about `rows`."""
        return abs(rows - measured_rows) > _GROWTH * measured_rows

    def maintenance_mb(self, rows: int, dim: int) -> int:
        """`maintenance_work_mem` of a build: what the graph of half-precision vectors takes, within bounds."""
        graph = rows * (2 * dim + _BYTES_PER_LINK * self.m + _BYTES_PER_ELEMENT) * _SLACK / _MB
        return max(_MIN_BUILD_MB, min(self.build_memory_mb, int(graph) + 1))


def index_policy(settings: Settings) -> IndexPolicy:
    """The policy with what an operator may set."""
    return IndexPolicy(
        min_rows=settings.index_min_rows,
        target_recall=settings.index_target_recall,
        build_memory_mb=settings.index_build_memory_mb,
        build_workers=settings.index_build_workers,
    )
