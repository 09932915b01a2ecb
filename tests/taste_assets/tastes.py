"""People with pins of made-up pictures whose vectors are known, and a way to cluster them as Dagster does."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import dagster as dg
import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, Engine, Table, delete, insert, select

from resources.database_resource import DatabaseResource
from resources.encoders_resource import EncodersResource
from resources.identity import content_id, user_id
from resources.photo_store_resource import PhotoStoreResource
from resources.schema import (
    boards,
    current_spaces,
    photos,
    pins,
    taste_cluster_members,
    taste_clusters,
    taste_history,
    taste_states,
    users,
)
from resources.spaces import EmbeddingSpace
from resources.vectors import ensure_space, store_photo_vectors
from taste_assets.boards import boards as boards_asset
from taste_assets.clusters import taste_clusters as taste_clusters_asset
from taste_assets.importance_refresh import taste_importance
from taste_assets.pin_embeddings import pin_embeddings
from taste_assets.pins import pins as pins_asset
from taste_assets.taste_options import TasteOptions
from tests.plugins.colours import ColourEncoder

ASSETS = [boards_asset, pins_asset, pin_embeddings, taste_clusters_asset, taste_importance]
ENCODER = "python:tests.plugins.colours:encoder"
"""A real encoder without words; tests that store vectors themselves use its space, so that it need not run."""

SPACE: EmbeddingSpace = ColourEncoder().space
DIM = SPACE.dim
BUCKET = 7
"""Everybody's, so that a run of one partition is about all of them."""

PINNED_AT = datetime(2026, 5, 1, tzinfo=UTC)
EVERY_BUCKET = {"dagster/asset_partition_range_start": "00", "dagster/asset_partition_range_end": "31"}
TASTE_TABLES = (taste_clusters, taste_cluster_members, taste_states, taste_history)

Vectors = NDArray[np.float32]


def style(number: int) -> Vectors:
    """The direction of a style: one axis each, so that any two are unrelated."""
    axis = np.zeros(DIM, np.float32)
    axis[number] = 1
    return axis


def pictures(number: int, count: int, *, seed: int = 0, spread: float = 0.05) -> Vectors:
    """Vectors of `count` pictures of a style, (count, dim), unit length; another seed, other pictures."""
    rng = np.random.default_rng([number, seed])
    rows = style(number) + spread * rng.standard_normal((count, DIM))
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), np.float32)


def use_space(engine: Engine, space: EmbeddingSpace = SPACE) -> None:
    """Have readers compare in this space, which is registered if need be."""
    with engine.begin() as connection:
        ensure_space(connection, space)
        connection.execute(delete(current_spaces).where(current_spaces.c.modality == space.modality))
        connection.execute(insert(current_spaces).values(modality=space.modality, space_id=space.space_id))


def add_person(engine: Engine, handle: str, **columns: Any) -> uuid.UUID:
    """A person with one board that has been synced."""
    identifier = user_id(handle)
    row = {"user_id": identifier, "handle": handle, "bucket": BUCKET, **columns}
    with engine.begin() as connection:
        connection.execute(insert(users).values(row))
        connection.execute(
            insert(boards).values(user_id=identifier, board_id="b", source="folder", source_url="memory://nothing",
                                  fingerprint="f", synced_fingerprint="f")
        )  # fmt: skip
    return identifier


def add_photos(connection: Connection, ids: Sequence[str]) -> None:
    """Rows of photos that have no file."""
    rows = [{"photo_id": one, "mime": "image/jpeg", "width": 1, "height": 1, "bytes": 1} for one in ids]
    connection.execute(insert(photos), rows)


