"""The asset `taste_matches`: people with a similar taste, for those who let others know of theirs.

This file decides who is due and says to Dagster what was done; the work is `taste_assets.taste_matching`.
"""

# No `from __future__ import annotations` in asset modules: Dagster reads the parameters' annotations themselves.
import time
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from functools import cached_property
from typing import Any, Final

import dagster as dg
from sqlalchemy import Connection, Engine, text

from resources.database_resource import DatabaseResource
from resources.partitions import (
    EVERY_BUCKET_IN_ONE_RUN,
    PARTITION_ROWS,
    USER_PARTITIONS,
    buckets_of,
    describe_partitions,
)
from resources.spaces import EmbeddingSpace, current_space
from taste_assets.recommendation_options import HowToMatch, MatchOptions
from taste_assets.recommendation_store import only_writer, snapshot
from taste_assets.score_plot import score_plot
from taste_assets.taste_matching import (
    STRATEGY,
    Matcher,
    current_people,
    drop_matches,
    read_sharers,
    sharers_hash,
    store_matches,
)

MATCH_CHECKS: Final[list[dg.AssetCheckSpec]] = [
    dg.AssetCheckSpec(
        "matches_agreed", asset="taste_matches", blocking=True,
        description="Nobody stands on a list, or has one, who does not let others know of their taste.",
    ),
    dg.AssetCheckSpec(
        "matches_whole", asset="taste_matches", blocking=True,
        description="Every list has ranks from 1 without gaps, as many as its state counts.",
    ),
]  # fmt: skip
"""Checks that `taste_matches` reports, over the buckets it was about."""

_WITHDRAWN = text(
    """
    SELECT count(*) FROM taste_matches AS listed
    JOIN users AS asking ON asking.user_id = listed.user_id
    JOIN users AS other ON other.user_id = listed.other_user_id
    WHERE asking.bucket = ANY(:buckets) AND NOT (asking.shares_taste AND other.shares_taste)
    """
)
_BROKEN = text(
    """
    SELECT count(*) FROM (
        SELECT states.user_id FROM taste_match_states AS states
        JOIN users USING (user_id)
        LEFT JOIN taste_matches AS listed USING (user_id)
        WHERE users.bucket = ANY(:buckets)
        GROUP BY states.user_id, states.list_length
        HAVING count(listed.rank) <> states.list_length OR coalesce(max(listed.rank), 0) <> states.list_length
    ) AS broken
    """
)
_SCORES = text("SELECT score FROM taste_matches JOIN users USING (user_id) WHERE bucket = :bucket")


@dg.asset(
    # Everybody is compared with everybody: one bucket's tastes are every bucket's inputs.
    deps=[dg.AssetDep("taste_clusters", partition_mapping=dg.AllPartitionMapping())],
    group_name="recommendations",
    kinds={"postgres", "numpy"},
    owners=["team:venue-taste"],
    check_specs=MATCH_CHECKS,
    partitions_def=USER_PARTITIONS,
    backfill_policy=EVERY_BUCKET_IN_ONE_RUN,
)
def taste_matches(
    context: dg.AssetExecutionContext, match_options: MatchOptions, database: DatabaseResource
) -> Iterator[dg.MaterializeResult[None] | dg.AssetCheckResult]:
    """People with a similar taste, best first, each with its reasons; only those who agreed, on both sides.

    Exact: everybody who shares is compared with everybody else who does, so one person's change makes all lists anew.
    A bucket's lists are replaced in one transaction.
    """
    engine, buckets = database.engine, buckets_of(context)
    with only_writer(engine, "taste_matches", buckets), snapshot(engine) as reading:
        space = current_space(reading, "image")
        run = None if space is None else _Run(engine, reading, match_options.how(), context.run.run_id, space)
        described = {
            key: {} if run is None else run.bring_up_to_date(bucket)
            for key, bucket in zip(sorted(context.partition_keys), buckets, strict=True)
        }
    describe_partitions(context, "taste_matches", described)
    yield dg.MaterializeResult()
    with engine.connect() as connection:
        about = {"buckets": buckets}
        for name, query in (("matches_agreed", _WITHDRAWN), ("matches_whole", _BROKEN)):
            count = connection.scalar(query, about)
            yield dg.AssetCheckResult(check_name=name, passed=count == 0, metadata={"count": count})


class _Run:
    """One reading of everybody who shares, and lists made from it."""

    def __init__(
        self, engine: Engine, reading: Connection, how: HowToMatch, run_id: str, space: EmbeddingSpace
    ) -> None:
        self._engine = engine
        self._how = how
        self._sharers = read_sharers(reading, space)
        self._common: Mapping[str, Any] = {
            "space_id": space.space_id,
            "inputs_hash": sharers_hash(self._sharers, space, how),
            "run_id": run_id,
            "strategy": STRATEGY,
            "parameters": asdict(how),
        }

    @cached_property
    def _matcher(self) -> Matcher:
        return Matcher(self._sharers, self._how)

    def bring_up_to_date(self, bucket: int) -> dict[str, dg.MetadataValue]:
        """New lists for those of the bucket who are due, in one transaction; what Dagster shows of it."""
        started = time.perf_counter()
        mine = [number for number, one in enumerate(self._sharers) if one.bucket == bucket]
        with self._engine.begin() as writing:
            current = current_people(writing, bucket, self._common["inputs_hash"])
            due = [number for number in mine if self._sharers[number].user_id not in current]
            kept = frozenset(self._sharers[number].user_id for number in mine) & current
            dropped = drop_matches(writing, bucket, kept)
            rows = store_matches(writing, self._lists(due), self._common)
            scores = list(writing.scalars(_SCORES, {"bucket": bucket}))
        seconds = time.perf_counter() - started
        return {
            PARTITION_ROWS: dg.MetadataValue.int(len(scores)),
            "people who share": dg.MetadataValue.int(len(mine)),
            "matched now": dg.MetadataValue.int(len(due)),
            "skipped": dg.MetadataValue.int(len(kept)),
            "lists removed": dg.MetadataValue.int(max(0, dropped - len(due))),
            "rows written": dg.MetadataValue.int(rows),
            "seconds": dg.MetadataValue.float(round(seconds, 3)),
            "people per second": dg.MetadataValue.float(round(len(due) / seconds, 1)),
            "scores": dg.MetadataValue.md(score_plot(scores)),
        }

    def _lists(self, due: Sequence[int]) -> dict[uuid.UUID, Sequence[Mapping[str, Any]]]:
        return {self._sharers[number].user_id: self._matcher.rows(number) for number in due}
