"""What happens by the clock: folders looked through, weights and lists refreshed, venues crawled."""

# No `from __future__ import annotations`: Dagster reads the parameters' annotations itself.
from typing import Final

import dagster as dg
from sqlalchemy import exists, select

from resources.database_resource import DatabaseResource
from resources.schema import boards, taste_clusters, users
from resources.settings import load_settings
from sensors.jobs import (
    EVERY_USER_BUCKET,
    EVERY_VENUE_BUCKET,
    board_listing,
    importance_refresh,
    lists_refresh,
    venue_refresh,
)

_RUNNING: Final = dg.DefaultScheduleStatus.RUNNING


@dg.schedule(job=board_listing, cron_schedule="7 * * * *", default_status=_RUNNING)
def folder_poll(database: DatabaseResource) -> dg.RunRequest | dg.SkipReason:
    """Every hour: looks through imported folders, which nobody announces changes of."""
    with database.engine.connect() as connection:
        if not connection.scalar(select(exists().where(boards.c.source == "folder"))):
            return dg.SkipReason("nobody has imported a folder")
    return dg.RunRequest(tags=EVERY_USER_BUCKET)


@dg.schedule(job=importance_refresh, cron_schedule="30 2 * * *", default_status=_RUNNING)
def daily_importance(database: DatabaseResource) -> dg.RunRequest | dg.SkipReason:
    """Every night: how much each taste counts, by the age of its pins."""
    with database.engine.connect() as connection:
        if not connection.scalar(select(exists(select(taste_clusters.c.cluster_id)))):
            return dg.SkipReason("nobody has been clustered")
    return dg.RunRequest(tags=EVERY_USER_BUCKET)


@dg.schedule(job=lists_refresh, cron_schedule="30 4 * * *", default_status=_RUNNING)
def daily_lists(database: DatabaseResource) -> dg.RunRequest | dg.SkipReason:
    """Every night: lists, matches and the export of everybody; those for whom nothing changed stay."""
    with database.engine.connect() as connection:
        if not connection.scalar(select(exists(select(users.c.user_id)))):
            return dg.SkipReason("there is nobody yet")
    return dg.RunRequest(tags=EVERY_USER_BUCKET)


@dg.schedule(job=venue_refresh, cron_schedule="0 3 * * 0", default_status=_RUNNING)
def weekly_crawl() -> dg.RunRequest | dg.SkipReason:
    """Every Sunday night: crawls the venues, if site owners can reach whoever does that."""
    settings = load_settings()
    if settings.crawl_contact is None and settings.crawl_host_map is None:
        return dg.SkipReason(
            "CRAWL_CONTACT is not set: nobody's sites are crawled unasked without an address to complain to"
        )
    return dg.RunRequest(tags=EVERY_VENUE_BUCKET)


SCHEDULES: Final = (folder_poll, daily_importance, daily_lists, weekly_crawl)
"""All of them, for the definitions."""
