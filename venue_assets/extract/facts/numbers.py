"""Numbers as venue sites spell them: "1,200", "1.200", "1 200", "1'200", "2,50,000", "3.5k", "two hundred and fifty".

Numbers only: what one counts (guests, money, minutes) is decided by the modules that use them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

_UNITS: Final = {
    "zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16,
    "seventeen": 17, "eighteen": 18, "nineteen": 19,
}  # fmt: skip
_TENS: Final = {
    "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90,
}  # fmt: skip
_UNIT: Final = rf"(?:{'|'.join(sorted(_UNITS, key=len, reverse=True))})"
_TEN: Final = rf"(?:{'|'.join(_TENS)})"
_BELOW_HUNDRED: Final = rf"(?:{_TEN}(?:[ -]{_UNIT})?|{_UNIT})"
_WORDS: Final = rf"(?:a hundred|{_BELOW_HUNDRED} hundred)(?: and {_BELOW_HUNDRED}| {_BELOW_HUNDRED})?|{_BELOW_HUNDRED}"

# The same mark between all groups of three; Indian grouping has twos before the last three.
_GROUPED: Final = (
    r"\d{1,3}(?P<mark>[,.'\u2019\u00a0\u202f\u2009 ])\d{3}(?:(?P=mark)\d{3}){0,2}|\d{1,2}(?:,\d\d){1,3},\d{3}"
)
_DIGITS: Final = rf"(?P<grouped>{_GROUPED})(?![\d])(?P<cents>[.,]\d\d(?!\d))?|(?P<plain>\d{{1,12}}(?:[.,]\d{{1,20}})?)"
_NUMBER: Final = re.compile(
    rf"(?<![\w.,])(?<![a-z]-)(?:{_DIGITS})(?P<scale> ?(?:k|lakhs?|lac|million|mio)\b)?(?!\d)"
    rf"|\b(?P<words>{_WORDS})\b",
    re.IGNORECASE,
)
_SCALES: Final = {"k": 1000, "lakh": 100_000, "lakhs": 100_000, "lac": 100_000, "million": 1_000_000, "mio": 1_000_000}
# "Hall 2 300 guests" has two numbers, "jusqu'à 1 200 personnes" one.
_NUMBERED_THING: Final = re.compile(
    r"\b(?:hall|room|salle|saal|raum|suite|level|floor|option|package|gate|building|unit|no|nr|n°) $", re.IGNORECASE
)

MAX_NUMBERS: Final = 24
"""A statement with more numbers is a table of figures: nothing is read from it."""


@dataclass(frozen=True, slots=True)
class Number:
    """A number in a text, and where: `text[start:end]` spells it. `is_words` for "two hundred"."""

    value: float
    start: int
    end: int
    is_words: bool = False


def numbers_in(text: str) -> Iterator[Number]:
    """The numbers of a text in reading order, each in its likeliest reading.

    A mark before exactly three digits groups thousands ("1.200" is 1200, as no site counts guests or money in
    thousandths); any other point or comma is a decimal one.
    """
    position = 0
    while (found := _NUMBER.search(text, position)) is not None:
        position = found.end()
        if found["words"]:
            yield Number(float(_from_words(found["words"])), found.start(), found.end(), is_words=True)
            continue
        if found["mark"] == " " and _NUMBERED_THING.search(text[max(0, found.start() - 10) : found.start()]):
            first = text[found.start() : found.end()].partition(" ")[0]
            position = found.start() + len(first) + 1
            yield Number(float(first), found.start(), position - 1)
            continue
        yield Number(_value(found), found.start(), found.end())


def readings(text: str) -> frozenset[float]:
    """Every number that somebody could read in the text: "1.200" is 1200 and 1.2, "-33.87" also has its sign."""
    found: set[float] = set()
    for number in numbers_in(text):
        digits = text[number.start : number.end]
        values = {number.value}
        if re.fullmatch(r"\d{1,3}[.,]\d{3}", digits):
            values.add(float(digits.replace(",", ".")))
        if re.search(r"(?<!\w)-$", text[: number.start][-2:]):
            # A dash before whole numbers may be punctuation; before a coordinate it is a sign.
            values = {-value for value in values} | (set() if "." in digits else values)
        found |= values
    return frozenset(found)


def _value(found: re.Match[str]) -> float:
    if found["grouped"]:
        value = float(re.sub(r"\D", "", found["grouped"]))
        if found["cents"]:
            value += int(found["cents"][1:]) / 100
    else:
        value = float(found["plain"].replace(",", "."))
    scale = _SCALES.get((found["scale"] or "").strip().lower(), 1)
    # 3.3 * 1000 is 3299.9999999999995.
    return round(value * scale, 15 if scale == 1 else 2)


def _from_words(words: str) -> int:
    total = 0
    for word in words.lower().replace("-", " ").split():
        if word == "hundred":
            total = max(total, 1) * 100
        elif word not in ("and", "a"):
            total += _UNITS.get(word, 0) + _TENS.get(word, 0)
    return total
