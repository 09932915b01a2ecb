"""Ratings 0-5 of venues and photographs, one by one or from a list. The table `ratings` is the source of taste itself.

Other programs may write that table as well: the database counts the change whoever makes it.
"""

from __future__ import annotations

import csv
import io
import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

from sqlalchemy import ColumnElement, Connection, func, or_, select
from sqlalchemy.dialects.postgresql import insert

from resources.errors import SetupError
from resources.identity import venue_id
from resources.schema import photos, ratings, venues

_PHOTO_ID: Final = re.compile(r"[0-9a-f]{64}")
_SUBJECTS: Final = ("venue", "photo", "subject")


class RatingError(ValueError):
    """A rating that cannot be stored: of nothing we know, or no number from 0 to 5."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What is rated: a venue or a photograph."""

    venue_id: uuid.UUID | None = None
    photo_id: str | None = None


@dataclass(slots=True)
class Imported:
    """What importing a list did: rows written, rows that were there already, and lines refused with the reason."""

    written: int = 0
    unchanged: int = 0
    refused: list[tuple[int, str]] = field(default_factory=list)


def find_subject(connection: Connection, named: str) -> Subject:
    """A photograph by its id, or a venue by its id, its site's address or its name.

    Raises:
        RatingError: there is none, or several of that name.
    """
    text = named.strip()
    if _PHOTO_ID.fullmatch(text):
        if connection.scalar(select(photos.c.photo_id).where(photos.c.photo_id == text)) is None:
            raise RatingError(f"there is no photograph {text}")
        return Subject(photo_id=text)
    matches = [func.lower(venues.c.name) == text.lower(), *_by_id(text)]
    found = list(connection.scalars(select(venues.c.venue_id).where(or_(*matches)).limit(2)))
    if len(found) != 1:
        raise RatingError(f"{'several venues are' if found else 'no venue is'} called {text!r}")
    return Subject(venue_id=found[0])


def _by_id(text: str) -> list[ColumnElement[bool]]:
    ids = []
    for read in (uuid.UUID, venue_id):
        try:
            ids.append(read(text))
        except ValueError:
            continue
    return [venues.c.venue_id == identifier for identifier in ids]


def rate(
    connection: Connection, user_id: uuid.UUID, subject: Subject, rating: int, rated_at: datetime | None = None
) -> bool:
    """Store a rating in place of an earlier one of the same subject; whether anything was written.

    Args:
        connection: inside a transaction.
        user_id: who rates.
        subject: what.
        rating: 0 to 5.
        rated_at: when; None is now, and leaves an equal rating with its time.

    Raises:
        RatingError: the rating is not from 0 to 5.
    """
    if not 0 <= rating <= 5:
        raise RatingError(f"a rating goes from 0 to 5, not {rating}")
    row = {"user_id": user_id, "venue_id": subject.venue_id, "photo_id": subject.photo_id, "rating": rating}
    differs = ratings.c.rating != rating
    if rated_at is not None:
        differs = or_(differs, ratings.c.rated_at != rated_at)
    new = insert(ratings).values(**row, rated_at=rated_at or datetime.now(UTC))
    stored = new.on_conflict_do_update(
        index_elements=["user_id", "photo_id", "venue_id"],
        set_={"rating": new.excluded.rating, "rated_at": new.excluded.rated_at},
        where=differs,
    )
    return connection.scalar(stored.returning(ratings.c.user_id)) is not None


def import_ratings(connection: Connection, user_id: uuid.UUID, location: str) -> Imported:
    """Store the ratings of a CSV file: `venue`, `photo` or `subject`; `rating`; where known, `rated_at` (ISO 8601).

    Ratings that the file does not name stay.

    Args:
        connection: inside a transaction.
        user_id: whose ratings they are.
        location: a path or any fsspec URL.

    Raises:
        SetupError: the file cannot be read, or lacks a column.
    """
    imported = Imported()
    for number, line in enumerate(_lines(location), 2):
        try:
            written = _import_line(connection, user_id, line)
        except RatingError as error:
            imported.refused.append((number, str(error)))
            continue
        imported.written += written
        imported.unchanged += not written
    return imported


def _lines(location: str) -> list[dict[str, str]]:
    import fsspec

    remedy = "give a CSV file with the columns venue (or photo, or subject), rating and, where known, rated_at"
    try:
        with fsspec.open(location, "rb") as file:
            text = file.read().decode("utf-8-sig")
    except (OSError, ValueError, ImportError) as error:
        raise SetupError(f"the ratings {location} cannot be read: {error}", remedy) from error
    reader = csv.DictReader(io.StringIO(text))
    columns = reader.fieldnames or ()
    if "rating" not in columns or not set(_SUBJECTS) & set(columns):
        raise SetupError(f"the ratings {location} have the columns {', '.join(columns) or 'none'}", remedy)
    return list(reader)


def _import_line(connection: Connection, user_id: uuid.UUID, line: Mapping[str, str | None]) -> bool:
    named = next((line[name] for name in _SUBJECTS if line.get(name)), None)
    if not named:
        raise RatingError("it names no venue and no photograph")
    try:
        rating = int(line.get("rating") or "")
    except ValueError as error:
        raise RatingError(f"{line.get('rating')!r} is no rating from 0 to 5") from error
    said = line.get("rated_at")
    try:
        rated_at = datetime.fromisoformat(said) if said else None
    except ValueError as error:
        raise RatingError(f"{said!r} is no time") from error
    if rated_at is not None and rated_at.tzinfo is None:
        rated_at = rated_at.replace(tzinfo=UTC)
    return rate(connection, user_id, find_subject(connection, named), rating, rated_at)
