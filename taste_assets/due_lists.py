"""Which user buckets want lists made, of venues or of people, for sensors: one query a tick, however many people.

Whether a list really changes is decided by the run, by the hash of all its inputs; who is behind with their tastes is
in `taste_assets.due_buckets`.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, text

from resources.spaces import current_space
from taste_assets.due_buckets import DueBucket
from taste_assets.venue_catalogue import catalogue_version

# Left alone: people whose taste is to be found again first, in what they pinned or in another space; lists follow it.
_LISTS = text(
    """
    SELECT users.bucket,
        md5(string_agg(
            concat_ws(' ', users.user_id, users.preferences, users.preference_text, freshness.clustered_at,
                lists.inputs_hash, CAST(:catalogue AS text)),
            ',' ORDER BY users.user_id
        )) AS version,
        count(*) AS people
    FROM users
    JOIN serving.freshness USING (user_id)
    LEFT JOIN recommendation_states AS lists USING (user_id)
    WHERE taste_is_current
        AND (NOT list_is_current OR lists.catalogue_hash <> ALL(:hashes))
        AND NOT EXISTS (
            SELECT FROM taste_clusters AS found WHERE found.user_id = users.user_id AND found.space_id <> :space_id
        )
    GROUP BY users.bucket ORDER BY users.bucket
    """
)

# With a taste as `taste_matching.read_sharers` wants one, or they would be due for ever; one that is to be found again
# is followed by matches anyway. The time of agreeing is not kept: xmin is another after any write to the person's row,
# so who agrees, takes it back and agrees again is not mistaken for work that a run has left undone.
_MATCHES = text(
    """
    SELECT users.bucket,
        md5(string_agg(concat_ws(' ', users.user_id, users.xmin, space.space_id), ',' ORDER BY users.user_id))
            AS version,
        count(*) AS people
    FROM users
    JOIN current_spaces AS space ON space.modality = 'image'
    LEFT JOIN taste_match_states AS matched USING (user_id)
    LEFT JOIN taste_states AS taste USING (user_id)
    WHERE CASE WHEN users.shares_taste
        THEN matched.user_id IS NULL AND taste.taste_version = users.taste_version AND EXISTS (
            SELECT FROM taste_clusters AS liked
            WHERE liked.user_id = users.user_id AND liked.polarity = 'positive' AND liked.space_id = space.space_id
        )
        ELSE matched.user_id IS NOT NULL
    END
    GROUP BY users.bucket ORDER BY users.bucket
    """
)


def buckets_to_list(connection: Connection, now: datetime) -> list[DueBucket]:
    """Buckets with people whose list is behind their taste, wishes or words, or behind the venues.

    Args:
        connection: to the tables.
        now: not looked at; every question of a sensor is given it.
    """
    space = current_space(connection, "image")
    if space is None:
        return []
    hashes = sorted(catalogue_version(connection, space, current_space(connection, "text")).hashes())
    about = {"hashes": hashes, "catalogue": " ".join(hashes), "space_id": space.space_id}
    return [DueBucket(**row) for row in connection.execute(_LISTS, about).mappings()]


def buckets_to_match(connection: Connection, now: datetime) -> list[DueBucket]:
    """Buckets with people who share their taste and have not been compared yet, or who share it no more and were.

    That somebody else's taste has changed makes nobody due: it would everybody, all the time.

    Args:
        connection: to the tables.
        now: not looked at; every question of a sensor is given it.
    """
    return [DueBucket(**row) for row in connection.execute(_MATCHES).mappings()]
