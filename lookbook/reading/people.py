"""Who somebody is, and how current what we know of them is."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from pydantic import BaseModel, Field
from sqlalchemy import Connection, text

from lookbook.wording import name_of


class Person(BaseModel):
    """A person of `serving.people`, with their line of `serving.freshness`."""

    user_id: uuid.UUID
    handle: str
    preferences: dict[str, Any] = Field(description="What they ask of a venue besides its looks.")
    preference_text: str | None = Field(description="What they say they like, in their own words.")
    shares_taste: bool = Field(description="Whether others may be told that they share this taste.")
    treatment: str | None = Field(description="What was made of their pins; null before the first look.")
    board_count: int
    pin_count: int
    rating_count: int
    taste_is_current: bool = Field(description="False while something they pinned or rated is not yet in their tastes.")
    clustered_at: datetime | None
    list_is_current: bool = Field(description="False while their list is behind their tastes or wishes.")
    list_kind: str | None = Field(description="taste, words or curated; null before the first list.")
    list_generated_at: datetime | None

    @property
    def name(self) -> str:
        """Their handle as a name."""
        return name_of(self.handle)

    @property
    def version(self) -> str:
        """Changes when tastes or list were made anew, or somebody's ratings wait to be looked at."""
        made = [moment.isoformat() if moment else "-" for moment in (self.clustered_at, self.list_generated_at)]
        return "/".join([*made, f"{self.taste_is_current:d}{self.list_is_current:d}"])


_PEOPLE: Final = """
    SELECT user_id, handle, preferences, preference_text, shares_taste, treatment, board_count, pin_count, rating_count,
        taste_is_current, clustered_at, list_is_current, list_kind, list_generated_at
    FROM serving.people JOIN serving.freshness USING (user_id)
"""
_ONE: Final = text(f"{_PEOPLE} WHERE user_id = :user_id")
_BY_HANDLE: Final = text(f"{_PEOPLE} WHERE handle = :handle")
_ALL: Final = text(f"{_PEOPLE} WHERE handle > :after ORDER BY handle LIMIT :most")


def find_person(connection: Connection, user_id: uuid.UUID) -> Person | None:
    """One person; None for nobody, and for somebody who was forgotten."""
    row = connection.execute(_ONE, {"user_id": user_id}).mappings().one_or_none()
    return None if row is None else Person.model_validate(dict(row))


def find_handle(connection: Connection, handle: str) -> Person | None:
    """One person by their handle."""
    row = connection.execute(_BY_HANDLE, {"handle": handle}).mappings().one_or_none()
    return None if row is None else Person.model_validate(dict(row))


def list_people(connection: Connection, most: int, *, after: str = "") -> Sequence[Person]:
    """Everybody in order of their handles, at most so many, from the one after this handle on."""
    rows = connection.execute(_ALL, {"most": most, "after": after}).mappings()
    return [Person.model_validate(dict(row)) for row in rows]
