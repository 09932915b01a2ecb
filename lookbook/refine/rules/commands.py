"""What is said about the conversation itself: undo, start over, forget about something."""

from __future__ import annotations

import re
from typing import Final

from lookbook.refine.context import Context
from lookbook.refine.rules.page import Page

UNDO: Final = re.compile(
    r"\s*(?:please )?(?:undo|take (?:that|it) back|go back|ruckgangig(?: machen)?|zuruck)(?: (?:that|this|it"
    r"|the last (?:one|step|change)|one step))?"
    r"(?: please| bitte)?[\s.!]*"
)
START_OVER: Final = re.compile(
    r"\s*(?:please |let's |can we )?(?:start (?:over|again|afresh|from scratch)|reset(?: everything| all)?"
    r"|clear (?:everything|all|filters?)"
    r"|forget (?:everything|all(?: of (?:it|that))?)|von vorne?|neu anfangen|alles (?:loschen|vergessen))(?: please"
    r"| bitte| again)?[\s.!]*"
)

_THINGS: Final = {
    "budget": r"(?:the |our |my )?(?:budget|price|cost|money)(?: limit)?|what it costs",
    "guests": r"(?:the )?(?:number of guests|guest (?:number|count|list)|guests|capacity|size)",
    "place": r"(?:the )?(?:location|distance|place|area|region|where(?: it is)?)",
    "country": r"(?:the |which )?(?:country|countries)",
    "setting": r"(?:the )?setting|indoors? or outdoors?",
    "amenity": r"(?:the )?amenities|(?:the )?facilities",
    "look": r"(?:the )?(?:looks?|styles?)",
}
_DROPPED: Final = {
    kind: re.compile(
        rf"(?<!n't )(?<!not )\b(?:forget(?: about)?|ignore|drop|remove|never mind|without(?: the)? limit on|no matter"
        rf"|don't (?:care|mind) about"
        rf"|egal ist)\s+(?:{words})\b"
        rf"|\b(?:{words})\s+(?:does(?:n't| not)|don't|do not|isn't|is not|aren't)\s+(?:really )?(?:matter|important"
        rf"|a (?:problem|concern))"
        r"(?: any ?more| anymore)?|"
        rf"\b(?:any|whatever)\s+(?:{words})(?: is| will be)?(?: fine| ok(?:ay)?| will do)?|\bno (?:{words}) limit"
    )
    for kind, words in _THINGS.items()
}
_ANYWHERE: Final = re.compile(
    r"\b(?:anywhere|any where|no matter where|egal wo)(?: (?:is|would be|'s))?(?: (?:fine|ok(?:ay)?|good|will do))?\s*$"
)
_MONEY_NO_OBJECT: Final = re.compile(r"\bmoney is no object\b")


def read_dropped(page: Page, context: Context) -> None:
    """Kinds of things that shall no longer count."""
    for kind, pattern in _DROPPED.items():
        for match in page.matches(pattern):
            page.dropped.append(kind)
            page.claim(*match.span())
    for match in page.matches(_ANYWHERE):
        page.dropped += ["place", *(["country"] if context.standing.country else [])]
        page.claim(*match.span())
    for match in page.matches(_MONEY_NO_OBJECT):
        page.dropped.append("budget")
        page.claim(*match.span())
