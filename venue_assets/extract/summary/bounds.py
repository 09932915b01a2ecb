"""How long summaries are, whoever writes them. Numbers only."""

from __future__ import annotations

from typing import Final, Literal

Voice = Literal["aesthetic", "factual", "vibe"]

SENTENCES: Final[dict[Voice, tuple[int, int]]] = {"aesthetic": (2, 3), "factual": (2, 3), "vibe": (1, 2)}
"""Least and most sentences of a summary."""

MIN_CHARACTERS: Final = 30
"""Of a summary; shorter ones say nothing."""

MAX_CHARACTERS: Final = 900
"""Of a summary: three sentences of the longest kind."""

MIN_SENTENCE: Final = 25
"""Characters of a sentence taken from a site."""

MAX_SENTENCE: Final = 280
"""Characters of a sentence taken from a site."""
