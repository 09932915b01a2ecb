"""What a person's taste is found from: pictures they pinned or rated, or their words. Reading and combining.

One picture says one thing. Where several statements are about the same picture the most deliberate one counts: a
rating of the photo, before a rating of the venue that it stands for, before a pin. A venue's rating counts as a rating
of the venue's medoid photo, so that a venue with forty photos does not outvote forty pins. What is made of it is
`taste_assets.taste_finding`.
"""

from __future__ import annotations

import hashlib
import json
import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, Uuid, any_, literal, select
from sqlalchemy.dialects.postgresql import ARRAY

from resources.schema import pins, ratings, users, venue_photos
from resources.vectors import photo_vectors
from taste_assets.model.medoid import medoid
from taste_assets.model.ratings import NEUTRAL, NEVER
from taste_assets.model.vectors import unit_rows

PIN_WEIGHT: Final = 1.0
"""What a pin weighs, against r - tau of a rating (at most 2.5 for the best at the usual tau)."""


@dataclass(frozen=True, slots=True)
class Statement:
    """What a person said of one picture.

    Attributes:
        photo_id: the picture.
        weight: above 0 if they like it, below if not; before its age is counted.
        said_at: when.
        pin_id: the pin it is, None for a rating.
        board_id: the board of that pin.
    """

    photo_id: str
    weight: float
    said_at: datetime
    pin_id: str | None
    board_id: str | None = None


@dataclass(frozen=True, slots=True)
class RatedPhoto:
    """A rating 0 to 5 of a photo; `of_venue` where the venue was rated and the photo stands for it."""

    photo_id: str
    rating: int
    rated_at: datetime
    of_venue: bool


@dataclass(frozen=True, slots=True, eq=False)
class TasteInputs:
    """Everything one person's taste is found from.

    Attributes:
        user_id: whose.
        taste_version: what `users.taste_version` was in the snapshot that the rest was read from.
        words: their preference text, stripped; empty for none.
        statements: in the order of their photos' ids, each photo once.
        vectors: (n, dim) float32, of the statements' photos, in the same order.
        never: venues they rated 0, ascending. Beside the taste: lists leave these out, also where the rating makes no
            statement, as where the person rated the photo that stands for the venue itself.
    """

    user_id: uuid.UUID
    taste_version: int
    words: str
    statements: tuple[Statement, ...]
    vectors: NDArray[np.float32]
    never: tuple[str, ...] = ()

    def hash(self, space_id: str, method: str) -> str:
        """Digest of all that decides the taste; vectors follow from photo and space."""
        liked = any(statement.weight > 0 for statement in self.statements)
        said = [
            (one.photo_id, one.weight, one.said_at.timestamp(), one.pin_id, one.board_id) for one in self.statements
        ]
        # Words count only for people without a picture that they like: others are not clustered again for them.
        told = json.dumps([space_id, method, said, "" if liked else self.words, *([self.never] if self.never else ())])
        return hashlib.blake2b(told.encode(), digest_size=16).hexdigest()


@dataclass(slots=True)
class _Said:
    pins: list[Statement] = field(default_factory=list)
    ratings: list[RatedPhoto] = field(default_factory=list)


def combined(pinned: Iterable[Statement], rated: Iterable[RatedPhoto], tau: float) -> list[Statement]:
    """One statement a photo, by photo id. Of pins of one picture the newest counts, of venues' ratings likewise.

    A rating of exactly tau says nothing: the pin of that picture, if there is one, stays.

    Args:
        pinned: pins as statements.
        rated: in any order.
        tau: the rating that says nothing.
    """
    chosen: dict[str, Statement] = {}
    for pin in sorted(pinned, key=lambda one: (one.said_at, one.pin_id or "")):
        chosen[pin.photo_id] = pin
    for rating in sorted(rated, key=lambda one: (not one.of_venue, one.rated_at, one.rating)):
        if rating.rating != tau:
            chosen[rating.photo_id] = Statement(rating.photo_id, rating.rating - tau, rating.rated_at, None)
    return [chosen[photo_id] for photo_id in sorted(chosen)]


