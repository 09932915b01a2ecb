"""Who is recommended to: each person's tastes, wishes and words, and the hash that says whether a list is still right.

SQL and combining only. The venues are read by `taste_assets.venue_catalogue`, lists are made by
`taste_assets.recommending` and stored by `taste_assets.recommendation_store`.
"""

from __future__ import annotations

import json
import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import NDArray
from psycopg import sql
from pydantic import ValidationError
from pydantic_core import ErrorDetails
from sqlalchemy import Connection, Text, cast, func, select

from resources.schema import ratings, recommendation_states, taste_clusters, taste_states, users
from resources.spaces import EmbeddingSpace
from resources.vectors.binary_copy import copy_out, split
from taste_assets.model.ratings import NEVER
from taste_assets.model.wishes import Wishes
from taste_assets.people import stated_wishes
from taste_assets.venue_catalogue import UUID_BYTES, CatalogueVersion, digest_of

Kind = Literal["taste", "words", "curated"]
QueryVector = Literal["centroid", "medoid"]

CODE_VERSION: Final = 3
"""Raised when the same inputs give other lists: everybody is then due."""

# Importance is refreshed daily, and the shares of the same decays round differently each day.
_WEIGHT_DECIMALS: Final = 9


@dataclass(frozen=True, slots=True, eq=False)
class Taste:
    """One taste of a person, as lists explain it.

    Attributes:
        cluster_id: its key.
        cluster_index: place among the person's tastes of its polarity.
        label: its name; None before it has one.
        weight: its importance, 0 to 1.
        medoid_pin_id, medoid_photo_id: the pin and picture that stand for it, where there are some.
        vector: (dim,) float32, what venues are asked with.
    """

    cluster_id: uuid.UUID
    cluster_index: int
    label: str | None
    weight: float
    medoid_pin_id: str | None
    medoid_photo_id: str | None
    vector: NDArray[np.float32]

    def spelling(self) -> list[Any]:
        """All that a list depends on, but for the vector."""
        shown = (self.label, self.medoid_pin_id, self.medoid_photo_id)
        return [str(self.cluster_id), self.cluster_index, round(self.weight, _WEIGHT_DECIMALS), *shown]


@dataclass(frozen=True, slots=True)
class StoredState:
    """What a person's list was made from; see `recommendation_states`."""

    inputs_hash: str
    taste_as_of: datetime | None
    wishes_md5: str


@dataclass(frozen=True, slots=True, eq=False)
class Person:
    """Somebody as they were in the snapshot that was read.

    Attributes:
        user_id: whose.
        liked, disliked: tastes, by index.
        from_words: whether the liked tastes come from words alone.
        elsewhere: whether tastes are known, but in another embedding space: not to be compared until they are found
            again in this one.
        never: venues they rated 0: on no list of theirs.
        wishes: what they ask for; None for nothing.
        wishes_problem: why stored preferences cannot be understood; they are then left aside.
        words: what they say they like; empty for nothing.
        taste_as_of: when a taste last changed; None for none.
        wishes_md5: of preferences and words, as `serving.freshness` compares it.
        stored: what the list they have was made from; None for no list.
    """

    user_id: uuid.UUID
    liked: tuple[Taste, ...]
    disliked: tuple[Taste, ...]
    from_words: bool
    elsewhere: bool
    never: frozenset[uuid.UUID]
    wishes: Wishes | None
    wishes_problem: str | None
    words: str
    taste_as_of: datetime | None
    wishes_md5: str
    stored: StoredState | None

    @property
    def knows_latest(self) -> bool:
        """Whether the stored state names the present taste and wishes, so that readers see that the list is current."""
        seen = self.stored
        return seen is not None and (seen.taste_as_of, seen.wishes_md5) == (self.taste_as_of, self.wishes_md5)

    def kind(self, *, words_tell: bool) -> Kind:
        """What a list for them rests on; `words_tell` says whether their words tell one venue from another."""
        if self.liked:
            return "words" if self.from_words else "taste"
        return "words" if words_tell else "curated"


def read_people(connection: Connection, bucket: int, space: EmbeddingSpace, query: QueryVector) -> list[Person]:
    """Everybody of a user bucket, by id.

    Args:
        connection: in one REPEATABLE READ transaction with the catalogue's version.
        bucket: user bucket.
        space: the current image space.
        query: which vector of a taste venues are asked with.
    """
    tastes = _read_tastes(connection, bucket, space, query)
    never = _read_never(connection, bucket)
    state = taste_states.c
    # The spelling of `serving.freshness`.
    said = func.concat(cast(users.c.preferences, Text), func.chr(10), func.coalesce(users.c.preference_text, ""))
    rows = connection.execute(
        select(
            users.c.user_id, users.c.preferences, users.c.preference_text, state.treatment,
            state.clustered_at, func.md5(said).label("said_md5"), recommendation_states.c.inputs_hash,
            recommendation_states.c.taste_as_of, recommendation_states.c.wishes_md5,
        )
        .outerjoin(taste_states, state.user_id == users.c.user_id)
        .outerjoin(recommendation_states, recommendation_states.c.user_id == users.c.user_id)
        .where(users.c.bucket == bucket)
        .order_by(users.c.user_id)
    )  # fmt: skip
    return [_person(row, tastes[row.user_id], frozenset(never[row.user_id])) for row in rows]


