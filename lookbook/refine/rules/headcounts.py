"""Numbers of guests that go by what was said before: "at least 150 but not more than 200", "20 more guests"."""

from __future__ import annotations

import re
from typing import Final

from lookbook.refine.asks import GuestsAsk
from lookbook.refine.rules.page import Found, Page

_AND: Final = r"\s*,?\s*(?:but|and|aber|und|though)?\s*(?:with )?"
_AT_LEAST: Final = r"(?:(?:no|not) (?:less|fewer) than|at least|more than|over|from|min(?:imum)?\.?|mindestens|ab)"
_AT_MOST: Final = (
    r"(?:(?:no|not) more than|nicht mehr als|at (?:the )?most|max(?:imum)?\.?|up to|less than|under|below|not over"
    r"|hochstens|maximal|bis(?: zu)?)"
)
_BOUNDS: Final = tuple(
    (re.compile(rf"(?<!no )(?<!not )\b{first}\s"), re.compile(rf"{_AND}{second}\s*"), is_most)
    for first, second, is_most in ((_AT_LEAST, _AT_MOST, True), (_AT_MOST, _AT_LEAST, False))
)
_PEOPLE: Final = r"(?:guests?|people|persons?|personen|gasten?)"
_MORE: Final = re.compile(
    rf"\s?(?:(?:more|extra|additional|weitere|(?P<fewer>fewer|less|weniger)) {_PEOPLE}"
    rf"|{_PEOPLE} (?:more|extra|mehr|(?P<less>fewer|less|weniger)))\b(?! than| als)"
)
_ANOTHER: Final = re.compile(r"\b(?:another|add|plus|weitere)\s*$")
_ANOTHER_PEOPLE: Final = re.compile(rf"\s?{_PEOPLE}\b")


def range_with_the_last(page: Page, start: int, end: int, number: int) -> Found | None:
    """The range that a number from `start` to `end` makes with the guests said right before it; None where it is none.

    Only where both are said to be bounds: "80 guests, under 150" may be money.

    Raises:
        ValidationError: the bounds contradict each other, or are beyond any number of guests.
    """
    last = page.found[-1] if page.found else None
    if last is None or not isinstance(last.ask, GuestsAsk) or last.end > start:
        return None
    said = page.text[page.segment(last.start)[0] : last.end]
    for first, second, is_most in _BOUNDS:
        if first.search(said) and second.fullmatch(page.text[last.end : start]):
            least, most = (last.ask.least, number) if is_most else (number, last.ask.most)
            return Found(last.start, end, GuestsAsk(least=least, most=most, strength=last.ask.strength))
    return None


def change_of(page: Page, start: int, end: int, number: int) -> tuple[int, int] | None:
    """By how many guests a number from `start` to `end` changes what stands, and where its words end; None: not so."""
    if said := _MORE.match(page.left, end):
        return (-number if said["fewer"] or said["less"] else number), said.end()
    another = _ANOTHER.search(page.left[page.segment(start)[0] : start])
    people = _ANOTHER_PEOPLE.match(page.left, end) if another else None
    return (number, people.end()) if people else None


def changed(standing: GuestsAsk, by: int) -> GuestsAsk:
    """That many more, or fewer.

    Raises:
        ValidationError: nobody would be left.
    """
    return GuestsAsk(least=standing.least + by, most=standing.most + by, strength=standing.strength)
