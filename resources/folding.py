"""Text in one plain spelling, so that names that are written differently can be compared. Knows no vocabulary."""

from __future__ import annotations

import unicodedata
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
def folded_character(character: str) -> str:
    """A character casefolded, without accents; control characters and every kind of space as one space."""
    if character.isspace() or unicodedata.category(character) in ("Cc", "Cf", "Zs"):
        return " "
    plain = _PLAIN.get(character, character)
    decomposed = unicodedata.normalize("NFKD", plain.casefold())
    return "".join(one for one in decomposed if not unicodedata.combining(one))


def folded(text: str) -> str:
    """The text in plain spelling with single spaces: `Café Münster` becomes `cafe munster`."""
    return " ".join("".join(map(folded_character, text)).split())