def read_inputs(connection: Connection, space_id: str, user_ids: Sequence[uuid.UUID]) -> list[TasteInputs]:
    """The inputs of these people, in the order of their ids; those who are gone are left out.

    A statement about a photo that has no vector in the space is left out, until it has one.

    Args:
        connection: in one REPEATABLE READ transaction, or the versions may not be those of the statements.
        space_id: a registered image space.
        user_ids: some hundred at a time: all their vectors are in memory at once.
    """
    mine = any_(literal(list(user_ids), ARRAY(Uuid)))
    people = connection.execute(
        select(users.c.user_id, users.c.taste_version, users.c.preference_text, users.c.rating_tau)
        .where(users.c.user_id == mine)
        .order_by(users.c.user_id)
    ).all()
    said: defaultdict[uuid.UUID, _Said] = defaultdict(_Said)
    for pin in connection.execute(
        select(pins.c.user_id, pins.c.photo_id, pins.c.pinned_at, pins.c.pin_id, pins.c.board_id).where(
            pins.c.user_id == mine, pins.c.photo_id.is_not(None)
        )
    ):
        statement = Statement(pin.photo_id, PIN_WEIGHT, pin.pinned_at, pin.pin_id, pin.board_id)
        said[pin.user_id].pins.append(statement)
    rated = connection.execute(select(ratings).where(ratings.c.user_id == mine)).all()
    shown_by = _medoid_photos(connection, space_id, {row.venue_id for row in rated if row.venue_id is not None})
    for row in rated:
        photo_id = row.photo_id or shown_by.get(row.venue_id)
        if photo_id is not None:
            said[row.user_id].ratings.append(
                RatedPhoto(photo_id, row.rating, row.rated_at, of_venue=row.photo_id is None)
            )
    statements = {
        person.user_id: combined(
            said[person.user_id].pins,
            said[person.user_id].ratings,
            NEUTRAL if person.rating_tau is None else person.rating_tau,
        )
        for person in people
    }
    never: defaultdict[uuid.UUID, list[str]] = defaultdict(list)
    for row in rated:
        if row.rating == NEVER and row.venue_id is not None:
            never[row.user_id].append(str(row.venue_id))
    vector_of = _vectors(connection, space_id, {one.photo_id for each in statements.values() for one in each})
    return [
        _inputs(
            person,
            [one for one in statements[person.user_id] if one.photo_id in vector_of],
            vector_of,
            sorted(never[person.user_id]),
        )
        for person in people
    ]


def _inputs(
    person: Any,
    statements: Sequence[Statement],
    vector_of: Mapping[str, NDArray[np.float32]],
    never: Sequence[str],
) -> TasteInputs:
    vectors = np.array([vector_of[one.photo_id] for one in statements], dtype=np.float32)
    words = (person.preference_text or "").strip()
    return TasteInputs(person.user_id, person.taste_version, words, tuple(statements), vectors, tuple(never))


def _vectors(connection: Connection, space_id: str, photo_ids: set[str]) -> dict[str, NDArray[np.float32]]:
    found = photo_vectors(connection, space_id, sorted(photo_ids))
    return dict(zip(found.photo_ids, found.matrix, strict=True))


def _medoid_photos(connection: Connection, space_id: str, venue_ids: set[uuid.UUID]) -> dict[uuid.UUID, str]:
    """The photo nearest the middle of each venue's photos; venues without a vector are left out."""
    if not venue_ids:
        return {}
    shown: defaultdict[uuid.UUID, list[str]] = defaultdict(list)
    query = select(venue_photos.c.venue_id, venue_photos.c.photo_id).distinct()
    for row in connection.execute(query.where(venue_photos.c.venue_id == any_(literal(list(venue_ids), ARRAY(Uuid))))):
        shown[row.venue_id].append(row.photo_id)
    vector_of = _vectors(connection, space_id, {photo_id for each in shown.values() for photo_id in each})
    medoids = {}
    for venue_id, photo_ids in shown.items():
        embedded = sorted(photo_id for photo_id in photo_ids if photo_id in vector_of)
        if embedded:
            rows = unit_rows(np.stack([vector_of[photo_id] for photo_id in embedded]))
            medoids[venue_id] = embedded[medoid(rows)]
    return medoids
