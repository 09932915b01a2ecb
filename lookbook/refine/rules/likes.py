"""Examples: "more like the first one", "less like number 3", "something like The Old Barn"."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator, Sequence
from typing import Final

from lookbook.refine.asks import LikeAsk
from lookbook.refine.context import Context
from lookbook.refine.rules.cues import DENIED, denied_before
from lookbook.refine.rules.page import Page
from resources.folding import folded

_ORDINAL_NAMES: Final = (
    "first 1st erste ersten erster erstes|second 2nd zweite zweiten zweiter zweites"
    "|third 3rd dritte dritten dritter drittes|fourth 4th vierte vierten|fifth 5th funfte funften|sixth 6th sechste"
    "|seventh 7th siebte|eighth 8th achte|ninth 9th neunte|tenth 10th zehnte"
)
_ORDINALS: Final = {
    word: number for number, words in enumerate(_ORDINAL_NAMES.split("|"), start=1) for word in words.split()
}
_LAST: Final = "last|letzte[nrs]?|bottom one"
_CUE: Final = re.compile(
    r"\b(?P<less>(?:less|not(?: so)?|nothing|n't (?:want )?(?:anything|something|one)|weniger"
    r"|nicht so)(?: (?:places?|venues?|ones?))?"
    r" (?:like|similar to|wie)|unlike|hate[sd]?|dislike[sd]?|ca(?:n't|nnot) stand)\s"
    r"|\b(?:(?:more|something|some|others?|another(?: one)?|anything|places?|venues?|ones?|similar|looks?|feels?"
    r"|mehr|ahnlich|so|etwas)"
    r"(?: (?:places?|venues?|ones?))? (?:like|to|wie)|more of|similar (?:ones|places|venues)? ?to|(?:look|style"
    r"|feel|vibe)s? of|in the style of|ahnlich wie|like)\s"
)  # fmt: skip
_FIRST_FEW: Final = re.compile(r"(?:the )?first (?P<count>[2-9]|few|couple)\b(?: (?:ones|venues|places))?")
_NUMBERED: Final = re.compile(
    rf"(?:the |das |die |den |dem |der )?(?:(?P<ordinal>{'|'.join(_ORDINALS)})|(?P<last>{_LAST})"
    r"|(?:numbers?|no\.?|nr\.?|nummer|options?|#)?\s?#?(?P<number>\d{1,3})(?![\w.,]*\d))(?: (?:one|venue|place"
    r"|option|result|hotel|barn))?(?!\w)"
)
_AND: Final = re.compile(r"\s*(?:,|and|&|or|und|oder)\s*(?:like )?")
_UNREAD: Final = re.compile(
    rf"(?:\b(?:not|nicht) (?:the|das|die|den|dem) (?:{'|'.join(_ORDINALS)}|{_LAST})"
    rf"|\b(?:{'|'.join(_ORDINALS)})(?= (?:one|venue|place|option|result)\b)|\b(?:number|nummer) \d{{1,3}})"
    r"(?: (?:one|venue|place|option|result))?\b"
)
_THAT: Final = re.compile(r"(?:that|this|it|these|those|dies(?:e[rs]?)?)(?: one| place| venue)?\b")


def read_likes(page: Page, context: Context) -> None:
    """Examples by their place on the screen or by name, after words of likeness."""
    names = _named(page, context)
    for cue in page.matches(_CUE):
        end, found = _examples(page, cue.end(), context, names)
        if not found:
            continue
        denied = DENIED.search(page.left, 0, cue.start())
        where = denied.start() if denied else denied_before(page, cue.start(), past_things=True)
        if where is not None and (denied is None or cue["less"]):  # of something else, or of what is denied
            page.refuse(where, end)
            continue
        start = cue.start() if where is None else where
        for number, (venue_id, name) in enumerate(found):
            ask = LikeAsk(venue_id=venue_id, name=name, more=not (denied or cue["less"]))
            # One chip for each; the words belong to the first.
            page.understood(start if number == 0 else end - 1, end, ask)
        page.claim(start, end)
    for reference in page.matches(_UNREAD):  # of which something else is said
        page.refuse(*reference.span())


def _examples(
    page: Page, position: int, context: Context, names: Sequence[tuple[int, int, uuid.UUID, str]]
) -> tuple[int, list[tuple[uuid.UUID, str]]]:
    """What a list of references beginning here points at, and where it ends."""
    found: list[tuple[uuid.UUID, str]] = []
    end = position
    while True:
        one = _reference(page, position, context, names)
        if one is None:
            return end, found
        end, venues = one
        found += venues
        joined = _AND.match(page.left, end)
        if joined is None:
            return end, found
        position = joined.end()


def _reference(
    page: Page, position: int, context: Context, names: Sequence[tuple[int, int, uuid.UUID, str]]
) -> tuple[int, list[tuple[uuid.UUID, str]]] | None:
    shown = context.shown
    for start, end, venue_id, name in names:
        if start == position or page.left[position:start] == "the ":
            return end, [(venue_id, name)]
    if few := _FIRST_FEW.match(page.left, position):
        count = int(few["count"]) if few["count"].isdigit() else 3 if few["count"] == "few" else 2
        return (few.end(), [_shown(context, number) for number in range(count)]) if count <= len(shown) else None
    if numbered := _NUMBERED.match(page.left, position):
        number = len(shown) if numbered["last"] else _ORDINALS.get(numbered["ordinal"], int(numbered["number"] or 0))
        return (numbered.end(), [_shown(context, number - 1)]) if 1 <= number <= len(shown) else None
    that = _THAT.match(page.left, position)
    earlier = _mentioned(page, position, context, names) if that else None
    if that is None or earlier is None:
        return None
    start, end, venue_id, name = earlier
    page.claim(start, end)
    return that.end(), [(venue_id, name)]


def _mentioned(
    page: Page, before: int, context: Context, names: Sequence[tuple[int, int, uuid.UUID, str]]
) -> tuple[int, int, uuid.UUID, str] | None:
    """What "that" is: the venue named in the turn, or the one of which the number was said."""
    if names:
        return names[0]
    for match in _NUMBERED.finditer(page.left, 0, before):
        number = len(context.shown) if match["last"] else _ORDINALS.get(match["ordinal"], 0)
        if 1 <= number <= len(context.shown):
            return (*match.span(), *_shown(context, number - 1))
    return None


def _shown(context: Context, number: int) -> tuple[uuid.UUID, str]:
    venue = context.shown[number]
    return venue.venue_id, venue.name or f"number {number + 1}"


def _named(page: Page, context: Context) -> list[tuple[int, int, uuid.UUID, str]]:
    """Venues whose names stand in the turn: those on the screen first, then by place."""
    found = [
        (*place, venue.venue_id, venue.name)
        for venue in context.shown
        if venue.name and (place := _place_of(folded(venue.name), page.left))
    ]
    if found:
        return sorted(found, key=lambda one: one[0])
    return list(_in_catalogue(page, context))


def _place_of(name: str, text: str) -> tuple[int, int] | None:
    match = re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text)
    return match.span() if match else None


def _in_catalogue(page: Page, context: Context) -> Iterator[tuple[int, int, uuid.UUID, str]]:
    """The longest names of any venue, looked up by every run of up to six words."""
    words = list(re.finditer(r"[^\s,;!?]+", page.left))
    for first in range(len(words)):
        for last in range(min(first + 6, len(words)), first, -1):
            start, end = words[first].start(), words[last - 1].end()
            venue_id = context.catalogue.venue_by_name.get(page.left[start:end].rstrip("."))
            if venue_id is not None:
                yield start, end, venue_id, context.catalogue.names[venue_id]
                break
