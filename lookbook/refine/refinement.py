"""All that a conversation asks for at present, as search takes it. A value; how it came about is in `conversation`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Annotated, Final, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from lookbook.refine.asks import (
    AmenityAsk,
    Ask,
    BudgetAsk,
    CountryAsk,
    GuestsAsk,
    LikeAsk,
    LookAsk,
    PlaceAsk,
    SettingAsk,
    TasteAsk,
    WordsAsk,
)

AskT = TypeVar("AskT")

MAX_AMENITIES: Final = 32
MAX_LOOKS: Final = 6
MAX_LIKES: Final = 6
MAX_DESCRIPTIONS: Final = 4
MAX_TASTES: Final = 32


class Refinement(BaseModel):
    """What is asked, one field for each kind of thing; None and empty ask nothing. Every list has a bound."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    guests: GuestsAsk | None = None
    budget: BudgetAsk | None = None
    place: PlaceAsk | None = None
    country: CountryAsk | None = None
    setting: SettingAsk | None = None
    amenities: Annotated[tuple[AmenityAsk, ...], Field(max_length=MAX_AMENITIES)] = ()
    looks: Annotated[tuple[LookAsk, ...], Field(max_length=MAX_LOOKS)] = ()
    tastes: Annotated[tuple[TasteAsk, ...], Field(max_length=MAX_TASTES)] = ()
    likes: Annotated[tuple[LikeAsk, ...], Field(max_length=MAX_LIKES)] = ()
    words: Annotated[tuple[WordsAsk, ...], Field(max_length=MAX_DESCRIPTIONS)] = ()

    @property
    def asks_nothing(self) -> bool:
        """Whether this is the person's own list."""
        return self == Refinement()

    def asks(self) -> tuple[Ask, ...]:
        """Everything asked, in the order of the fields."""
        single: tuple[Ask | None, ...] = (self.guests, self.budget, self.place, self.country, self.setting)
        several: tuple[Ask, ...] = (*self.amenities, *self.looks, *self.tastes, *self.likes, *self.words)
        return (*(ask for ask in single if ask is not None), *several)


def refinement_of(asks: Iterable[Ask]) -> Refinement:
    """The asks together: of two about the same thing the later counts; of more than a field holds, the latest."""
    latest: dict[str, Ask] = {}
    for ask in asks:
        latest.pop(ask.slot, None)  # said again is said last
        latest[ask.slot] = ask
    kept = tuple(latest.values())
    return Refinement(
        guests=next(_of(kept, GuestsAsk), None),
        budget=next(_of(kept, BudgetAsk), None),
        place=next(_of(kept, PlaceAsk), None),
        country=next(_of(kept, CountryAsk), None),
        setting=next(_of(kept, SettingAsk), None),
        amenities=tuple(_of(kept, AmenityAsk))[-MAX_AMENITIES:],
        looks=tuple(_of(kept, LookAsk))[-MAX_LOOKS:],
        tastes=tuple(_of(kept, TasteAsk))[-MAX_TASTES:],
        likes=tuple(_of(kept, LikeAsk))[-MAX_LIKES:],
        words=tuple(_of(kept, WordsAsk))[-MAX_DESCRIPTIONS:],
    )


def _of(asks: Iterable[Ask], kind: type[AskT]) -> Iterator[AskT]:
    return (ask for ask in asks if isinstance(ask, kind))
