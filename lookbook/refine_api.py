"""The conversation as JSON. Nothing is kept here: the caller sends it along and gets the next one back."""

from __future__ import annotations

import uuid
from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from lookbook.reading.venues import Venue, venue_cards
from lookbook.refine import Conversation, Question, Refined
from lookbook.refine_pages import Talking
from lookbook.talk import Step
from lookbook.web import Asking, Book, seen

router = APIRouter(prefix="/api", tags=["refine"])


class Asked(BaseModel):
    """A conversation so far, and one step more."""

    model_config = ConfigDict(extra="forbid")

    conversation: Conversation | None = Field(default=None, description="As it was answered; null begins one.")
    step: Step | None = Field(default=None, description="Null only searches again.")


class ShownChip(BaseModel):
    """Something that was understood and stands."""

    id: str
    text: str
    strength: str | None
    said: str = Field(description="The words that it was read from.")
    note: str = Field(description="What was assumed.")
    ask: dict[str, Any] = Field(description="Its value, for a `change` step.")


class Told(BaseModel):
    """The conversation after the step, and the venues for what stands."""

    conversation: Conversation
    chips: list[ShownChip]
    not_understood: list[str]
    questions: list[Question]
    found: Refined
    venues: dict[uuid.UUID, Venue] = Field(description="The cards of the venues found.")


@router.post("/people/{user_id}/refine")
def refine(book: Book, visitor: Asking, talks: Talking, user_id: uuid.UUID, asked: Asked) -> Told:
    """Take one step in a conversation and search."""
    with book.reading() as connection:
        person = seen(connection, visitor, user_id)
    talk = asked.conversation if asked.conversation is not None else talks.beginning(person)
    if asked.step is not None:
        talk = talks.after(talk, person, asked.step)
    found = talks.search(person, talk)
    with book.reading() as connection:
        venues = venue_cards(connection, person, [row.venue_id for row in found.rows])
    return Told(
        conversation=talk, not_understood=list(talk.not_understood()), questions=list(talk.questions()), found=found,
        venues=venues, chips=[
            ShownChip(id=chip.id, text=chip.text, strength=chip.strength, said=chip.said, note=chip.note,
                      ask=chip.ask.model_dump(mode="json"))
            for chip in talk.chips()
        ],
    )  # fmt: skip
