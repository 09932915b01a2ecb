"""Text in one plain spelling, with the way back to what was typed. Knows no vocabulary."""

from __future__ import annotations

from dataclasses import dataclass

from resources.folding import folded_character


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
        for one in folded_character(character):
            text.append(one)
            starts.append(position)
    return FoldedText(source, "".join(text), tuple(starts), tuple(start + 1 for start in starts))
