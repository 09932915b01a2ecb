"""Whether a place is ruled out, and a distance or a sum the least or a change: what nothing can be asked of.

Venues can be asked to be near a place and to cost up to a sum, never the other way round. What says the other way is
told here; its reader reports it as not understood.
"""

from __future__ import annotations

import re
from typing import Final

from lookbook.refine.rules.cues import DENIED, PLAIN_DENIAL, denied_after, denied_before
from lookbook.refine.rules.page import Page

_AT_LEAST: Final = (
    r"at (?:the )?(?:very )?least(?: about)?"
    r"|(?:at )?(?:a )?min(?:imum)?\.?(?: (?:spend|budget|price|cost|distance))?(?: of| is|:)?"
    r"|more than|(?<!just )(?<!bit )(?<!little )(?<!slightly )over|above|beyond|greater than|upwards? of|north of"
    r"|exceed(?:s|ing)?|(?:further|farther|higher)(?: away| out)? than|outside(?: of)?|out of|starting (?:at|from)|from"
    r"|mindestens|mehr als|uber|weiter(?: weg| entfernt)? als|ab"
)
_AT_MOST: Final = r"(?:less|lower|cheaper|closer|nearer|fewer) than|under|below|within|weniger als|naher als|unter"
_FROM_BELOW: Final = re.compile(rf"(?P<denied>{PLAIN_DENIAL})?(?<![\w-])(?:{_AT_LEAST})\s+(?:an? |about )?$")
_NOT_BELOW: Final = re.compile(rf"{PLAIN_DENIAL}(?:{_AT_MOST})\s+(?:an? |about )?$")
_FROM_BELOW_AFTER: Final = re.compile(
    r"(?<!\s)\+|\s?(?:plus(?=\s*(?:$|[,.;!?]))|\(?(?:at (?:the )?(?:very )?least|min(?:imum)?\b"
    r"|(?:or|and) (?:more|further|farther|over|above|up)\b|upwards?\b|oder mehr\b|mindestens\b))"
)
_CHANGE_BEFORE: Final = re.compile(r"\b(?:add|adding|plus|minus|another|extra|an additional|by|weitere)\s+$")
_CHANGE_AFTER: Final = re.compile(
    r"\s?\b(?:more|extra|less|higher|lower|on top|off|mehr|weniger)\s*(?:$|[,.;!?]|than\b)"
)
_ANYWHERE_BUT: Final = re.compile(
    r"\b(?:(?:any|every) ?where(?: else)?,? (?:but|except(?: for)?)|uberall,? ausser|nowhere|nirgends|nirgendwo)"
    r"(?: (?:too|very))?\s+$"
)
_OR: Final = re.compile(r"\s*\b(?:or|nor|oder|noch)\s+$")
_LISTED: Final = re.compile(r"\s*(?:,|/|,?\s*\b(?:or|nor|and|oder|noch|und)\b)\s*$")
_FAR: Final = 120  # characters before which nothing is looked at


def lower_bound(page: Page, start: int, end: int) -> tuple[int, int] | None:
    """Where a distance or sum from `start` to `end` stands with the words that make it the least; None where none do.

    "At least 50 km", "not less than £10k", "10k or more"; but not "no more than 50 km".
    """
    first = max(0, start - _FAR)
    if said := _FROM_BELOW.search(page.text, first, start):
        return None if said["denied"] else (said.start(), end)
    if said := _NOT_BELOW.search(page.text, first, start):
        return said.start(), end
    after = _FROM_BELOW_AFTER.match(page.text, end)
    return (start, after.end()) if after else None


def denied_excess(page: Page, start: int) -> int | None:
    """Where the words begin that make what begins at `start` the most by denying more: `not over 50 km`; or None."""
    said = _FROM_BELOW.search(page.text, max(0, start - _FAR), start)
    return said.start() if said and said["denied"] else None


def unaskable_sum(page: Page, start: int, end: int) -> tuple[int, int] | None:
    """Where a sum stands with what makes it the least, a change ("add 2k", "£500 more") or denies it; None without."""
    if (least := lower_bound(page, start, end)) or denied_excess(page, start) is not None:
        return least
    before = _CHANGE_BEFORE.search(page.text, max(0, start - _FAR), start)
    after = _CHANGE_AFTER.match(page.text, end)
    if before or after:
        return before.start() if before else start, after.end() if after else end
    denied = denied_before(page, start)
    return None if denied is None else (denied, end)


def ruled_out(page: Page, start: int, end: int, *, is_bare: bool = False) -> tuple[int, int] | None:
    """Where a place from `start` to `end` stands with the words that deny it; None where nothing does.

    Args:
        page: the turn; what has been read of it denies nothing.
        start: of the place and the words that go with it.
        end: of them.
        is_bare: whether no word stands before it that says where, so that it goes with the one before it in a list.
    """
    first = max(0, start - _FAR)
    if before := _ANYWHERE_BUT.search(page.text, first, start) or DENIED.search(page.left, first, start):
        return before.start(), end
    if (denied := denied_before(page, start)) is not None:
        return denied, end
    joined = (_LISTED if is_bare else _OR).search(page.text, first, start)
    if joined and any(joined.start() == begin + len(words) for begin, words in page.refused):
        return joined.start(), end  # not in London or York
    after = denied_after(page, end)
    return None if after is None else (start, after)
