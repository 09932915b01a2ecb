"""How many guests a statement says a venue, or one of its rooms, holds. Which claim counts is decided in `merge`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from venue_assets.extract.facts import capacity_words as wording
from venue_assets.extract.facts.money import amounts_in
from venue_assets.extract.facts.numbers import MAX_NUMBERS, numbers_in
from venue_assets.extract.quotes import MAX_GUESTS, MIN_GUESTS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from venue_assets.extract.facts.numbers import Number
    from venue_assets.extract.facts.statements import Statement

CapacityKind = Literal["any", "seated", "standing"]

_GOES_ON: Final = re.compile(r"\s*(?:for|or|and|in|at|with|on)\b")
_NEAR: Final = 70
_SHORT: Final = 9


@dataclass(frozen=True, slots=True)
class CapacityClaim:
    """What one statement says.

    Attributes:
        kind: seated, standing, or any where it does not say.
        low: the least number of guests, or None.
        high: the greatest, or None where only a least is stated.
        is_room: it is about one room or part of the venue.
        arrangement: "ceremony", "evening" and such, or "".
        statement: the evidence.
    """

    kind: CapacityKind
    low: int | None
    high: int | None
    is_room: bool
    arrangement: str
    statement: Statement


def capacity_claims(statement: Statement, venue_name: str = "") -> Iterator[CapacityClaim]:
    """The numbers of guests that a statement claims.

    Args:
        statement: any.
        venue_name: folded; a "Hall" in it makes no statement one about a hall.
    """
    words = statement.value
    if statement.is_elsewhere or wording.PAST.search(statement.words) or wording.SUPPOSED.match(statement.words):
        return
    if wording.NOT_GUESTS.search(f"{statement.label} {words} {statement.heading}"):
        return
    every = list(numbers_in(words))
    if len(every) > MAX_NUMBERS:
        return
    priced = [(amount.start, amount.end) for amount in amounts_in(words)]
    numbers = [
        number
        for number in every
        if number.value.is_integer() and not any(start <= number.start < end for start, end in priced)
    ]
    index, follows_claim = 0, False
    while index < len(numbers):
        low, high, width = _joined(words, numbers, index)
        claim = _claim(statement, low, high, venue_name, is_priced=bool(priced), follows_claim=follows_claim)
        if claim is not None:
            yield claim
            follows_claim = True
        index += width


def _joined(words: str, numbers: list[Number], index: int) -> tuple[Number, Number, int]:
    """The number at `index` as (number, number, 1), or a range with the next one as (low, high, 2)."""
    first = numbers[index]
    if index + 1 < len(numbers):
        second = numbers[index + 1]
        between = words[first.end : second.start]
        is_range = wording.TO.fullmatch(between) is not None
        is_span = (
            wording.AND.fullmatch(between) is not None
            and wording.BETWEEN.search(words[: first.start][-12:]) is not None
        )
        if (is_range or is_span) and first.value < second.value:
            return first, second, 2
    return first, first, 1


def _claim(
    statement: Statement, low: Number, high: Number, venue_name: str, *, is_priced: bool, follows_claim: bool
) -> CapacityClaim | None:
    words = statement.value
    left = re.split(r"[.;!?](?=\s)", words[max(0, low.start - _NEAR) : low.start])[-1]
    right = words[high.end : high.end + _NEAR]
    if not MIN_GUESTS <= low.value <= high.value <= MAX_GUESTS or not may_be_guests(left, right):
        return None
    unit = wording.UNIT.match(right)
    # "300 guests seated for dinner and 450 for a cocktail": the first number vouches for the second.
    is_next = follows_claim and (unit is not None or wording.EVENING.search(left) is not None)
    if not is_next and not _is_capacity(statement, left, right, is_priced=is_priced, has_unit=unit is not None):
        return None
    is_least = low is high and wording.LEAST.search(left) is not None
    is_range = low is not high
    places = " ".join((statement.label, left, right, *statement.headings))
    is_room = statement.is_part or wording.ROOM.search(places.replace(venue_name or "\n", " ")) is not None
    arranged = wording.ARRANGEMENT.search(f"{statement.label} {left[-25:]} {right[:40]}")
    return CapacityClaim(
        kind=_kind(statement, left, right, unit),
        low=int(low.value) if is_range or is_least else None,
        high=None if is_least else int(high.value),
        is_room=is_room and wording.WHOLE.search(f"{left} {right}") is None,
        arrangement=arranged[0] if arranged else "",
        statement=statement,
    )


def may_be_guests(left: str, right: str) -> bool:
    """Whether nothing in the folded words on both sides of a number says that no place holds so many guests.

    The number may count something else, some of the guests, those of a celebration that was, or be denied.
    """
    if wording.OTHER_UNIT.match(right) or wording.DENIED_AFTER.match(right):
        return False
    if wording.AT_MOST.search(left):
        return True
    return not any(pattern.search(left) for pattern in (wording.NOT_WHOLE, wording.HAS_BEEN, wording.DENIED))


def _is_capacity(statement: Statement, left: str, right: str, *, is_priced: bool, has_unit: bool) -> bool:
    """Whether the words on both sides make the number one of guests that fit in."""
    is_labelled = wording.LABEL.search(statement.label) is not None or (
        statement.label == "" and wording.QUESTION.search(statement.heading) is not None
    )
    if is_labelled and wording.LABEL_VALUE.fullmatch(left) is not None:
        return True
    if wording.STRONG.search(left):
        # "Holds 300 candles" counts something else.
        return has_unit or re.match(r"\s*[a-z]{3,}", right) is None or _GOES_ON.match(right) is not None
    if not has_unit or is_priced:
        return False
    if wording.WEAK.search(left) or wording.AT_MOST.search(left):
        return True
    # "4 guests" in a list with "1 bedroom" is who sleeps there.
    return len(statement.value.split()) <= _SHORT and wording.NOT_GUESTS.search(statement.siblings) is None


def _kind(statement: Statement, left: str, right: str, unit: re.Match[str] | None) -> CapacityKind:
    after = right[:45] if unit is None else right[: unit.end() + 30]
    # What follows this number, up to the next one.
    after = re.split(r"\d|\bor\b|\band\b|/|,|\bwith\b", after)[0]
    # "Seated: 120, evening: 200": the label is about the dinner.
    is_evening = wording.EVENING.search(left) is not None or (unit is not None and "evening" in unit[0])
    label = "" if is_evening else statement.label
    for source in (after, label, re.split(r"\d|,|/|\bor\b|\band\b", left)[-1][-_NEAR // 2 :]):
        if wording.STANDING.search(source):
            return "standing"
        if wording.SEATED.search(source):
            return "seated"
    return "any"
