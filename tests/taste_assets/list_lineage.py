"""Venues and people with vectors in a real database, and the assets that make lists, run as Dagster runs them."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import dagster as dg
import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Engine, Table, delete, insert, literal_column, select, text, update

from resources.database_resource import DatabaseResource
from resources.encoders.lexical import LexicalEncoder
from resources.encoders_resource import EncodersResource
from resources.identity import content_id, user_id, venue_bucket, venue_id
from resources.schema import (
    current_spaces,
    photos,
    ratings,
    recommendation_states,
    recommendations,
    taste_clusters,
    taste_match_states,
    taste_matches,
    taste_states,
    users,
    venue_facts,
    venue_photos,
    venue_summaries,
    venues,
)
from resources.spaces import EmbeddingSpace
from resources.vectors import SummaryKey, ensure_space, store_photo_vectors, store_summary_vectors
from taste_assets.recommendation_options import RecommendationOptions

DIM = 8
IMAGE = EmbeddingSpace("image:test@1-8", "image", "test", "1", DIM)
TEXT = LexicalEncoder.space
NOW = datetime(2026, 1, 2, tzinfo=UTC)
LIST_TABLES = (recommendations, recommendation_states, taste_matches, taste_match_states)

Vectors = NDArray[np.float32]


def list_resources(**others: object) -> dict[str, object]:
    """What assets that make lists need, without weights: the database of the settings, words by the lexical encoder."""
    same = {
        "database": DatabaseResource(),
        "encoders": EncodersResource(text="lexical"),
        "recommendation_options": RecommendationOptions(),
    }
    return same | others


def near(axis: int, spread: float = 0.1, seed: int = 0, count: int = 1) -> Vectors:
    """Unit vectors around one axis: pictures of one look."""
    vectors = np.eye(DIM)[axis] + spread * np.random.default_rng([axis, seed]).standard_normal((count, DIM))
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), np.float32)


@dataclass(frozen=True)
class Made:
    """What one run did."""

    result: dg.ExecuteInProcessResult

    @property
    def checks(self) -> dict[str, bool]:
        """Asset check -> passed."""
        return {check.check_name: check.passed for check in self.result.get_asset_check_evaluations()}

    def metadata(self, asset: str, name: str) -> list[Any]:
        """The value of each bucket that has it."""
        found: dict[str, list[Any]] = defaultdict(list)
        for event in self.result.get_asset_materialization_events():
            materialization = event.step_materialization_data.materialization
            if materialization.asset_key.to_user_string() == asset:
                for key, value in materialization.metadata.items():
                    found[key].append(value.value)
        return found[name]


@dataclass
class Lists:
    """The database, filled by hand, and runs of assets on it."""

    engine: Engine
    assets: Sequence[dg.AssetsDefinition]
    resources: Mapping[str, object]

    def start(self) -> None:
        """Register the spaces."""
        with self.engine.begin() as connection:
            for space in (IMAGE, TEXT):
                ensure_space(connection, space)
                connection.execute(insert(current_spaces).values(modality=space.modality, space_id=space.space_id))

    def venue(self, host: str, vectors: Vectors, summary: str = "", **facts: Any) -> uuid.UUID:
        """A crawled venue with photos of these vectors; `place` is (lat, lon)."""
        one = venue_id(host)
        lat, lon = facts.pop("place", (None, None))
        row = {"venue_id": one, "site_url": f"https://{host}", "bucket": venue_bucket(one), "status": "crawled",
               "crawled_at": NOW, "name": host, "lat": lat, "lon": lon}  # fmt: skip
        ids = [content_id(f"{host} {number}".encode()) for number in range(len(vectors))]
        with self.engine.begin() as connection:
            connection.execute(insert(venues), row)
            for position, photo_id in enumerate(ids):
                picture = {"photo_id": photo_id, "mime": "image/jpeg", "width": 1, "height": 1, "bytes": 1}
                connection.execute(insert(photos), picture)
                shown = {"venue_id": one, "photo_id": photo_id, "source_url": photo_id, "page_url": "p"}
                connection.execute(insert(venue_photos), shown | {"position": position})
            store_photo_vectors(connection, IMAGE, ids, vectors)
            connection.execute(insert(venue_facts), {"venue_id": one, "summariser": "s", "source_hash": "h"} | facts)
            if summary:
                connection.execute(insert(venue_summaries).values(
                    venue_id=one, vibe=summary, summariser="s", source_hash="h"))  # fmt: skip
                key = SummaryKey(one, "vibe", content_id(summary.encode()))
                store_summary_vectors(connection, TEXT, [key], LexicalEncoder().encode_documents([summary]))
        return one

    def person(
        self, handle: str, *, likes: Sequence[Vectors] = (), weights: Sequence[float] = (),
        dislikes: Sequence[Vectors] = (), treatment: str = "clustered", space: EmbeddingSpace = IMAGE, **columns: Any,
    ) -> uuid.UUID:  # fmt: skip
        """A person with these tastes, in bucket 0 unless said otherwise: a run of all buckets takes a second."""
        one = user_id(handle)
        row = {"user_id": one, "handle": handle, "bucket": 0} | columns
        with self.engine.begin() as connection:
            connection.execute(insert(users), row)
            connection.execute(insert(taste_states).values(
                user_id=one, taste_version=0, space_id=space.space_id, inputs_hash="h", method="kmeans",
                treatment=treatment, cluster_count=len(likes), pin_count=10, run_id="r", clustered_at=NOW,
            ))  # fmt: skip
            for polarity, vectors in (("positive", likes), ("negative", dislikes)):
                shares = weights if polarity == "positive" and weights else [1 / max(len(vectors), 1)] * len(vectors)
                for index, (vector, weight) in enumerate(zip(vectors, shares, strict=True)):
                    connection.execute(insert(taste_clusters).values(
                        cluster_id=uuid.uuid5(one, f"{polarity} {index}"), user_id=one, cluster_index=index,
                        polarity=polarity, space_id=space.space_id, dim=space.dim, medoid_vector=vector.ravel(),
                        centroid_vector=vector.ravel(), medoid_pin_id=f"pin {index}", weight=weight, pin_count=5,
                        label=f"look {index}", created_at=NOW, updated_at=NOW,
                    ))  # fmt: skip
        return one

    def rate(self, one: uuid.UUID, venue: uuid.UUID, rating: int) -> None:
        """A rating of a venue, of which no taste is found."""
        with self.engine.begin() as connection:
            connection.execute(insert(ratings).values(user_id=one, venue_id=venue, rating=rating, rated_at=NOW))

    def change(self, table: Table, where: Any, **values: Any) -> None:
        """UPDATE."""
        with self.engine.begin() as connection:
            connection.execute(update(table).where(where).values(values))

    def remove(self, table: Table, where: Any) -> None:
        """DELETE."""
        with self.engine.begin() as connection:
            connection.execute(delete(table).where(where))

    def execute(
        self, *names: str, buckets: tuple[int, int] = (0, 1), instance: dg.DagsterInstance | None = None,
        **options: object,
    ) -> Made:  # fmt: skip
        """Materialise for these buckets in one run, of an instance that is forgotten if none is given.

        `options` replace resources.
        """
        definitions = dg.Definitions(assets=self.assets, resources={**self.resources, **options})
        job = definitions.resolve_implicit_global_asset_job_def()
        first, last = (f"{bucket:02d}" for bucket in buckets)
        return Made(
            job.execute_in_process(
                instance=instance,
                asset_selection=[dg.AssetKey(name) for name in names],
                tags={"dagster/asset_partition_range_start": first, "dagster/asset_partition_range_end": last},
                run_config={"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}},
                raise_on_error=False,
            )
        )

    def run(self, *names: str, **options: Any) -> Made:
        """Materialise with success."""
        made = self.execute(*names, **options)
        failed = [str(event.step_failure_data.error) for event in made.result.all_events if event.is_step_failure]
        assert made.result.success, "\n".join(failed)
        return made

    def rows(self, query: str, **values: Any) -> list[Any]:
        """What a query finds."""
        with self.engine.connect() as connection:
            return list(connection.execute(text(query), values).all())

    def list_of(self, one: uuid.UUID) -> list[uuid.UUID]:
        """A person's venues as readers get them, best first."""
        query = "SELECT venue_id FROM serving.recommendations WHERE user_id = :one ORDER BY rank"
        return [row.venue_id for row in self.rows(query, one=one)]

    def versions(self) -> dict[str, list[tuple[Any, ...]]]:
        """Every row of a list with the transaction that wrote it: equal only if nothing was written."""
        with self.engine.connect() as connection:
            return {
                table.name: [
                    tuple(row)
                    for row in connection.execute(
                        select(literal_column("xmin::text"), table).order_by(*table.primary_key)
                    )
                ]
                for table in LIST_TABLES
            }
