"""Whether a statement says that celebrations are held indoors, outdoors or both."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from venue_assets.extract.facts.statements import Statement
    from venue_assets.extract.reading import Setting

_IN: Final = r"(?:indoors?|inside|a l'interieur|en interieur|drinnen|innenraum|innen)"
_OUT: Final = (
    r"(?:outdoors?|outside|al fresco|open-air|a l'exterieur|en exterieur|en plein air|draussen|im freien|aussen)"
)
_LINK: Final = r"(?:,? (?:and|or|&|as well as|et|ou|und|oder|spaces? and|ceremon\w+ and) |/| ?& ?)"
_BOTH: Final = re.compile(
    rf"\b{_IN}{_LINK}(?:the |our )?{_OUT}\b|\b{_OUT}{_LINK}{_IN}\b|\b{_IN}{_LINK}(?:on|in) the (?:lawn|gardens?"
    rf"|grounds)\b"
    rf"|\b{_OUT} and hold the reception {_IN}\b|\b{_IN}, with (?:unlimited )?{_OUT}\b"
)
_ALL: Final = (
    r"(?:everything|entire(?:ly)?|whole (?:day|celebration|wedding)|all (?:events|celebrations|weddings)|exclusively"
    r"|ceremony and (?:dinner|reception)|purely)"
)
_ALL_IN: Final = re.compile(rf"\b{_ALL}\b.{{0,40}}\b{_IN}\b|\b{_IN} only\b")
_ALL_OUT: Final = re.compile(rf"\b{_ALL}\b.{{0,40}}\b{_OUT}\b|\b{_OUT} only\b")
_LABEL: Final = re.compile(r"\b(?:setting|venue type|spaces?|indoor/outdoor|location type)\b")


def setting_in(statement: Statement) -> Setting | None:
    """The setting that the statement gives for the venue as a whole, or None.

    A place to be outdoors ("outdoor seating") does not make a venue an outdoor one; only words for all of the day, a
    label, or both sides named together do.
    """
    words = statement.words
    if _BOTH.search(words):
        return "both"
    if statement.label and _LABEL.search(statement.label):
        inside = re.match(rf"{_IN}\b", statement.value) is not None
        outside = re.match(rf"{_OUT}\b", statement.value) is not None
        return "indoor" if inside else "outdoor" if outside else None
    inside, outside = _ALL_IN.search(words) is not None, _ALL_OUT.search(words) is not None
    if inside == outside:
        return "both" if inside else None
    return "indoor" if inside else "outdoor"
