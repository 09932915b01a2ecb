"""A person's stored preferences (`serving.people.preferences`) as the beginning of a conversation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from lookbook.refine.asks import AmenityAsk, Ask, BudgetAsk, GuestsAsk, PlaceAsk, SettingAsk, Strength
from lookbook.refine.conversation import Conversation

FROM_PROFILE: Final = "your preferences"
"""What chips that were not said in words carry as `said`."""


def profile_conversation(preferences: Mapping[str, Any]) -> Conversation:
    """A conversation in which the stored wishes stand as chips, as firm as the stored lists take them.

    Keys are those of docs/serving.md; what does not fit them is left aside, as the lists leave it.
    """
    conversation = Conversation()
    try:
        asks = list(_asks(preferences))
    except (KeyError, TypeError, ValueError):  # the lists leave such preferences aside as a whole, too
        return conversation
    for ask in asks:
        conversation = conversation.asking(ask, said=FROM_PROFILE)
    return conversation


def _asks(stored: Mapping[str, Any]) -> Iterator[Ask]:
    must = frozenset(stored.get("must") or ())

    def strength(wish: str) -> Strength:
        return "must" if wish in must else "want"

    if stored.get("guests") is not None:
        yield GuestsAsk(least=stored["guests"], most=stored["guests"], strength=strength("guests"))
    if stored.get("budget_max") is not None:
        yield BudgetAsk(amount=stored["budget_max"], currency=stored["currency"], strength=strength("budget"))
    if stored.get("max_distance_km") is not None:
        yield PlaceAsk(
            name=stored.get("near") or "your place", lat=stored["lat"], lon=stored["lon"],
            km=stored["max_distance_km"], strength=strength("distance"),
        )  # fmt: skip
    if stored.get("setting") is not None:
        yield SettingAsk(setting=stored["setting"], strength=strength("setting"))
    for word in stored.get("amenities") or ():
        yield AmenityAsk(word=word, strength=strength("amenities"))
