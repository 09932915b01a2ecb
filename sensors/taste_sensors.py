"""The sensors of taste: when to list boards, to find tastes again, to make lists, and to compare people."""

from __future__ import annotations

from typing import Final

from sensors.bucket_sensor import bucket_sensor, everywhere_sensor
from sensors.jobs import board_listing, list_update, match_update, taste_refresh
from taste_assets.due_buckets import buckets_to_cluster, buckets_to_poll
from taste_assets.due_lists import buckets_to_list, buckets_to_match

board_poll = everywhere_sensor(
    "board_poll",
    board_listing,
    buckets_to_poll,
    "Lists the boards of accounts that are due: people who pin at present more often than others.",
    interval_s=60,
)

board_changes = bucket_sensor(
    "board_changes",
    taste_refresh,
    buckets_to_cluster,
    "Runs the buckets in which a board, a rating, words or the embedding space changed since people were clustered.",
)

list_changes = bucket_sensor(
    "list_changes",
    list_update,
    buckets_to_list,
    "Runs the buckets in which lists are behind people's wishes, or behind what a crawl found of the venues.",
    interval_s=60,
    # It ends with lists, too.
    waits_for=[taste_refresh.name],
)

sharing_changes = bucket_sensor(
    "sharing_changes",
    match_update,
    buckets_to_match,
    "Runs the buckets in which somebody began to share their taste, or ended.",
    interval_s=60,
    # It ends with people who share a taste, too.
    waits_for=[taste_refresh.name],
)

TASTE_SENSORS: Final = (board_poll, board_changes, list_changes, sharing_changes)
"""All of them, for the definitions."""
