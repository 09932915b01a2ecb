"""Venues with photographs and summaries in a database, and the embedding assets run on them."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import dagster as dg
from sqlalchemy import Connection, Engine, delete, insert, select, text

from resources.database_resource import DatabaseResource
from resources.encoders_resource import EncodersResource
from resources.identity import venue_bucket, venue_id
from resources.photo_store import PhotoStore
from resources.photo_store_resource import PhotoStoreResource
from resources.schema import photo_embeddings, photos, summary_embeddings, venue_photos, venue_summaries, venues
from venue_assets.photo_embeddings import photo_embeddings as photo_asset
from venue_assets.summary_embeddings import summary_embeddings as summary_asset

COLOURS = "python:tests.plugins.colours:encoder"


@dataclass(frozen=True)
class Run:
    """What a run of one asset said: metadata by name with a value per bucket, checks by name."""

    success: bool
    metadata: dict[str, list[Any]]
    checks: dict[str, bool]

    def total(self, name: str) -> int:
        return sum(self.metadata[name])


@dataclass(frozen=True)
class EmbeddedVenues:
    """The tables, the photo store, and a way to run the assets."""

    engine: Engine
    store: PhotoStore
    instance: dg.DagsterInstance

    def add(self, slug: str, pictures: Sequence[bytes] = (), **summaries: str | None) -> None:
        """A crawled venue with these photographs, in order, and texts by field."""
        identifier = venue_id(f"http://{slug}.test/")
        with self.engine.begin() as connection:
            connection.execute(insert(venues).values(
                venue_id=identifier, site_url=f"http://{slug}.test/", bucket=venue_bucket(identifier), status="crawled"
            ))  # fmt: skip
            for position, content in enumerate(pictures):
                self._show(connection, slug, content, position)
        if summaries:
            self.summarise(slug, **summaries)

    def _show(self, connection: Connection, slug: str, content: bytes, position: int) -> None:
        photo_id = self.store.put(content)
        if connection.scalar(select(photos.c.photo_id).where(photos.c.photo_id == photo_id)) is None:
            connection.execute(insert(photos).values(
                photo_id=photo_id, mime="image/jpeg", width=60, height=40, bytes=max(1, len(content))
            ))  # fmt: skip
        connection.execute(insert(venue_photos).values(
            venue_id=venue_id(f"http://{slug}.test/"), photo_id=photo_id, position=position,
            source_url=f"http://{slug}.test/{position}.jpg", page_url=f"http://{slug}.test/",
        ))  # fmt: skip

    def summarise(self, slug: str, **summaries: str | None) -> None:
        """Replace a venue's three summaries; those not given are null."""
        mine = venue_id(f"http://{slug}.test/")
        with self.engine.begin() as connection:
            connection.execute(delete(venue_summaries).where(venue_summaries.c.venue_id == mine))
            connection.execute(insert(venue_summaries).values(
                venue_id=mine, summariser="test", source_hash="0" * 64, **summaries
            ))  # fmt: skip

    def embed_photos(self, image: str = COLOURS, buckets: tuple[str, str] = ("00", "15")) -> Run:
        return self._run(photo_asset, EncodersResource(image=image), buckets)

    def embed_summaries(self, encoder: str = "lexical", buckets: tuple[str, str] = ("00", "15")) -> Run:
        return self._run(summary_asset, EncodersResource(text=encoder), buckets)

    def _run(self, asset: dg.AssetsDefinition, encoders: EncodersResource, buckets: tuple[str, str]) -> Run:
        resources: Mapping[str, Any] = {
            "database": DatabaseResource(),
            "photo_store": PhotoStoreResource(url=str(self.store.root)),
            "encoders": encoders,
        }
        definitions = dg.Definitions(assets=[asset], resources=resources)
        start, end = buckets
        result = definitions.resolve_implicit_global_asset_job_def().execute_in_process(
            instance=self.instance,
            tags={"dagster/asset_partition_range_start": start, "dagster/asset_partition_range_end": end},
            raise_on_error=False,
        )
        found: defaultdict[str, list[Any]] = defaultdict(list)
        for event in result.get_asset_materialization_events():
            for name, value in event.step_materialization_data.materialization.metadata.items():
                found[name].append(value.value)
        checks = {check.check_name: check.passed for check in result.get_asset_check_evaluations()}
        return Run(result.success, dict(found), checks)

    def rows(self) -> list[tuple[Any, ...]]:
        """Every vector row, with the transaction that wrote it, for comparing."""
        columns = {photo_embeddings: "photo_id, space_id", summary_embeddings: "venue_id, field, space_id, text_sha256"}
        with self.engine.connect() as connection:
            return [
                tuple(row)
                for table, names in columns.items()
                for row in connection.execute(
                    text(f"SELECT {names}, embedding::text, xmin::text FROM {table.name} ORDER BY {names}")  # noqa: S608
                )
            ]


def sha256(words: str) -> str:
    return hashlib.sha256(words.encode()).hexdigest()
