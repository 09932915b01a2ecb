"""Tastes in the database: what was stored, and replacing it, a person at a time and each in one piece. SQL only."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, Text, Uuid, any_, delete, insert, literal, select, update
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql import insert as upsert

from resources.schema import photos, taste_cluster_members, taste_clusters, taste_history, taste_states, users
from resources.spaces import EmbeddingSpace
from taste_assets.taste_finding import FoundCluster, FoundTaste, Polarity
from taste_assets.taste_inputs import TasteInputs

MOVED: Final = 1e-6
"""Differences of weight and drift below this are rounding, and not worth a line of history."""


@dataclass(frozen=True, slots=True, eq=False)
class FormerCluster:
    """A cluster as it is stored."""

    cluster_id: uuid.UUID
    polarity: Polarity
    space_id: str
    centroid: NDArray[np.float32]
    weight: float
    pin_count: int
    label: str | None
    created_at: datetime


Former = Mapping[uuid.UUID, Sequence[FormerCluster]]
"""What people had, by their ids."""


@dataclass(frozen=True, slots=True)
class RunStamp:
    """What every row of a run carries."""

    run_id: str
    method_id: str
    now: datetime


def former_clusters(connection: Connection, user_ids: Sequence[uuid.UUID]) -> Former:
    """The clusters that these people have; those without are left out."""
    names = ("cluster_id", "polarity", "space_id", "weight", "pin_count", "label", "created_at")
    query = select(
        taste_clusters.c.user_id,
        taste_clusters.c.centroid_vector.label("centroid"),
        *(taste_clusters.c[name] for name in names),
    ).where(taste_clusters.c.user_id == _any_of(user_ids))
    found: defaultdict[uuid.UUID, list[FormerCluster]] = defaultdict(list)
    for row in connection.execute(query).mappings():
        rest = {name: row[name] for name in names}
        found[row["user_id"]].append(FormerCluster(centroid=np.asarray(row["centroid"], np.float32), **rest))
    return found


def stored_hashes(connection: Connection, user_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, str]:
    """`inputs_hash` of what was found of these people last, as far as it was found in pictures.

    Words count for those of whom no picture is heard, which the hash cannot know where boards are left out.
    """
    state = taste_states.c
    in_pictures = state.treatment.not_in(("words", "none"))
    query = select(state.user_id, state.inputs_hash).where(state.user_id == _any_of(user_ids), in_pictures)
    return {row.user_id: row.inputs_hash for row in connection.execute(query)}


def confirm_states(connection: Connection, people: Sequence[TasteInputs]) -> frozenset[uuid.UUID]:
    """Write down that what is stored of these people is still right, and nothing else; who was confirmed.

    People who have changed since they were read, or are gone, are left as they are.
    """
    versions = _hold(connection, [person.user_id for person in people])
    same = [person for person in people if versions.get(person.user_id) == person.taste_version]
    for person in same:
        state = taste_states.c
        connection.execute(
            update(taste_states)
            .where(state.user_id == person.user_id, state.taste_version != person.taste_version)
            .values(taste_version=person.taste_version)
        )
    return frozenset(person.user_id for person in same)


def store_tastes(
    connection: Connection, tastes: Sequence[FoundTaste], former: Former, space: EmbeddingSpace, stamp: RunStamp
) -> frozenset[uuid.UUID]:
    """Replace what is stored of these people by what was found; whose was.

    People who have changed since they were read are left as they are, and so due; those who are gone stay gone.

    Args:
        connection: in a transaction of its own: readers see the old tastes or the new ones.
        tastes: what was found.
        former: from `former_clusters`, of the same people.
        space: in which it was found.
        stamp: of the run.
    """
    versions = _hold(connection, [taste.inputs.user_id for taste in tastes])
    alive = _hold_photos(connection, (one.photo_id for taste in tastes for one in taste.inputs.statements))
    current = [
        taste
        for taste in tastes
        if versions.get(taste.inputs.user_id) == taste.inputs.taste_version
        and all(statement.photo_id in alive for statement in taste.inputs.statements)
    ]
    mine = [taste.inputs.user_id for taste in current]
    connection.execute(delete(taste_clusters).where(taste_clusters.c.user_id == _any_of(mine)))
    clusters, members, history = [], [], []
    for taste in current:
        had = {cluster.cluster_id: cluster for cluster in former.get(taste.inputs.user_id, ())}
        history += _history(taste, had, space.space_id, stamp.now)
        numbers: defaultdict[Polarity, int] = defaultdict(int)
        for cluster in taste.clusters:
            was = had.get(cluster.cluster_id)
            clusters.append(_cluster_row(taste, cluster, numbers[cluster.polarity], was, space, stamp.now))
            members += _member_rows(cluster)
            numbers[cluster.polarity] += 1
    for table, rows in ((taste_clusters, clusters), (taste_cluster_members, members), (taste_history, history)):
        if rows:
            connection.execute(insert(table), rows)
    _write_states(connection, current, space, stamp)
    return frozenset(mine)


def _hold(connection: Connection, user_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, int]:
    """Each person's `taste_version`, which nobody can raise until the transaction ends."""
    query = select(users.c.user_id, users.c.taste_version).where(users.c.user_id == _any_of(user_ids))
    # In one order, or two runs could wait for each other; without blocking the foreign keys of those who write pins.
    rows = connection.execute(query.order_by(users.c.user_id).with_for_update(key_share=True))
    return {row.user_id: row.taste_version for row in rows}