@dataclass(slots=True)
class _Tastes:
    """What is stored of one person's tastes."""

    liked: list[Taste] = field(default_factory=list)
    disliked: list[Taste] = field(default_factory=list)
    elsewhere: bool = False
    updated_at: datetime | None = None


def _read_tastes(
    connection: Connection, bucket: int, space: EmbeddingSpace, query: QueryVector
) -> defaultdict[uuid.UUID, _Tastes]:
    statement = sql.SQL(
        "SELECT cluster_id, {} FROM taste_clusters JOIN users USING (user_id)"
        " WHERE bucket = %(bucket)s AND space_id = %(space_id)s"
    ).format(sql.Identifier(f"{query}_vector"))
    parameters = {"bucket": bucket, "space_id": space.space_id}
    ids, matrix = copy_out(connection, statement, parameters, {"cluster_id": UUID_BYTES}, space.dim)
    vector_of = {
        uuid.UUID(bytes=one): vector for one, vector in zip(split(ids["cluster_id"], UUID_BYTES), matrix, strict=True)
    }
    own = taste_clusters.c
    columns = (
        own.user_id, own.polarity, own.cluster_id, own.cluster_index, own.label, own.weight, own.medoid_pin_id,
        own.medoid_photo_id, own.updated_at,
    )  # fmt: skip
    rows = connection.execute(
        select(*columns)
        .join(users, users.c.user_id == own.user_id)
        .where(users.c.bucket == bucket)
        .order_by(own.user_id, own.cluster_index)
    )
    found: defaultdict[uuid.UUID, _Tastes] = defaultdict(_Tastes)
    for row in rows:
        mine = found[row.user_id]
        mine.updated_at = max(mine.updated_at or row.updated_at, row.updated_at)
        vector = vector_of.get(row.cluster_id)
        if vector is None:
            mine.elsewhere = True
            continue
        taste = Taste(
            row.cluster_id, row.cluster_index, row.label, row.weight, row.medoid_pin_id, row.medoid_photo_id, vector
        )
        (mine.liked if row.polarity == "positive" else mine.disliked).append(taste)
    return found


def _read_never(connection: Connection, bucket: int) -> defaultdict[uuid.UUID, set[uuid.UUID]]:
    rows = connection.execute(
        select(ratings.c.user_id, ratings.c.venue_id)
        .join(users, users.c.user_id == ratings.c.user_id)
        .where(users.c.bucket == bucket, ratings.c.rating == NEVER, ratings.c.venue_id.is_not(None))
    )
    found: defaultdict[uuid.UUID, set[uuid.UUID]] = defaultdict(set)
    for row in rows:
        found[row.user_id].add(row.venue_id)
    return found


def _person(row: Any, tastes: _Tastes, never: frozenset[uuid.UUID]) -> Person:
    wishes, problem = None, None
    try:
        stated = stated_wishes(row.preferences).wishes()
    except ValidationError as error:
        problem = "; ".join(f"{_place(item)}: {item['msg']}" for item in error.errors())
    else:
        wishes = None if stated == Wishes() else stated
    times = [time for time in (row.clustered_at, tastes.updated_at) if time is not None]
    return Person(
        user_id=row.user_id,
        liked=tuple(tastes.liked),
        disliked=tuple(tastes.disliked),
        from_words=row.treatment == "words",
        elsewhere=tastes.elsewhere,
        never=never,
        wishes=wishes,
        wishes_problem=problem,
        words=(row.preference_text or "").strip(),
        taste_as_of=max(times) if times else None,
        wishes_md5=row.said_md5,
        stored=None if row.inputs_hash is None else StoredState(row.inputs_hash, row.taste_as_of, row.wishes_md5),
    )


def _place(item: ErrorDetails) -> str:
    # A key that is none of ours may be any words, and problems are logged, which stays when a person is forgotten.
    return "a key" if item["type"] == "extra_forbidden" else ".".join(map(str, item["loc"]))


def catalogue_hash(person: Person, version: CatalogueVersion) -> str:
    """Digest of the venues as far as they concern a person."""
    return version.hash_for(wishes=person.wishes is not None, words=bool(person.words))


def inputs_hash(person: Person, version: CatalogueVersion, parameters: Mapping[str, Any]) -> str:
    """Digest of all that decides a person's list; what does not concern them is left out.

    Args:
        person: whose list.
        version: of the catalogue.
        parameters: all options, as they are stored with the list.
    """
    told: Sequence[Any] = [
        CODE_VERSION,
        parameters,
        catalogue_hash(person, version),
        person.from_words,
        [taste.spelling() for taste in person.liked],
        [taste.spelling() for taste in person.disliked],
        None if person.wishes is None else spelled(person.wishes),
        person.words,
        sorted(map(str, person.never)),
    ]
    vectors = [taste.vector.tobytes() for taste in (*person.liked, *person.disliked)]
    return digest_of([json.dumps(told, sort_keys=True), *vectors])


def spelled(wishes: Wishes) -> dict[str, Any]:
    """Wishes as plain values, equal for equal wishes."""
    return asdict(wishes) | {"amenities": sorted(wishes.amenities), "must": sorted(wishes.must)}
