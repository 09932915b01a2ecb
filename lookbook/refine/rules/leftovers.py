"""Before reading: misspelt words made right. After reading: the words that nobody has understood."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from lookbook.refine.context import Context
from lookbook.refine.rules.common_words import FILLER, FILLER_BESIDE, SPELT
from lookbook.refine.rules.folding import FoldedText
from lookbook.refine.rules.lexicon import AMENITIES, FELT, PICTURED, SETTINGS, STYLES, whole_words
from lookbook.refine.rules.page import Found, Page
from lookbook.refine.rules.spelling import nearest_word
from resources.folding import folded
from resources.gazetteer import gazetteer

_WORD: Final = re.compile(r"[a-z]+(?:'[a-z]+)?")
_LEFT: Final = re.compile(r"[^\s\x00,;.!?:()\"]+")
_KNOWN_ITEM: Final = whole_words("|".join((*AMENITIES.values(), *STYLES.values(), *SETTINGS.values(), PICTURED, FELT)))
_KNOWN: Final = FILLER | FILLER_BESIDE.keys() | SPELT
_MAX_SAID: Final = 12
_CORRECTION: Final = re.compile(
    r"\b(?:actually|no|sorry|i mean|make (?:it|that)|rather|instead|or better|nein|besser)\b"
)


def corrected(text: FoldedText, context: Context) -> FoldedText:
    """With each word that is known to nobody replaced by the known word it is one typing error away from.

    Words of the lexicon, names of towns, of the venues' regions and of the venues on the screen are known.
    """
    names = {word for venue in context.shown for word in folded(venue.name or "").split()}
    places = (*context.catalogue.towns, *context.catalogue.regions)
    names.update(word for place in places for word in folded(place.name).split())
    for match in reversed(list(_WORD.finditer(text.text))):
        word = match.group()
        if word in _KNOWN or word in names or _KNOWN_ITEM.fullmatch(word) or gazetteer().towns(word):
            continue
        meant = nearest_word(word, SPELT)
        if meant:
            text = text.replaced(match.start(), match.end(), meant)
    return text


def refuse_others(page: Page, kept: Sequence[Found]) -> None:
    """Say of what was read and is not kept that it was not understood.

    Not where a later ask says the same, or corrects it: "80 guests, actually 100 guests".
    """
    for one in [one for one in page.found if one not in kept]:
        later = next((other for other in kept if other.ask.slot == one.ask.slot), None)
        if later and (
            later.ask == one.ask
            or later.start <= one.start < later.end  # the first end of a range
            or _CORRECTION.search(page.text, one.end, later.start)
        ):
            continue
        page.take_back(one)
        page.refuse(one.start, one.end)


def not_understood(page: Page) -> tuple[str, ...]:
    """What was typed and neither read nor filler, run by run, at most a dozen.

    All of it where nothing was understood and all of it is filler: nobody's words vanish without an answer.
    """
    runs = tuple(_runs(page))[:_MAX_SAID]
    whole = page.folded.source.strip()
    is_answered = runs or page.found or page.questions or page.dropped
    return runs if is_answered or not whole else (whole,)


def _runs(page: Page) -> Iterator[str]:
    start = end = -1
    unread = page.unread()
    asked = {part for one in page.found for part in (one.ask.kind, one.ask.slot)}
    for match in _LEFT.finditer(unread):
        word = match.group().strip("'-/&+*<>~")
        passes = word in FILLER or FILLER_BESIDE.get(word) in asked
        if not word or (passes and not page.is_refused(match.start())):
            continue
        if start >= 0 and re.fullmatch(r"[\s,]*", unread[end : match.start()]):
            end = match.end()
            continue
        if start >= 0:
            yield page.folded.said(start, end)
        start, end = match.span()
    if start >= 0:
        yield page.folded.said(start, end)
