"""How firmly something is said, and whether it is wanted at all: by the words around it."""

from __future__ import annotations

import re
from typing import Final, Literal

from lookbook.refine.asks import Strength
from lookbook.refine.rules.page import Page

Polarity = Literal["wanted", "more", "less", "none", "drop"]

_MUST: Final = re.compile(
    r"\b(?:must(?!n't)|ha(?:s|ve) to (?:be|have|hold|fit|seat|allow|stay)|(?<!'t )(?<!not )needs? (?:to|an?|the|our"
    r"|some|enough)\b|we need"
    r"|needed|require[sd]?|essential|definitely|non-negotiable|absolute(?:ly)?|strictly|crucial|mandatory"
    r"|a must|muss|unbedingt|zwingend)\b"
)  # fmt: skip
_PREFER: Final = re.compile(
    r"\b(?:ideally|prefer(?:abl[ey]|red|ence|s|ably)?|if (?:at all )?possible|(?:would|'d) be (?:so |really )?"
    r"(?:nice|great|lovely|good|ideal|perfect|amazing|cool|fun|a (?:bonus|plus))|nice to have|a? ?(?:bonus|plus)\b"
    r"|maybe|perhaps|hopefully|(?:would|'d) love|(?:would|'d) like|idealerweise|am liebsten|wenn moglich|vielleicht"
    r"|bevorzugt|lieber|gerne?)\b"
)  # fmt: skip
# Said once for a list: "must have parking, a pool and wifi".
_LEADS: Final = re.compile(r"\b(?:must|ha(?:s|ve) to have|needs?|ideally|preferably|muss|idealerweise)\b")
_ITEM: Final = re.compile(
    r"\s*(?:and |or |und |oder |also |plus )?(?:an? |the |some |ein(?:e[nmr]?)? )?[\w -]{2,30}\s*"
)
_ONLY_BEFORE: Final = re.compile(
    r"\b(?:only|just|nur|ausschliesslich)\s+(?:an? |the |in |on |look at |show (?:me )?)?$"
)
_ONLY_AFTER: Final = re.compile(r"^(?:\s+\w+)?\s+(?:only|please only|nur)\b")

_BETWEEN: Final = (
    r"(?:(?:an?|the|any|of|in|on|at|too|very|so|that|kind|kinds|sort|of|hotel|more|be|being|have|having|use"
    r"|ein(?:e[nrms]?)?|religious|big|huge|proper|real|actual|old|outdoor|indoor|overly|super|all|these|those"
    r"|anything)\s+){0,4}"
)
_DROP: Final = re.compile(
    rf"(?:\b(?:do(?:es)?n't|do(?:es)? not|no longer) (?:really )?need|\bno need for|\bneedn't have|\bforget(?: about)?"
    rf"|\bbrauchen (?:wir )?(?:nicht|kein(?:e[nr]?)?))\s+(?:about )?{_BETWEEN}$"
)
_DROPPED_AFTER: Final = re.compile(
    r"^\s+(?:(?:is|are|'s)(?:n't| not) (?:really )?(?:needed|necessary|important|required|essential)"
    r"|not (?:needed|necessary|required|important)|do(?:es)?n't matter|do(?:es)? not matter"
    r"|(?:is|are) (?:ok|okay|fine)(?: after all| too| again)|nicht notig|egal)\b"
)
_LESS: Final = re.compile(
    rf"\b(?:(?:way |much |a bit |a little |slightly )?less|fewer|not (?:too|so|that|very|overly|quite so)"
    rf"|nicht (?:so|zu)"
    rf"|weniger|(?<!not )too(?! much)|(?:tone|dial|cut) (?:it )?down(?: on)?|cut back on|go easy on|ease off"
    rf"|reduce)\s+{_BETWEEN}$"
)
_NONE: Final = re.compile(
    rf"\b(?:no|not|non|without|never|nothing|none of|anything but|anything except|except|avoid(?:ing)?|skip|hates?"
    rf"|hating|not (?:really |that |so )?(?:a |big |huge )*(?:into|keen on|fans? of|fond of|fussed about)"
    rf"|dislikes?|can't stand|sick of|(?:do|does|would)(?:n't| not) (?:really )?(?:want|like|fancy|love)|rather not"
    rf"|no more|nor|neither"
    rf"|kein(?:e[nrms]?)?|ohne|nicht|auf keinen fall)\s+{_BETWEEN}$"
)
_MORE: Final = re.compile(rf"\b(?:(?:a bit |a little |much |way |some )?more|mehr|extra)\s+{_BETWEEN}$")
_OR: Final = re.compile(r"\s*(?:,\s*)?(?:or|nor|oder|noch|/)\s+(?:an? |any |ein(?:e[nr]?)? )?(?:too |very |so )?")
_COMMA: Final = re.compile(r"\s*,\s*")


def strength_of(page: Page, start: int, end: int, default: Strength = "want", *, by_only: bool = True) -> Strength:
    """How firmly the words from `start` to `end` are asked; `by_only`: whether "only" beside them means it must be."""
    clause_start, clause_end = page.clause(start)
    if by_only and (_ONLY_BEFORE.search(page.text[clause_start:start]) or _ONLY_AFTER.match(page.text[end:clause_end])):
        return "must"
    first, last = page.segment(start)
    while True:
        segment = page.text[first:last]
        if _PREFER.search(segment):
            return "prefer"
        if _MUST.search(segment) and not _is_denied(segment):
            return "must"
        # A bare item of a list: what was said before the list counts.
        if first <= clause_start or not _ITEM.fullmatch(segment):
            return default
        first, last = page.segment(first - 1)
        if not (_LEADS.search(page.text[first:last]) or _ITEM.fullmatch(page.text[first:last])):
            return default


def _is_denied(segment: str) -> bool:
    return re.search(r"\b(?:not|n't|no)\s+(?:\w+\s+)?(?:need|essential|required|necessary|needed)", segment) is not None


def polarity_of(page: Page, start: int, end: int) -> Polarity:
    """Whether what stands from `start` to `end` is wanted, by the words next to it."""
    clause_start, clause_end = page.clause(start)
    # Across a comma a "no" belongs to what is before it.
    before = page.text[max(clause_start, page.segment(start)[0]) : start]
    if _DROP.search(before) or _DROPPED_AFTER.match(page.text[end:clause_end]):
        return "drop"
    for polarity, pattern in (("less", _LESS), ("none", _NONE), ("more", _MORE)):
        if pattern.search(before):
            return polarity  # type: ignore[return-value]  # one of the literals above
    return "wanted"


def carries_over(page: Page, end: int, start: int, *, is_listed: bool) -> bool:
    """Whether a "no" said of what ends at `end` is also said of what begins at `start`: `no barns, castles or tents`.

    Args:
        page: the turn.
        end: of the thing before.
        start: of this one.
        is_listed: whether an "or" follows in the same list, so that a comma is part of it.
    """
    between = page.text[end:start]
    return bool(_OR.fullmatch(between)) or (is_listed and bool(_COMMA.fullmatch(between)))
