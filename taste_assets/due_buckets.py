"""Which user buckets want a run, and of what: for sensors, one query a tick, however many people there are.

Deciding what to ask for is `sensors.planner`; who inside a bucket is worked on is the asset's business.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, text


@dataclass(frozen=True, slots=True)
class DueBucket:
    """A bucket in which something is due.

    Attributes:
        bucket: the user bucket.
        version: digest of what is due there: the same for as long as nobody changes anything and nobody is served.
        people: how many.
    """

    bucket: int
    version: str
    people: int


# The three ways in which a person can be behind: changed since they were clustered (or never clustered), clustered in
# a space that readers have left, a board whose pins are not those of its fingerprint. Boards of an account that is
# left alone after failures are not for now: `taste_assets.board_sync` would not read them either.
_TASTES: Final = text(
    """
    WITH space AS (SELECT space_id, switched_at FROM current_spaces WHERE modality = 'image'),
    behind AS (
        SELECT users.bucket, users.user_id,
               concat_ws(':', 'taste', users.taste_version, space.space_id, space.switched_at) AS what
        FROM users CROSS JOIN space LEFT JOIN taste_states AS state USING (user_id)
        WHERE state.user_id IS NULL
           OR state.taste_version <> users.taste_version OR state.space_id <> space.space_id
        UNION ALL
        SELECT users.bucket, users.user_id, concat_ws(':', 'board', boards.board_id, boards.fingerprint)
        FROM boards JOIN users USING (user_id) LEFT JOIN pinterest_accounts AS account USING (user_id)
        WHERE boards.fingerprint IS DISTINCT FROM boards.synced_fingerprint
          AND NOT (boards.source = 'pinterest' AND coalesce(account.failures > 0 AND account.poll_due_at > :now, false))
    )
    SELECT bucket, md5(string_agg(concat(user_id, what), ',' ORDER BY user_id, what)) AS version,
           count(DISTINCT user_id) AS people
    FROM behind GROUP BY bucket ORDER BY bucket
    """
)

_POLLS: Final = text(
    """
    SELECT bucket, md5(string_agg(concat(user_id, poll_due_at), ',' ORDER BY user_id)) AS version, count(*) AS people
    FROM pinterest_accounts JOIN users USING (user_id)
    WHERE poll_due_at <= :now GROUP BY bucket ORDER BY bucket
    """
)


def buckets_to_cluster(connection: Connection, now: datetime) -> list[DueBucket]:
    """Buckets with people whose stored taste is behind what they pinned, rated or said, whoever wrote that.

    Before an image space is current nobody can be clustered, and only boards count.
    """
    return [DueBucket(**row) for row in connection.execute(_TASTES, {"now": now}).mappings()]


def buckets_to_poll(connection: Connection, now: datetime) -> list[DueBucket]:
    """Buckets with accounts whose boards are to be listed by now. When that is, each listing decides for the next."""
    return [DueBucket(**row) for row in connection.execute(_POLLS, {"now": now}).mappings()]