def _hold_photos(connection: Connection, photo_ids: Iterable[str]) -> set[str]:
    """Those of these photos that are still there, and will be until the transaction ends."""
    among = photos.c.photo_id == any_(literal(sorted(set(photo_ids)), ARRAY(Text)))
    held = select(photos.c.photo_id).where(among).order_by(photos.c.photo_id)
    return set(connection.scalars(held.with_for_update(read=True, key_share=True)))


def _cluster_row(
    taste: FoundTaste,
    cluster: FoundCluster,
    number: int,
    was: FormerCluster | None,
    space: EmbeddingSpace,
    now: datetime,
) -> dict[str, Any]:
    return {
        "cluster_id": cluster.cluster_id,
        "user_id": taste.inputs.user_id,
        "cluster_index": number,
        "polarity": cluster.polarity,
        "space_id": space.space_id,
        "dim": space.dim,
        "medoid_vector": cluster.medoid_vector,
        "centroid_vector": cluster.centroid,
        "medoid_pin_id": cluster.medoid.pin_id if cluster.medoid else None,
        "medoid_photo_id": cluster.medoid.photo_id if cluster.medoid else None,
        "weight": cluster.weight,
        "pin_count": len(cluster.members),
        "label": cluster.name.label,
        "label_margin": cluster.name.margin,
        "created_at": was.created_at if was else now,
        "updated_at": now,
    }


def _member_rows(cluster: FoundCluster) -> list[dict[str, Any]]:
    return [
        {
            "cluster_id": cluster.cluster_id,
            "photo_id": member.photo_id,
            "pin_id": member.pin_id,
            "weight": member.weight,
            "added_at": member.said_at,
        }
        for member in cluster.members
    ]


def _history(
    taste: FoundTaste, had: Mapping[uuid.UUID, FormerCluster], space_id: str, now: datetime
) -> list[dict[str, Any]]:
    """A line for each taste that is new, has changed, or has ended (weight 0)."""
    lines = []
    for cluster in taste.clusters:
        was = had.get(cluster.cluster_id)
        drift = None
        if was is not None and was.space_id == space_id:
            drift = max(0.0, 1.0 - float(np.dot(cluster.centroid.astype(np.float64), was.centroid.astype(np.float64))))
        if was is None or drift is None or drift > MOVED or _differs(cluster, was):
            lines.append(_line(taste, cluster.cluster_id, cluster.polarity, now) | {
                "label": cluster.name.label, "weight": cluster.weight, "pin_count": len(cluster.members),
                "drift": drift,
            })  # fmt: skip
    ended = had.keys() - {cluster.cluster_id for cluster in taste.clusters}
    for_ended = [
        _line(taste, one, had[one].polarity, now)
        | {"label": had[one].label, "weight": 0.0, "pin_count": 0, "drift": None}
        for one in sorted(ended)
    ]
    return lines + for_ended


def _line(taste: FoundTaste, cluster_id: uuid.UUID, polarity: Polarity, now: datetime) -> dict[str, Any]:
    return {"cluster_id": cluster_id, "recorded_at": now, "user_id": taste.inputs.user_id, "polarity": polarity}


def _differs(cluster: FoundCluster, was: FormerCluster) -> bool:
    return (
        abs(cluster.weight - was.weight) > MOVED
        or len(cluster.members) != was.pin_count
        or cluster.name.label != was.label
    )


def _write_states(connection: Connection, tastes: Sequence[FoundTaste], space: EmbeddingSpace, stamp: RunStamp) -> None:
    rows = [
        {
            "user_id": taste.inputs.user_id,
            "taste_version": taste.inputs.taste_version,
            "space_id": space.space_id,
            "inputs_hash": taste.inputs.hash(space.space_id, stamp.method_id),
            "method": stamp.method_id,
            "treatment": taste.treatment,
            "silhouette": taste.silhouette,
            "cluster_count": len(taste.clusters),
            "pin_count": taste.heard,
            "run_id": stamp.run_id,
            "clustered_at": stamp.now,
        }
        for taste in tastes
    ]
    if not rows:
        return
    statement = upsert(taste_states)
    replaced = {name: statement.excluded[name] for name in rows[0] if name != "user_id"}
    connection.execute(statement.on_conflict_do_update(index_elements=["user_id"], set_=replaced), rows)


def _any_of(user_ids: Sequence[uuid.UUID]) -> Any:
    return any_(literal(list(user_ids), ARRAY(Uuid)))
