"""Conversations as the app keeps them: what one may do in a conversation, doing it, and searching for what stands.

Pages and the API both speak of steps (`Step`); what is understood and found is `lookbook.refine`'s business.
"""

from __future__ import annotations

import logging
import time
import uuid
from collections.abc import Collection
from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from lookbook.reading.people import Person
from lookbook.refine import (
    Ask,
    Catalogue,
    Context,
    Conversation,
    Interpreter,
    LookAsk,
    QueryEncoders,
    Refined,
    Refinement,
    Strength,
    catalogue_of,
    interpreter_from_settings,
    profile_conversation,
    refine,
    shown_venues,
)
from lookbook.refine.profile import current_spaces
from lookbook.warming import SlowPart
from lookbook.web import Lookbook
from lookbook.writing import keep_conversation, kept_conversation
from resources.encoders.load import text_encoder
from resources.settings import Settings

FOUND: Final = 24
"""Venues of an answer."""

RULES: Final = "rules"
"""Label of the interpreter without a model."""

_log: Final = logging.getLogger(__name__)
_CATALOGUE_S: Final = 300.0
_NOBODY: Final = uuid.UUID(int=0)


class _Step(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Say(_Step):
    """Say something; `shown` is the list on the screen, so that "the first one" is understood."""

    do: Literal["say"] = "say"
    text: Annotated[str, Field(min_length=1, max_length=500)]
    shown: Annotated[tuple[uuid.UUID, ...], Field(max_length=100)] = ()


class Remove(_Step):
    """Take one chip away."""

    do: Literal["remove"] = "remove"
    chip_id: Annotated[str, Field(max_length=20)]


class Firm(_Step):
    """Ask for a chip's matter more or less firmly."""

    do: Literal["firm"] = "firm"
    chip_id: Annotated[str, Field(max_length=20)]
    strength: Strength


class Change(_Step):
    """Put another value on a chip."""

    do: Literal["change"] = "change"
    chip_id: Annotated[str, Field(max_length=20)]
    ask: Ask


class Add(_Step):
    """Ask for something without words: more like this one, more of this taste."""

    do: Literal["add"] = "add"
    ask: Ask


class Answer(_Step):
    """Answer a question by its option of this number; null puts it aside."""

    do: Literal["answer"] = "answer"
    question_id: Annotated[str, Field(max_length=20)]
    option: Annotated[int, Field(ge=0, le=7)] | None = None


class Undo(_Step):
    """Take the last step back."""

    do: Literal["undo"] = "undo"


class StartOver(_Step):
    """Begin again, with what the person asks for in any case."""

    do: Literal["start_over"] = "start_over"


Step = Annotated[Say | Remove | Firm | Change | Add | Answer | Undo | StartOver, Field(discriminator="do")]


class Talks:
    """Conversations of many people, kept in the database: they outlive the process, and several may serve one person.

    Args:
        book: for reading.
        settings: say which interpreter and encoders.

    Raises:
        SetupError: LANGUAGE_MODEL names nothing that can be asked.
    """

    def __init__(self, book: Lookbook, settings: Settings) -> None:
        self._book = book
        self._settings = settings
        self._interpreter: Interpreter = interpreter_from_settings(settings)
        self._encoders = QueryEncoders(settings)
        self._catalogue: tuple[Catalogue, float] | None = None

    def slow_parts(self) -> tuple[SlowPart, ...]:
        """What takes seconds the first time, for loading it before the first visitor asks."""
        return (
            ("gazetteer", self._read_something), ("image encoder", self._look_for_something),
            ("text encoder", self._encode_a_description),
        )  # fmt: skip

    def _read_something(self) -> None:
        catalogue = self._known()
        if self._interpreter.label == RULES:  # a language model would be asked, and paid
            # A town that is not spelt right: all others are looked through.
            self._interpreter.read("within 10 miles of Viena", Context(catalogue))

    def _look_for_something(self) -> None:
        if "image" in self._searched():
            # A whole search: its statements are built, and the database has read some of the index, too.
            garden = Refinement(looks=(LookAsk(words="a garden"),))
            with self._book.reading() as connection:
                refine(connection, _NOBODY, garden, self._encoders)

    def _encode_a_description(self) -> None:
        if "text" in self._searched():
            self._encoders.descriptions(("quiet",), text_encoder(self._settings).space)

    def _searched(self) -> Collection[str]:
        """What there are vectors of: where there are none, weights of a gigabyte need not be fetched yet."""
        with self._book.reading() as connection:
            return current_spaces(connection)

    def of(self, person: Person) -> Conversation:
        """Somebody's conversation; at first what they ask for in any case."""
        kept = kept_conversation(self._book.doors.writer, person.user_id)
        if kept is not None:
            try:
                return Conversation.model_validate_json(kept)
            except ValidationError as error:
                # Written by another release, or by another app: theirs is replaced only when the person goes on here.
                # How many faults, not which: those repeat what the person said.
                _log.warning("a kept conversation cannot be read and begins anew: %d faults", error.error_count())
        return self.beginning(person)

    def beginning(self, person: Person) -> Conversation:
        """What somebody asks for in any case."""
        return profile_conversation(person.preferences)

    def take(self, person: Person, step: Step) -> Conversation:
        """Their conversation after one more step, kept."""
        talk = self.after(self.of(person), person, step)
        spoken = None if talk == self.beginning(person) else talk.model_dump_json()
        keep_conversation(self._book.doors.writer, person.user_id, spoken)
        return talk

    def after(self, talk: Conversation, person: Person, step: Step) -> Conversation:
        """Any conversation after one more step; what names a chip or question that is not there changes nothing."""
        match step:
            case Say():
                return self._said(talk, person, step)
            case Remove():
                return talk.without(step.chip_id)
            case Firm():
                return talk.with_strength(step.chip_id, step.strength)
            case Change():
                return talk.changed(step.chip_id, step.ask)
            case Add():
                return talk.asking(step.ask)
            case Answer():
                return talk.answered(step.question_id, step.option)
            case Undo():
                # What the person asks for in any case is not a step.
                return talk.undo() if len(talk.events) > len(self.beginning(person).events) else talk
            case StartOver():
                return self.beginning(person)

    def search(self, person: Person, talk: Conversation) -> Refined:
        """The venues for what stands."""
        with self._book.reading() as connection:
            return refine(connection, person.user_id, talk.refinement(), self._encoders, limit=FOUND)

    def _said(self, talk: Conversation, person: Person, step: Say) -> Conversation:
        catalogue = self._known()
        context = Context(catalogue, shown_venues(catalogue, step.shown), talk.refinement())
        read = self._interpreter.read(step.text, context)
        if read.undo:
            return self.after(talk, person, Undo())
        if read.start_over:
            afresh = self.beginning(person)
            return afresh.said(step.text, read.model_copy(update={"start_over": False})) if read.chips else afresh
        return talk.said(step.text, read)

    def _known(self) -> Catalogue:
        now = time.monotonic()
        if self._catalogue is None or now - self._catalogue[1] > _CATALOGUE_S:
            with self._book.reading() as connection:
                self._catalogue = (catalogue_of(connection), now)
        return self._catalogue[0]
