"""People who share a taste: who may be compared, and their lists into the database. SQL and combining only.

How two tastes are compared is `taste_assets.model.neighbours`.
"""

from __future__ import annotations

import json
import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from psycopg import sql
from pydantic import ValidationError
from sqlalchemy import Connection, delete, insert, select

from resources.schema import taste_clusters, taste_match_states, taste_matches, users
from resources.spaces import EmbeddingSpace
from resources.vectors.binary_copy import copy_out, split
from taste_assets.model.neighbours import Multivector, People, SharedTaste
from taste_assets.model.wishes import distance_km
from taste_assets.people import stated_wishes
from taste_assets.recommendation_options import HowToMatch
from taste_assets.venue_catalogue import UUID_BYTES, digest_of

STRATEGY: Final = "max_sim"

CODE_VERSION: Final = 1
"""Raised when the same inputs give other lists: everybody is then due."""

_WEIGHT_DECIMALS: Final = 9


@dataclass(frozen=True, slots=True)
class Liked:
    """A taste as it is shown to the other side."""

    cluster_id: uuid.UUID
    label: str | None
    weight: float


@dataclass(frozen=True, slots=True, eq=False)
class Sharer:
    """Somebody who lets others know that they share a taste, and has one.

    Attributes:
        user_id: who.
        bucket: user bucket.
        liked: what they like, in the order of `taste.liked`.
        taste: what is compared.
        place: (lat, lon) of the place they wish to be near to, in degrees; None without.
    """

    user_id: uuid.UUID
    bucket: int
    liked: tuple[Liked, ...]
    taste: SharedTaste
    place: tuple[float, float] | None


def read_sharers(connection: Connection, space: EmbeddingSpace) -> list[Sharer]:
    """Everybody who shares and has a liked taste in the space, by id."""
    statement = sql.SQL(
        "SELECT cluster_id, centroid_vector FROM taste_clusters JOIN users USING (user_id)"
        " WHERE shares_taste AND space_id = %(space_id)s"
    )
    columns = {"cluster_id": UUID_BYTES}
    ids, matrix = copy_out(connection, statement, {"space_id": space.space_id}, columns, space.dim)
    vector_of = {
        uuid.UUID(bytes=one): vector for one, vector in zip(split(ids["cluster_id"], UUID_BYTES), matrix, strict=True)
    }
    own = taste_clusters.c
    clusters: defaultdict[uuid.UUID, dict[str, list[Any]]] = defaultdict(lambda: {"positive": [], "negative": []})
    for row in connection.execute(
        select(own.user_id, own.polarity, own.cluster_id, own.label, own.weight)
        .join(users, users.c.user_id == own.user_id)
        .where(users.c.shares_taste, own.space_id == space.space_id)
        .order_by(own.user_id, own.polarity, own.cluster_index)
    ):
        clusters[row.user_id][row.polarity].append(row)
    people = connection.execute(
        select(users.c.user_id, users.c.bucket, users.c.preferences)
        .where(users.c.shares_taste)
        .order_by(users.c.user_id)
    )
    return [
        _sharer(person, clusters[person.user_id], vector_of, space.dim)
        for person in people
        if clusters[person.user_id]["positive"]
    ]


def _sharer(
    person: Any, clusters: Mapping[str, Sequence[Any]], vector_of: Mapping[uuid.UUID, NDArray[np.float32]], dim: int
) -> Sharer:
    def multivector(rows: Sequence[Any]) -> Multivector:
        vectors = np.array([vector_of[row.cluster_id] for row in rows], np.float32).reshape(len(rows), dim)
        weights = np.array([row.weight for row in rows], np.float64)
        return Multivector(vectors, weights / weights.sum() if weights.sum() > 0 else weights)

    liked, disliked = clusters["positive"], clusters["negative"]
    return Sharer(
        user_id=person.user_id,
        bucket=person.bucket,
        liked=tuple(Liked(row.cluster_id, row.label, row.weight) for row in liked),
        taste=SharedTaste(multivector(liked), multivector(disliked)),
        place=_place(person.preferences),
    )


def _place(preferences: Mapping[str, Any]) -> tuple[float, float] | None:
    try:
        wishes = stated_wishes(preferences)
    except ValidationError:
        return None  # `recommendations` says so
    return None if wishes.lat is None or wishes.lon is None else (wishes.lat, wishes.lon)


def sharers_hash(sharers: Sequence[Sharer], space: EmbeddingSpace, how: HowToMatch) -> str:
    """Digest of all that decides anybody's list: one person's change may change everybody's."""
    parts: list[str | bytes] = [json.dumps([CODE_VERSION, space.space_id, asdict(how)])]
    for one in sharers:
        shown = [[str(taste.cluster_id), taste.label] for taste in one.liked]
        weights = [np.round(side.weights, _WEIGHT_DECIMALS).tolist() for side in (one.taste.liked, one.taste.disliked)]
        place = one.place if how.within_km is not None else None
        parts.append(json.dumps([str(one.user_id), shown, weights, place]))
        parts += [one.taste.liked.vectors.tobytes(), one.taste.disliked.vectors.tobytes()]
    return digest_of(parts)


