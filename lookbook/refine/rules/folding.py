"""Text in one plain spelling, with the way back to what was typed. Knows no vocabulary."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

_PLAIN: Final = {
    # By number: they look like each other.
    **dict.fromkeys(map(chr, (0x2018, 0x2019, 0x201A, 0x201B, 0x60, 0xB4, 0x2BC)), "'"),
    **dict.fromkeys(map(chr, (0x201C, 0x201D, 0x201E, 0x201F, 0xAB, 0xBB)), '"'),
    **dict.fromkeys(map(chr, (*range(0x2010, 0x2016), 0x2212)), "-"),
    "ø": "o",
    "ł": "l",
    "đ": "d",
    "æ": "ae",
    "œ": "oe",
    "ð": "d",
    "þ": "th",
}


@lru_cache(maxsize=4096)
def _fold(character: str) -> str:
    """A character casefolded, without accents; control characters and every kind of space as one space."""
    if character.isspace() or unicodedata.category(character) in ("Cc", "Cf", "Zs"):
        return " "
    plain = _PLAIN.get(character, character)
    decomposed = unicodedata.normalize("NFKD", plain.casefold())
    return "".join(one for one in decomposed if not unicodedata.combining(one))


def folded(text: str) -> str:
    """The text in plain spelling with single spaces: `Café Münster` becomes `cafe munster`."""
    return " ".join("".join(map(_fold, text)).split())


@dataclass(frozen=True, slots=True)
class FoldedText:
    """A folded text that knows where each of its characters comes from.

    Attributes:
        source: as typed.
        text: folded.
        starts, ends: for each character of `text` the range of `source` it stands for.
    """

    source: str
    text: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]

    def said(self, start: int, end: int) -> str:
        """What was typed for a range of `text`."""
        return self.source[self.starts[start] : self.ends[end - 1]].strip() if end > start else ""

    def replaced(self, start: int, end: int, new: str) -> FoldedText:
        """With other words in a range; they stand for what was typed there."""
        count = len(new)
        return FoldedText(
            self.source,
            self.text[:start] + new + self.text[end:],
            (*self.starts[:start], *(self.starts[start],) * count, *self.starts[end:]),
            (*self.ends[:start], *(self.ends[end - 1],) * count, *self.ends[end:]),
        )


def fold_text(source: str) -> FoldedText:
    """Fold, character by character; runs of spaces stay, so that nothing moves."""
    text: list[str] = []
    starts: list[int] = []
    for position, character in enumerate(source):
        for one in _fold(character):
            text.append(one)
            starts.append(position)
    return FoldedText(source, "".join(text), tuple(starts), tuple(start + 1 for start in starts))
