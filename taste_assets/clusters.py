"""The asset `taste_clusters`: every person's tastes, found again when what they are found from has changed.

This file goes through the people who are due and says to Dagster what came of it. Who is due is
`taste_assets.taste_due`, what a taste is found from `taste_assets.taste_inputs`, how `taste_assets.taste_finding`, and
how it is stored `taste_assets.taste_store`.
"""

# No `from __future__ import annotations` in asset modules: Dagster reads the parameters' annotations themselves.
import uuid
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Final

import dagster as dg
import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Engine

from resources.database_resource import DatabaseResource
from resources.encoders.filling_report import ENCODER_POOL
from resources.encoders_resource import EncodersResource
from resources.partitions import EVERY_BUCKET_IN_ONE_RUN, USER_PARTITIONS, buckets_of, describe_partitions
from resources.photo_store_resource import PhotoStoreResource
from resources.spaces import EmbeddingSpace, current_space
from taste_assets.off_topic import OffTopicBoard
from taste_assets.taste_checks import TASTE_CHECKS, no_space_results, taste_check_results
from taste_assets.taste_due import due_users, users_lacking_evidence
from taste_assets.taste_finding import Centroids, Finding, Polarity
from taste_assets.taste_inputs import TasteInputs, read_inputs
from taste_assets.taste_names import TextTower, read_sample
from taste_assets.taste_options import TasteOptions
from taste_assets.taste_report import bucket_metadata
from taste_assets.taste_store import (
    Former,
    RunStamp,
    confirm_states,
    former_clusters,
    store_tastes,
    stored_hashes,
)

PEOPLE_AT_A_TIME: Final = 128
"""People per transaction: what a killed run loses at most, and whose vectors are in memory at once."""

_PASSES: Final = 3
"""Times that people who change while they are clustered are tried again; after that they stay due."""


@dataclass
class Progress:
    """What a run did.

    Attributes:
        read: each person's `taste_version` as last read.
        clustered: whose tastes were found and stored.
        unchanged: who was due, and turned out to have the same inputs as before.
        off_topic: boards about something else of those who were clustered.
    """

    read: dict[uuid.UUID, int] = field(default_factory=dict)
    clustered: set[uuid.UUID] = field(default_factory=set)
    unchanged: set[uuid.UUID] = field(default_factory=set)
    off_topic: dict[uuid.UUID, tuple[OffTopicBoard, ...]] = field(default_factory=dict)


@dg.asset(
    deps=["pin_embeddings"],
    group_name="taste",
    kinds={"postgres", "numpy"},
    owners=["team:venue-taste"],
    check_specs=TASTE_CHECKS,
    partitions_def=USER_PARTITIONS,
    backfill_policy=EVERY_BUCKET_IN_ONE_RUN,
    pool=ENCODER_POOL,
)
def taste_clusters(
    context: dg.AssetExecutionContext,
    database: DatabaseResource,
    photo_store: PhotoStoreResource,
    encoders: EncodersResource,
    taste_options: TasteOptions,
) -> Iterator[dg.MaterializeResult[None] | dg.AssetCheckResult]:
    """The tastes of the people of these buckets, as clusters of the pictures they pinned or rated.

    Only people who are due are looked at: nobody else's rows are touched, and a model is loaded only for naming
    clusters and for people who have given words and no pictures.
    """
    buckets, engine = buckets_of(context), database.engine
    with engine.connect() as connection:
        space = current_space(connection, "image")
        sample = read_sample(connection, space) if space else None
    if space is None or sample is None:
        context.log.warning("no image space is current yet: nobody can be clustered. Materialise photo_embeddings.")
        yield dg.MaterializeResult()
        yield from no_space_results()
        return
    method_id = taste_options.method_id()
    options = taste_options.clustering(sample.unrelated_similarity)
    if options.consolidate:
        options = replace(options, chance=sample.chance(options))
    finding = Finding(
        options,
        taste_options.keep_fraction,
        taste_options.decay_per_day,
        taste_options.off_topic_mode(),
        TextTower.of(encoders.image_encoder(), space, sample.vectors),
        datetime.now(UTC),
    )
    stamp = RunStamp(context.run.run_id, method_id, finding.now)
    progress = cluster_due(engine, space, finding, stamp, buckets)
    context.log.info("%d people clustered, %d as before", len(progress.clustered), len(progress.unchanged))
    with engine.connect() as connection:
        described = {
            key: bucket_metadata(
                connection,
                photo_store.open(),
                space,
                int(key),
                progress.clustered,
                progress.unchanged,
                progress.off_topic,
            )
            for key in context.partition_keys
        }
        describe_partitions(context, "taste_clusters", described)
        yield dg.MaterializeResult()
        yield from taste_check_results(connection, space, method_id, buckets, progress.read)


def cluster_due(
    engine: Engine, space: EmbeddingSpace, finding: Finding, stamp: RunStamp, buckets: Sequence[int]
) -> Progress:
    """Cluster everybody of these buckets who is due; people who change meanwhile are taken again."""
    progress = Progress()
    for _ in range(_PASSES):
        with engine.connect() as connection:
            due = list(due_users(connection, space.space_id, stamp.method_id, buckets))
            damaged = users_lacking_evidence(connection, buckets)
        for start in range(0, len(due), PEOPLE_AT_A_TIME):
            _cluster_some(engine, space, finding, stamp, due[start : start + PEOPLE_AT_A_TIME], damaged, progress)
        if progress.clustered | progress.unchanged >= set(due):
            break
    return progress


def _cluster_some(
    engine: Engine,
    space: EmbeddingSpace,
    finding: Finding,
    stamp: RunStamp,
    user_ids: Sequence[uuid.UUID],
    damaged: frozenset[uuid.UUID],
    progress: Progress,
) -> None:
    # One snapshot for versions and statements: a pin that arrives while this reads raises a version it has not seen.
    with engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection:
        people = read_inputs(connection, space.space_id, user_ids)
        hashes = stored_hashes(connection, user_ids)
        former = former_clusters(connection, user_ids)
    same: list[TasteInputs] = []
    changed: list[TasteInputs] = []
    for person in people:
        known = hashes.get(person.user_id) == person.hash(space.space_id, stamp.method_id)
        (same if known and person.user_id not in damaged else changed).append(person)
        progress.read[person.user_id] = person.taste_version
    tastes = finding.tastes(changed, _centroids(changed, former, space.space_id))
    with engine.begin() as connection:
        progress.unchanged |= confirm_states(connection, same)
        stored = store_tastes(connection, tastes, former, space, stamp)
    progress.clustered |= stored
    progress.off_topic |= {one.inputs.user_id: one.off_topic for one in tastes if one.inputs.user_id in stored}


def _centroids(people: Sequence[TasteInputs], former: Former, space_id: str) -> Centroids:
    had: defaultdict[tuple[uuid.UUID, Polarity], list[tuple[uuid.UUID, NDArray[np.float32]]]] = defaultdict(list)
    for person in people:
        for cluster in former.get(person.user_id, ()):
            if cluster.space_id == space_id:
                had[person.user_id, cluster.polarity].append((cluster.cluster_id, cluster.centroid))
    return had
