"""People with a similar taste. Who shares their own is told of others who share theirs, and nobody else."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Final

from pydantic import BaseModel, Field
from sqlalchemy import Connection, text


class SharedTaste(BaseModel):
    """One taste of a person, and the other's that is nearest to it."""

    label: str | None
    weight: float = Field(description="Share of the person's taste, 0 to 1.")
    other_label: str | None
    similarity: float = Field(description="Cosine similarity of the two tastes.")


class Alike(BaseModel):
    """Somebody whose taste is similar."""

    rank: int
    other_user_id: uuid.UUID
    other_handle: str
    score: float = Field(description="Comparable within one list only.")
    matches: list[SharedTaste] = Field(description="The most telling first.")

    @property
    def shared(self) -> list[str]:
        """The names of tastes that both have, each once."""
        same = [match.label for match in self.matches if match.label == match.other_label]
        return list(dict.fromkeys(label for label in same if label not in (None, "unnamed")))


_ALIKE: Final = text(
    """
    SELECT rank, other_user_id, other_handle, score, matches FROM serving.taste_matches
    WHERE user_id = :user_id AND rank <= :most ORDER BY rank
    """
)


def list_alike(connection: Connection, user_id: uuid.UUID, *, most: int) -> Sequence[Alike]:
    """The people most similar to somebody, at most so many; nobody for who does not share their taste."""
    rows = connection.execute(_ALIKE, {"user_id": user_id, "most": most}).mappings()
    return [Alike.model_validate(dict(row)) for row in rows]