class Matcher:
    """Lists of people from one reading of everybody who shares."""

    def __init__(self, sharers: Sequence[Sharer], how: HowToMatch) -> None:
        self._sharers = sharers
        self._how = how
        self._people = People([one.taste for one in sharers])
        places = [(np.nan, np.nan) if one.place is None else one.place for one in sharers]
        self._places = np.array(places, np.float64).reshape(len(sharers), 2)

    def rows(self, one: int) -> list[dict[str, Any]]:
        """Rank, other person, score and reasons of the list of person number `one`, best first."""
        how = self._how
        found, scores = self._people.matches(
            one, how.length, symmetric=how.symmetric, conflict=how.conflict, allowed=self._allowed(one)
        )
        return [
            {
                "rank": rank,
                "other_user_id": self._sharers[other].user_id,
                "score": float(score),
                "matches": self._reasons(one, int(other)),
            }
            for rank, (other, score) in enumerate(zip(found, scores, strict=True), start=1)
        ]

    def _allowed(self, one: int) -> NDArray[np.bool_] | None:
        """Those near enough; a person without a place is near to nobody, and nobody is near to them."""
        if self._how.within_km is None:
            return None
        lat, lon = self._places[one]
        near: NDArray[np.bool_] = distance_km(lat, lon, self._places[:, 0], self._places[:, 1]) <= self._how.within_km
        return near

    def _reasons(self, one: int, other: int) -> list[dict[str, Any]]:
        mine, theirs = self._sharers[one].liked, self._sharers[other].liked
        nearest, similarity = self._people.evidence(one, other)
        order = sorted(range(len(mine)), key=lambda taste: -mine[taste].weight * similarity[taste])
        return [
            {
                "cluster_id": str(mine[taste].cluster_id),
                "label": mine[taste].label,
                "weight": round(mine[taste].weight, 6),
                "other_cluster_id": str(theirs[nearest[taste]].cluster_id),
                "other_label": theirs[nearest[taste]].label,
                "similarity": round(float(similarity[taste]), 6),
            }
            for taste in order
        ]


def current_people(connection: Connection, bucket: int, inputs_hash: str) -> frozenset[uuid.UUID]:
    """Those of the bucket whose list was made from these inputs."""
    state = taste_match_states.c
    query = select(state.user_id).join(users, users.c.user_id == state.user_id)
    return frozenset(connection.scalars(query.where(users.c.bucket == bucket, state.inputs_hash == inputs_hash)))


def drop_matches(connection: Connection, bucket: int, keep: frozenset[uuid.UUID]) -> int:
    """Remove the lists of those of the bucket who are not to be kept; how many lists that were."""
    state = taste_match_states.c
    having = connection.scalars(
        select(state.user_id).join(users, users.c.user_id == state.user_id).where(users.c.bucket == bucket)
    )
    gone = [user_id for user_id in having if user_id not in keep]
    if gone:
        connection.execute(delete(taste_matches).where(taste_matches.c.user_id.in_(gone)))
        connection.execute(delete(taste_match_states).where(taste_match_states.c.user_id.in_(gone)))
    return len(gone)


def store_matches(
    connection: Connection, lists: Mapping[uuid.UUID, Sequence[Mapping[str, Any]]], common: Mapping[str, Any]
) -> int:
    """Store new lists of people who have none, in the caller's transaction; how many rows that were.

    Whoever was forgotten or withdrew since they were read is left out, of every list.

    Args:
        connection: inside a transaction that readers see nothing of before its end.
        lists: rows as `Matcher.rows` gives them.
        common: space_id, inputs_hash, run_id, strategy and parameters.
    """
    mentioned = set(lists) | {row["other_user_id"] for rows in lists.values() for row in rows}
    query = (
        select(users.c.user_id).where(users.c.user_id.in_(mentioned), users.c.shares_taste).order_by(users.c.user_id)
    )
    there = frozenset(connection.scalars(query.with_for_update(read=True, key_share=True)))
    generated_at = datetime.now(UTC)
    written, states = [], []
    for user_id, rows in lists.items():
        if user_id not in there:
            continue
        kept = [row for row in rows if row["other_user_id"] in there]
        stamp = {name: common[name] for name in ("space_id", "inputs_hash", "run_id")} | {"generated_at": generated_at}
        own = {"user_id": user_id, "strategy": common["strategy"], "parameters": common["parameters"]} | stamp
        written += [{**row, **own, "rank": rank} for rank, row in enumerate(kept, start=1)]
        states.append({"user_id": user_id, "list_length": len(kept)} | stamp)
    if written:
        connection.execute(insert(taste_matches), written)
    if states:
        connection.execute(insert(taste_match_states), states)
    return len(written)
