"""The known word nearest to a misspelt one. Knows no vocabulary of its own."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

_SHORTEST: Final = 5  # shorter words have too many neighbours
_TWO_ERRORS_FROM: Final = 8


def nearest_word(word: str, known: Collection[str]) -> str | None:
    """The only known word within one typing error (two in a long word) that begins alike; None where there is none.

    Errors are those of Damerau's distance: a letter too many, too few, another, or two exchanged. Beginnings are seldom
    mistyped, and without that rule too much becomes something else.
    """
    if len(word) < _SHORTEST or not word.isalpha():
        return None
    allowed = 2 if len(word) >= _TWO_ERRORS_FROM else 1
    best: list[str] = []
    least = allowed + 1
    for other in known:
        if other[:1] != word[:1] or abs(len(other) - len(word)) > allowed or len(other) < _SHORTEST - 1:
            continue
        apart = distance(word, other, min(allowed, least))
        if apart < least:
            best, least = [other], apart
        elif apart == least and apart <= allowed:
            best.append(other)
    return best[0] if len(best) == 1 else None


def distance(one: str, other: str, most: int) -> int:
    """Optimal string alignment distance, or `most` + 1 where it is larger."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for number, letter in enumerate(one, start=1):
        earlier, before = before, row
        row = [number]
        for place, against in enumerate(other, start=1):
            value = min(row[-1] + 1, before[place] + 1, before[place - 1] + (letter != against))
            if number > 1 and place > 1 and letter == other[place - 2] and one[number - 2] == against:
                value = min(value, earlier[place - 2] + 1)
            row.append(value)
        if min(row) > most:
            return most + 1
    return min(row[-1], most + 1)
