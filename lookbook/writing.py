"""What a person may change here, through the functions that `serving` has for it."""

from __future__ import annotations

import uuid
from typing import Final

from psycopg.errors import InvalidParameterValue, NoDataFound
from sqlalchemy import Engine, Uuid, bindparam, text
from sqlalchemy.exc import DBAPIError

_RATE: Final = text("SELECT serving.rate(:person, :stars, :venue, :photo)").bindparams(bindparam("venue", type_=Uuid))
_SHARE: Final = text("SELECT serving.share_taste(:person, :shares)")
_KEEP: Final = text("SELECT serving.keep_conversation(:person, CAST(:spoken AS json))")
_KEPT: Final = text("SELECT CAST(serving.kept_conversation(:person) AS text)")


class NotServedError(LookupError):
    """The person, venue or photograph is none that is served (any more)."""


class RatingRefusedError(ValueError):
    """A rating beyond 0 to 5, or not of one venue or one photograph."""


def rate(
    writer: Engine, user_id: uuid.UUID, stars: int | None, *, venue_id: uuid.UUID | None = None,
    photo_id: str | None = None,
) -> None:  # fmt: skip
    """Store what somebody thinks of a venue or a photograph; the next run finds their tastes again.

    Args:
        writer: engine of the role that may call the function.
        user_id: who rates.
        stars: 0 (never) to 5 (this one); None takes the rating back.
        venue_id: what is rated,
        photo_id: or this.

    Raises:
        RatingRefusedError: stars beyond 0 to 5, or not one subject.
        NotServedError: no such person, venue or photograph.
    """
    _call(writer, _RATE, person=user_id, stars=stars, venue=venue_id, photo=photo_id)


def share_taste(writer: Engine, user_id: uuid.UUID, *, shares: bool) -> None:
    """Store whether others may be told that they share this person's taste.

    Raises:
        NotServedError: no such person.
    """
    _call(writer, _SHARE, person=user_id, shares=shares)


def keep_conversation(writer: Engine, user_id: uuid.UUID, spoken: str | None) -> None:
    """Keep a conversation as JSON in place of the one before; None for none.

    Raises:
        NotServedError: no such person.
    """
    _call(writer, _KEEP, person=user_id, spoken=spoken)


def kept_conversation(writer: Engine, user_id: uuid.UUID) -> str | None:
    """The JSON of somebody's conversation; None where nothing is kept.

    Args:
        writer: engine of the role that may call the function: readers may not read what others say.
        user_id: whose.
    """
    with writer.connect() as connection:
        found: str | None = connection.scalar(_KEPT, {"person": user_id})
    return found


def _call(writer: Engine, function: object, **values: object) -> None:
    try:
        with writer.begin() as connection:
            connection.execute(function, values)  # type: ignore[call-overload]
    except DBAPIError as error:
        if isinstance(error.orig, NoDataFound):
            raise NotServedError(error.orig.diag.message_primary) from error
        if isinstance(error.orig, InvalidParameterValue):
            raise RatingRefusedError(error.orig.diag.message_primary) from error
        raise
