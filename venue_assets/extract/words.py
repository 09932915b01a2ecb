"""Text as people read it: blanks, invisible characters, and whether it states a fact. Strings only, no markup."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

# Zero-width characters, directional marks, soft hyphens, variation selectors and tags: a reader does not see them, a
# language model does.
_INVISIBLE: Final = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f"
    "\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e0fff]"
)
_CONTROLS: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")

_FACT: Final = re.compile(
    r"[\w.+-]+@[\w-]+\.\w"  # an e-mail address
    r"|(?:\+|\b00)\d[\d ().-]{6,}\d|\(\d{2,5}\)\s?\d[\d .-]{4,}\d|\b0\d{1,4}[ .-]\d[\d .-]{4,}\d"  # a telephone number
    r"|\b\d{3}[.-]\d{3}[.-]\d{4}\b"
    r"|[$€£₹¥]\s?\d|\d\s?(?:[$€£₹¥]|EUR\b|GBP\b|USD\b|AUD\b|CHF\b)|\bCHF\s?\d"  # money
    r"|\b[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}\b"  # a British postcode
    r"|\b[A-Z]{2,3} \d{4,5}(?:-\d{4})?\b|\b\d{4,5} [A-Z]\w+"  # QLD 4230, TX 79424, 41100 Vendôme
    r"|\b\d{1,2}(?:[:.h]\d\d)?\s?(?:am|pm|h)\b"  # opening hours
    r"|\b\d+[\s-]*(?:guests?|people|persons?|pax|seated|standing|invit[ée]s|personnes|couverts|places|Gäste|Personen)\b",
    re.IGNORECASE,
)
# 12 Some Street, Town: a house number, a name and a part after a comma.
_ADDRESS: Final = re.compile(
    r"(?:^|[\s,])\d{1,5}[a-zA-Z]?,?(?: [^\W\d_][\w'\u2019.-]*+){1,6}(?: \d{1,5})?, ?[^\W\d_]{2}"
)
_PLACE_LIST: Final = re.compile(r"^[^.!?©]{3,60}(?:, [^.!?,©]{2,40}){2,5}$")


def visible(text: str) -> str:
    """The text without characters that show nothing, in Unicode's composed form (NFC)."""
    return _CONTROLS.sub("", _INVISIBLE.sub("", unicodedata.normalize("NFC", text)))


def one_line(text: str) -> str:
    """The visible text with every run of blanks as one space."""
    return " ".join(visible(text).split())


def states_fact(text: str) -> bool:
    """Whether the text looks like an address, a way to reach somebody, a price, hours or a number of guests."""
    if len(text) > 600:
        return False
    return any(pattern.search(text) is not None for pattern in (_FACT, _ADDRESS, _PLACE_LIST))
