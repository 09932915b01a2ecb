"""The asset `taste_reports`: a page per person, for people who want to see what was found and why.

What stands on a page is `taste_assets.report_pages`.
"""

# No `from __future__ import annotations` in asset modules: Dagster reads the parameters' annotations themselves.
import time
import uuid
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import dagster as dg
from pydantic import Field
from sqlalchemy import Connection, or_, select

from resources.database_resource import DatabaseResource
from resources.identity import user_bucket
from resources.partitions import EVERY_BUCKET_IN_ONE_RUN, USER_PARTITIONS, buckets_of, describe_partitions
from resources.photo_store_resource import PhotoStoreResource
from resources.schema import recommendation_states, users
from taste_assets.report_pages import (
    Thumbnails,
    page_content,
    page_owner,
    page_path,
    remove_page,
    report_folder,
    write_page,
)


class ReportConfig(dg.Config):
    """Whose pages there are. A page is some hundred kilobytes, so not everybody has one by default."""

    per_bucket: int = Field(default=20, ge=0, description="People of each bucket, by id.")
    handles: list[str] = Field(default=[], description="These people too.")


@dg.asset(
    deps=["recommendations"],
    group_name="recommendations",
    kinds={"html"},
    owners=["team:venue-taste"],
    partitions_def=USER_PARTITIONS,
    backfill_policy=EVERY_BUCKET_IN_ONE_RUN,
)
def taste_reports(
    context: dg.AssetExecutionContext,
    config: ReportConfig,
    database: DatabaseResource,
    photo_store: PhotoStoreResource,
) -> dg.MaterializeResult[None]:
    """Pages in VENUE_TASTE_HOME/reports: tastes, first venues, and each pin beside the photograph that answers to it.

    A page is written when what it says has changed, and removed with the person.
    """
    root, thumbnails = report_folder(), Thumbnails(photo_store.open())
    with database.engine.connect() as connection:
        described = {}
        for key, bucket in zip(sorted(context.partition_keys), buckets_of(context), strict=True):
            started = time.perf_counter()
            people = _people(connection, bucket, config)
            contents = {one: page_content(connection, one) for one in people}
            known = {one: content for one, content in contents.items() if content is not None}
            written = [one for one, content in known.items() if write_page(page_path(root, one), content, thumbnails)]
            removed = list(_remove_others(root, bucket, known.keys()))
            described[key] = {
                "pages": dg.MetadataValue.int(len(known)),
                "written now": dg.MetadataValue.int(len(written)),
                "removed": dg.MetadataValue.int(len(removed)),
                "seconds": dg.MetadataValue.float(round(time.perf_counter() - started, 3)),
                # The folder and no page of it: a page is called after its person, and what is said here stays.
                "folder": dg.MetadataValue.path(root),
            }
    describe_partitions(context, "taste_reports", described)
    return dg.MaterializeResult()


def _people(connection: Connection, bucket: int, config: ReportConfig) -> Sequence[uuid.UUID]:
    listed = (
        select(users.c.user_id)
        .join(recommendation_states, recommendation_states.c.user_id == users.c.user_id)
        .where(users.c.bucket == bucket)
        .order_by(users.c.user_id)
    )
    some = listed.limit(config.per_bucket).subquery()
    wanted = or_(users.c.user_id.in_(select(some.c.user_id)), users.c.handle.in_(config.handles))
    return connection.scalars(listed.where(wanted)).all()


def _remove_others(root: Path, bucket: int, keep: Iterable[uuid.UUID]) -> Iterator[uuid.UUID]:
    """Remove the bucket's pages that are not to be kept, and say whose they were."""
    kept = frozenset(keep)
    for path in root.glob("*.html"):
        one = page_owner(path)
        if one is not None and one not in kept and user_bucket(one) == bucket:
            remove_page(root, one)
            yield one