def pin(
    engine: Engine, person: uuid.UUID, vectors: Vectors, name: str, at: datetime = PINNED_AT, *, embedded: bool = True
) -> list[str]:
    """Pin new pictures that have these vectors; their photo ids."""
    ids = [content_id(f"{person} {name} {number}".encode()) for number in range(len(vectors))]
    with engine.begin() as connection:
        add_photos(connection, ids)
        if embedded:
            store_photo_vectors(connection, SPACE, ids, vectors)
        rows = [
            {"user_id": person, "pin_id": f"{name}-{number}", "board_id": "b", "photo_id": one, "pinned_at": at}
            for number, one in enumerate(ids)
        ]
        connection.execute(insert(pins), rows)
    return ids


def definitions(**resources: Any) -> dg.Definitions:
    """The assets of taste with their resources."""
    return dg.Definitions(
        assets=ASSETS,
        resources={
            "database": DatabaseResource(),
            "photo_store": PhotoStoreResource(),
            "encoders": EncodersResource(),
            "taste_options": TasteOptions(),
            **resources,
        },
    )


@dataclass(frozen=True)
class Tastes:
    """A database, an instance, and what the assets make of the one in the other."""

    engine: Engine
    instance: dg.DagsterInstance

    def execute(self, *assets: str, bucket: int | None = BUCKET, **resources: Any) -> dg.ExecuteInProcessResult:
        """Materialise for one bucket, or for all in one run."""
        job = definitions(**resources).resolve_implicit_global_asset_job_def()
        return job.execute_in_process(
            instance=self.instance,
            asset_selection=[dg.AssetKey(name) for name in assets],
            tags=EVERY_BUCKET if bucket is None else None,
            partition_key=None if bucket is None else f"{bucket:02d}",
            raise_on_error=False,
        )

    def cluster(self, *, bucket: int | None = BUCKET, **resources: Any) -> dg.ExecuteInProcessResult:
        """Materialise `taste_clusters` with success, all checks passed."""
        result = self.execute("taste_clusters", bucket=bucket, **resources)
        assert result.success, [str(event.step_failure_data.error) for event in result.all_events
                                if event.is_step_failure]  # fmt: skip
        assert all(check.passed for check in result.get_asset_check_evaluations())
        return result

    def rows(self, table: Table, person: uuid.UUID | None = None) -> list[Mapping[str, Any]]:
        """Rows of a table in order of its key, of one person or of all; vectors as lists, to be compared."""
        query = select(table).order_by(*table.primary_key)
        if person is not None:
            query = query.where(table.c.user_id == person)
        with self.engine.connect() as connection:
            found = connection.execute(query).mappings().all()
        return [
            {name: value.tolist() if isinstance(value, np.ndarray) else value for name, value in row.items()}
            for row in found
        ]

    def everything(self) -> dict[str, list[Mapping[str, Any]]]:
        """All rows about tastes."""
        return {table.name: self.rows(table) for table in TASTE_TABLES}

    def clusters(self, person: uuid.UUID, polarity: str = "positive") -> list[Mapping[str, Any]]:
        """A person's clusters in their order."""
        mine = [row for row in self.rows(taste_clusters, person) if row["polarity"] == polarity]
        return sorted(mine, key=lambda row: row["cluster_index"])

    def state(self, person: uuid.UUID) -> Mapping[str, Any]:
        """What is known of how a person was clustered."""
        (row,) = self.rows(taste_states, person)
        return row

    def members(self, cluster: Mapping[str, Any]) -> set[str]:
        """Photo ids of a cluster's members."""
        member = taste_cluster_members.c
        with self.engine.connect() as connection:
            return set(connection.scalars(select(member.photo_id).where(member.cluster_id == cluster["cluster_id"])))

    def described(self, result: dg.ExecuteInProcessResult, asset: str, bucket: int = BUCKET) -> dict[str, Any]:
        """Metadata of an asset's partition."""
        for event in result.get_asset_materialization_events():
            materialization = event.step_materialization_data.materialization
            if event.asset_key == dg.AssetKey(asset) and materialization.partition == f"{bucket:02d}":
                return {name: value.value for name, value in materialization.metadata.items()}
        raise AssertionError(f"{asset} {bucket} was not materialised")
