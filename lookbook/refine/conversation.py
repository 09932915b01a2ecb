"""A conversation: what was said turn by turn, what was understood of it, and what of that stands.

A conversation is a list of events and never altered: saying, removing, editing and answering append one, undoing takes
the last one away. It survives JSON (`model_dump_json`, `model_validate_json`), so an app can keep it wherever it likes.
Understanding is the interpreters' business.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Annotated, Final, Literal, Self

from pydantic import BaseModel, ConfigDict, Field

from lookbook.refine.asks import MAX_WORDS, Ask, Kind, Strength
from lookbook.refine.refinement import Refinement, refinement_of
from lookbook.refine.wording import chip_text

MAX_TEXT: Final = 500
"""Characters of one turn. What is longer is cut, and the app should say so."""
MAX_EVENTS: Final = 200
MAX_CHIPS: Final = 40
"""Things understood in one turn."""

_Shown = Annotated[str, Field(max_length=MAX_TEXT)]
_Id = Annotated[str, Field(pattern=r"^\d{1,6}\.q?\d{1,6}$")]
"""Number of the event and place in it; interpreters number from 0.0 (questions from 0.q0)."""


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Chip(_Value):
    """One thing that was understood, to be shown, edited or removed.

    Attributes:
        id: unique in the conversation, and the same after an edit.
        ask: what it asks of search.
        said: the person's words that it was read from; empty when it does not come from words.
        note: what was assumed, such as a currency that was not named; empty mostly.
    """

    id: _Id
    ask: Ask
    said: _Shown = ""
    note: _Shown = ""

    @property
    def text(self) -> str:
        """What stands on the chip."""
        return chip_text(self.ask)

    @property
    def kind(self) -> Kind:
        """Of the ask."""
        return self.ask.kind

    @property
    def strength(self) -> Strength | None:
        """How firmly it is asked; None where that means nothing (tastes, examples, descriptions)."""
        return getattr(self.ask, "strength", None)

    @property
    def must(self) -> bool:
        """Whether venues that do not say are left out."""
        return self.strength == "must"


class Option(_Value):
    """One possible answer: choosing it is saying `ask`."""

    text: Annotated[str, Field(max_length=MAX_WORDS)]
    ask: Ask


class Question(_Value):
    """Something that could be meant in several ways."""

    id: _Id
    text: _Shown
    options: Annotated[tuple[Option, ...], Field(min_length=1, max_length=8)]
    said: _Shown = ""


class Interpretation(_Value):
    """What an interpreter made of one turn.

    Attributes:
        chips: what was understood.
        not_understood: the words that were not, in their order; say them.
        questions: what to ask back.
        dropped: kinds, or slots of asks, of which nothing shall stand any longer ("any budget will do").
        start_over: whether everything shall go.
        undo: whether the last change shall be taken back.
        interpreter: who read it: `rules`, or a language model's `kind:name`.
        trouble: why a language model gave nothing usable; empty otherwise.
    """

    chips: Annotated[tuple[Chip, ...], Field(max_length=MAX_CHIPS)] = ()
    not_understood: Annotated[tuple[_Shown, ...], Field(max_length=MAX_CHIPS)] = ()
    questions: Annotated[tuple[Question, ...], Field(max_length=8)] = ()
    dropped: Annotated[tuple[_Shown, ...], Field(max_length=MAX_CHIPS)] = ()
    start_over: bool = False
    undo: bool = False
    interpreter: Annotated[str, Field(max_length=200)] = "rules"
    trouble: _Shown = ""

    def refinement(self) -> Refinement:
        """What this turn alone asks."""
        return refinement_of(chip.ask for chip in self.chips)


class Said(_Value):
    """A turn."""

    event: Literal["said"] = "said"
    text: _Shown
    read: Interpretation


class Removed(_Value):
    """A chip was taken away."""

    event: Literal["removed"] = "removed"
    chip_id: str


class Changed(_Value):
    """A chip was edited, or one was added by hand."""

    event: Literal["changed"] = "changed"
    chip: Chip


class Answered(_Value):
    """A question was answered; `chip` is None when it was put aside."""

    event: Literal["answered"] = "answered"
    question_id: str
    chip: Chip | None = None


Event = Annotated[Said | Removed | Changed | Answered, Field(discriminator="event")]


class Conversation(_Value):
    """See the module's docstring. Every method that changes something returns another conversation."""

    events: Annotated[tuple[Event, ...], Field(max_length=MAX_EVENTS)] = ()

    def said(self, text: str, read: Interpretation) -> Self:
        """With one more turn. "Undo", said in words, undoes."""
        if read.undo:
            return self.undo()
        prefix = f"{self._next_number()}"
        chips = tuple(chip.model_copy(update={"id": f"{prefix}.{n}"}) for n, chip in enumerate(read.chips))
        asked = tuple(one.model_copy(update={"id": f"{prefix}.q{n}"}) for n, one in enumerate(read.questions))
        numbered = read.model_copy(update={"chips": chips, "questions": asked})
        return self._with(Said(text=text[:MAX_TEXT], read=numbered))

    def without(self, chip_id: str) -> Self:
        """Without one chip; the same conversation where there is none of that id."""
        return self._with(Removed(chip_id=chip_id)) if self.chip(chip_id) else self

    def changed(self, chip_id: str, ask: Ask) -> Self:
        """With another ask on a chip; the same conversation where there is none of that id."""
        chip = self.chip(chip_id)
        return self if chip is None else self._with(Changed(chip=chip.model_copy(update={"ask": ask, "note": ""})))

    def with_strength(self, chip_id: str, strength: Strength) -> Self:
        """With a chip asked more or less firmly; the same where there is none, or firmness means nothing for it."""
        chip = self.chip(chip_id)
        if chip is None or chip.strength is None:
            return self
        return self.changed(chip_id, chip.ask.model_copy(update={"strength": strength}))

    def asking(self, ask: Ask, said: str = "") -> Self:
        """With a chip made by hand: a slider moved, "more like this" pressed, a stored preference."""
        return self._with(Changed(chip=Chip(id=f"{self._next_number()}.0", ask=ask, said=said)))

    def answered(self, question_id: str, option: int | None) -> Self:
        """With an open question answered by its option of this number, or put aside; unknown ones change nothing."""
        asked = next((one for one in self.questions() if one.id == question_id), None)
        if asked is None or (option is not None and not 0 <= option < len(asked.options)):
            return self
        if option is None:
            return self._with(Answered(question_id=question_id))
        chosen = asked.options[option]
        which = "" if chosen.text == chip_text(chosen.ask) else chosen.text
        chip = Chip(id=f"{self._next_number()}.0", ask=chosen.ask, said=asked.said, note=which)
        return self._with(Answered(question_id=question_id, chip=chip))

    def undo(self) -> Self:
        """Without the last event; an empty conversation stays empty."""
        return self.model_copy(update={"events": self.events[:-1]})

    def chips(self) -> tuple[Chip, ...]:
        """What stands, in the order it was said; of two chips about the same thing the later one."""
        standing: dict[str, Chip] = {}
        for event in self.events:
            _apply(standing, event)
        kept = set(refinement_of(chip.ask for chip in standing.values()).asks())
        return tuple(chip for chip in standing.values() if chip.ask in kept)

    def chip(self, chip_id: str) -> Chip | None:
        """The standing chip of this id."""
        return next((chip for chip in self.chips() if chip.id == chip_id), None)

    def refinement(self) -> Refinement:
        """What stands, for search."""
        return refinement_of(chip.ask for chip in self.chips())

    def questions(self) -> tuple[Question, ...]:
        """What was asked back in the last turn and has not been answered."""
        last = self._last_turn()
        done = {event.question_id for event in self.events if isinstance(event, Answered)}
        return () if last is None else tuple(one for one in last.read.questions if one.id not in done)

    def not_understood(self) -> tuple[str, ...]:
        """The words of the last turn that were not understood."""
        last = self._last_turn()
        return () if last is None else last.read.not_understood

    def turns(self) -> tuple[Said, ...]:
        """What was said."""
        return tuple(event for event in self.events if isinstance(event, Said))

    def _last_turn(self) -> Said | None:
        turns = self.turns()
        return turns[-1] if turns else None

    def _next_number(self) -> int:
        """Greater than the number of every event there is, the shortened beginning included."""
        numbers = [int(chip.id.partition(".")[0]) for event in self.events for chip in _chips_of(event)]
        asked = [int(one.id.partition(".")[0]) for turn in self.turns() for one in turn.read.questions]
        return max([len(self.events), *numbers, *asked], default=0) + 1

    def _with(self, event: Said | Removed | Changed | Answered) -> Self:
        if len(self.events) < MAX_EVENTS:
            return self.model_copy(update={"events": (*self.events, event)})
        # What stands is carried over; how it came about is forgotten.
        carried = tuple(Changed(chip=chip) for chip in self.chips())
        return self.model_copy(update={"events": (*carried, event)})


def _chips_of(event: Said | Removed | Changed | Answered) -> Sequence[Chip]:
    if isinstance(event, Said):
        return event.read.chips
    if isinstance(event, Removed):
        return ()
    return () if event.chip is None else (event.chip,)


def _apply(standing: dict[str, Chip], event: Said | Removed | Changed | Answered) -> None:
    if isinstance(event, Removed):
        standing.pop(event.chip_id, None)
        return
    if isinstance(event, Said):
        gone = set(standing) if event.read.start_over else _dropped(standing.values(), event.read.dropped)
        for chip_id in gone:
            del standing[chip_id]
    for chip in _chips_of(event):
        same = {other.id for other in standing.values() if other.ask.slot == chip.ask.slot and other.id != chip.id}
        for chip_id in same:
            del standing[chip_id]
        standing[chip.id] = chip  # an edited chip keeps its place


def _dropped(chips: Iterable[Chip], gone: Sequence[str]) -> set[str]:
    return {chip.id for chip in chips if chip.kind in gone or chip.ask.slot in gone}
