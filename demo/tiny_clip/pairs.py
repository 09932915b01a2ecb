"""What the trainer learns from: pictures with captions, and the reading of such pairs from a file.

The demo world's own pairs, which are painted, belong to `painted`.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Protocol, Self

from PIL import Image


class Pairs(Protocol):
    """A finite list of pictures, each with one or more captions."""

    def __len__(self) -> int:
        """How many pictures there are."""
        ...

    def image(self, index: int) -> Image.Image:
        """Picture `index`, RGB, of any size."""
        ...

    def caption(self, index: int, variant: int) -> str:
        """A caption of picture `index`; other (non-negative) variants may say it in other words."""
        ...


class FilePairs:
    """Pairs from a JSON-lines file: `{"image": PATH, "caption": TEXT or [TEXT, ...]}`, one picture a line.

    Relative paths start at the file's own folder. Pictures are opened when they are asked for.
    """

    def __init__(self, rows: list[tuple[Path, list[str]]]) -> None:
        self._rows = rows

    @classmethod
    def read(cls, file: Path) -> Self:
        """The pairs of `file`.

        Raises:
            OSError: the file cannot be read, or a picture it names does not exist.
            ValueError: a line is not such an object, or there is no line at all.
        """
        lines = [(number, line) for number, line in enumerate(file.read_text().splitlines(), 1) if line.strip()]
        if not lines:
            raise ValueError(f"{file} holds no pairs")
        return cls([_row(file, number, line) for number, line in lines])

    def __len__(self) -> int:
        return len(self._rows)

    def image(self, index: int) -> Image.Image:
        """Picture `index`, RGB."""
        with Image.open(self._rows[index][0]) as opened:
            return opened.convert("RGB")

    def caption(self, index: int, variant: int) -> str:
        """One of the picture's captions; they take turns."""
        captions = self._rows[index][1]
        return captions[variant % len(captions)]


def _row(file: Path, number: int, line: str) -> tuple[Path, list[str]]:
    try:
        row = json.loads(line)
        image, said = row["image"], row["caption"]
    except (ValueError, KeyError, TypeError) as error:
        raise ValueError(f'{file}, line {number}: not {{"image": PATH, "caption": TEXT}}') from error
    captions = [said] if isinstance(said, str) else said
    if not isinstance(image, str) or not captions or not all(isinstance(text, str) and text for text in captions):
        raise ValueError(f"{file}, line {number}: image is a path, caption a text or a list of texts")
    path = file.parent / image
    if not path.is_file():
        raise FileNotFoundError(f"{file}, line {number}: no picture {path}")
    return path, captions
