"""A turn while it is read: the folded text, what of it has been read, and what is left. Knows no vocabulary."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from lookbook.refine.asks import Ask
from lookbook.refine.conversation import Question
from lookbook.refine.rules.folding import FoldedText

_READ: Final = "\x00"
_CLAUSE_END: Final = re.compile(
    r"[.!?;\n](?=\s|$)|(?<!anything )(?<!everything )(?<!nothing )(?<!all )\bbut\b|\bthough\b|\baber\b"
)
_SEGMENT_END: Final = re.compile(r",(?!\d)")


@dataclass(frozen=True, slots=True)
class Found:
    """Something understood: the ask, where it stands, and what was assumed."""

    start: int
    end: int
    ask: Ask
    note: str = ""


@dataclass(slots=True)
class Page:
    """Readers take their words from `left`, in which what others have taken is blotted out, and `claim` them.

    Attributes:
        folded: the whole turn.
        left: the same length.
        found, questions, dropped: what has been understood so far.
        refused: where words stand that nobody may read any more and that are said to be not understood, with them.
    """

    folded: FoldedText
    left: str
    found: list[Found] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    dropped: list[str] = field(default_factory=list)
    refused: list[tuple[int, str]] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The whole turn, folded."""
        return self.folded.text

    def matches(self, pattern: re.Pattern[str]) -> Iterator[re.Match[str]]:
        """Matches in what is left; the next one is looked for after what the caller claims meanwhile."""
        position = 0
        while match := pattern.search(self.left, position):
            yield match
            position = max(match.end(), position + 1)

    def claim(self, start: int, end: int) -> None:
        """Blot out what has been read."""
        self.left = self.left[:start] + _READ * (end - start) + self.left[end:]

    def understood(self, start: int, end: int, ask: Ask, note: str = "") -> None:
        """Record an ask and claim its words."""
        self.found.append(Found(start, end, ask, note))
        self.claim(start, end)

    def take_back(self, found: Found) -> None:
        """Forget something understood, and give back its words."""
        self.found.remove(found)
        self.left = self.left[: found.start] + self.text[found.start : found.end] + self.left[found.end :]

    def refuse(self, start: int, end: int) -> None:
        """Keep what is left there from being read or passed over as filler: it is said to be not understood."""
        self.refused.append((start, self.left[start:end]))
        self.claim(start, end)

    def is_capital(self, position: int) -> bool:
        """Whether what was typed there is a capital letter."""
        return self.folded.source[self.folded.starts[position]].isupper()

    def unread(self) -> str:
        """What is left with what was refused, for saying it."""
        text = list(self.left)
        for start, words in self.refused:
            text[start : start + len(words)] = [
                one if one != _READ else there
                for one, there in zip(words, text[start : start + len(words)], strict=True)
            ]
        return "".join(text)

    def is_refused(self, position: int) -> bool:
        """Whether what stands there was refused."""
        return any(start <= position < start + len(words) for start, words in self.refused)

    def clause(self, position: int) -> tuple[int, int]:
        """The sentence, or the part of it between `but`s, around a position."""
        return _between(_CLAUSE_END, self.text, position)

    def segment(self, position: int) -> tuple[int, int]:
        """The part of the clause between commas around a position."""
        start, end = self.clause(position)
        inner = _between(_SEGMENT_END, self.text[start:end], position - start)
        return start + inner[0], start + inner[1]

    def segment_text(self, position: int) -> str:
        """Its words, read or not."""
        start, end = self.segment(position)
        return self.text[start:end]


def _between(ends: re.Pattern[str], text: str, position: int) -> tuple[int, int]:
    start, end = 0, len(text)
    for match in ends.finditer(text):
        if match.end() <= position:
            start = match.end()
        elif match.start() >= position:
            return start, match.start()
    return start, end
