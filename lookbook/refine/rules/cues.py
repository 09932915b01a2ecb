"""How firmly something is said, and whether it is wanted at all: by the words around it."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Final, Literal

from lookbook.refine.asks import Strength
from lookbook.refine.rules.lexicon import AMENITIES, FELT, PICTURED, SETTINGS, STYLES, whole_words
from lookbook.refine.rules.page import Page

Polarity = Literal["wanted", "more", "less", "none", "drop"]

PLAIN_DENIAL: Final = (
    r"(?<![\w'])(?:(?:ca|do|does|did|is|are|was|were|wo|would|could|should|must|need|has|have)n'?t|(?<!why )not|no"
    r"|never|nothing|nowhere|none|cannot|without|avoid(?:ing)?|exclud(?:e|ing)|hide|skip|rule out|instead of"
    r"|(?:anything|everything) but"
    r"|rather than|nicht|kein(?:e[nrms]?)?|nichts|nie(?:mals)?|ohne)\s+"
    r"(?:(?:be|being|costs?|costing|spend|spending|pay|paying|go|goes|going|exceed|stretch|do|want|like|looking|show|me|us"
    r"|to|an?|the|any|anything|anywhere|everything|at all|it|that|is|are|really|ever|even|possibly|rather|much|more|of"
    r"|for|our|budget|have|having|got|priced|prices?|venues?|places?|ones?|options?|somewhere|something|circumstances"
    r"|way|penny|cent|fans?|big|keen|on|drive|travel|live|so|very|als|mogen|wollen)\s+){0,8}"
)
"""A denial and the words over which it reaches what comes next, without doubt; part of a pattern."""
DENIED: Final = re.compile(rf"{PLAIN_DENIAL}$")
"""Of a text that ends where something begins: that is denied without doubt."""

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
    r"|bevorzugt|lieber|gerne?|ware (?:schon|toll|super|gut|ideal|perfekt))\b"
)  # fmt: skip
# Said once for a list: "must have parking, a pool and wifi".
_LEADS: Final = re.compile(r"\b(?:must|ha(?:s|ve) to have|needs?|ideally|preferably|muss|idealerweise)\b")
_ITEM: Final = re.compile(
    r"\s*(?:and |or |und |oder |also |plus )?(?:an? |the |some |ein(?:e[nmr]?)? )?[\w -]{2,30}\s*"
)
_ONLY_BEFORE: Final = re.compile(
    r"(?<!not )(?<!nicht )\b(?:only|just|nothing but|nur|ausschliesslich)\s+"
    r"(?:an? |the |in |on |look at |show (?:me )?)?$"
)
_ONLY_AFTER: Final = re.compile(r"^(?:\s+\w+)?\s+(?:only|please only|nur)\b")

_BETWEEN: Final = (
    r"(?:(?:with|mit)\s+)?(?:(?:an?|the|any|of|in|on|at|too|very|so|that|kind|kinds|sort|of|hotel|more|be|being|have|having|use"
    r"|ein(?:e[nrms]?)?|religious|big|huge|proper|real|actual|old|outdoor|indoor|overly|super|all|these|those"
    r"|anything|idea|fancy|posh|am|im|beim)\s+){0,4}"
)
_DROP: Final = re.compile(
    rf"(?:\b(?:do(?:es)?n't|do(?:es)? not|no longer|won't|wouldn't|didn't) (?:really )?(?:(?:have|need) to (?:be|have)"
    rf"|need|be needing)|\bno need (?:for|of)|\b(?:needs?|requires?) no|\bwith or without"
    rf"|\b(?:can|could|happy to) (?:do|live|go) without"
    rf"|\b(?:(?:don't|do not|doesn't|couldn't) (?:really |much )?care|not (?:really )?(?:bothered|worried|concerned))"
    rf"(?: much| less)? about"
    rf"|\bneedn't have|(?<!n't )(?<!not )\bforget(?: about)?|\b(?:don't|do not) mind|\b(?:have )?nothing against"
    rf"|\bnichts gegen"
    rf"|\bbrauchen (?:wir )?(?:nicht|kein(?:e[nr]?)?))\s+(?:about )?{_BETWEEN}$"
)
_DROPPED_AFTER: Final = re.compile(
    r"^\s+(?:(?:is|are|'s)(?:n't| not) (?:really )?(?:needed|necessary|important|required|essential)"
    r"|not (?:needed|necessary|required|important)|do(?:es)?n't matter|do(?:es)? not matter"
    r"|(?:is|are)(?:n't| not) a must|(?:is|are) unnecessary|muss(?:en)? nicht(?: unbedingt)? sein"
    r"|(?:is|are) (?:ok|okay|fine)(?: after all| too| again)|nicht notig|egal)\b"
)
_LESS: Final = re.compile(
    rf"\b(?:(?:way |much |a bit |a little |slightly )?less|fewer|(?:not|nothing) (?:too|so|that|very|overly|quite so)"
    rf"|nicht (?:so|zu)|(?:more|rather|lieber|eher|mehr)\s[^,]*?\s(?:than|als)|rather than"
    rf"|weniger|(?<!not )(?<!nothing )too(?! much)|(?:tone|dial|cut) (?:it )?down(?: on)?|cut back on|go easy on"
    rf"|ease off|reduce)\s+{_BETWEEN}$"
)
_NONE: Final = re.compile(
    rf"\b(?:no|(?<!why )not(?! only)|non|anti|un|without|never|nothing|none of"
    rf"|(?:not|n't) looking for|not after|(?:anything|everything|all) (?:but|except)"
    rf"|except|instead of|(?:other|apart) (?:than|from)|enough of|(?:done|fed up|had it) with|tired of|too many"
    rf"|leave out|hide|(?:'m|'re|am|are) over|exclud(?:e|ing)|avoid(?:ing)?|skip|hates?"
    rf"|hating|not (?:really |that |so )?(?:a |big |huge )*(?:into|keen on|fans? of|fond of|fussed about)"
    rf"|dislikes?|can't stand|sick of|(?:do|does|would)(?:n't| not) (?:really )?(?:want|like|fancy|love|care for)"
    rf"|rather not|no more|nor|neither"
    rf"|kein(?:e[nrms]?)?|ohne|nicht(?! nur)|auf keinen fall|ausser|statt|anstatt|genug von"
    rf"|nichts|weder|keinesfalls|keineswegs)[\s-]+{_BETWEEN}$"
)
_MORE: Final = re.compile(rf"\b(?:(?:a bit |a little |much |way |some )?more|mehr|extra)\s+{_BETWEEN}$")
_OR: Final = re.compile(r"\s*(?:,\s*)?(?:or|nor|oder|noch|/)\s+(?:an? |any |ein(?:e[nr]?)? )?(?:too |very |so )?")
_COMMA: Final = re.compile(r"\s*,\s*")
_COMMA_A: Final = re.compile(r"\s*,\s*(?:an?|ein(?:e[nr]?)?)\s")
_A_THING: Final = re.compile(r"\b(?:an?|ein(?:e[nr]?)?) [\w-]+(?: [\w-]+)?$")
_NO_THANKS: Final = re.compile(
    r"^[\s?!.,:]*(?:(?:is|are) )?(?:(?:no,? (?:thanks|thank you)|please no|no way|nope|not for (?:us|me)|rather not"
    r"|a no(?:-?no|-?go)?|nein(?:,? danke)?|lieber nicht)\b|no[\s!.]*$)"
)
# What denies, but for phrases in which it denies nothing that a venue has.
_DENIAL: Final = re.compile(
    r"\b(?:(?:no|(?<!why )not|nothing)(?! (?:\w+ ){0,2}than\b| (?:over|under|above|below|but|too far|far|sure|certain"
    r"|fussy|picky|idea|problem|doubt|matter|rush|hurry|later|earlier|yet)\b| only\b[^.;]*\bbut\b)"
    r"|none|non|nor|never|without|neither|cannot|except|avoid(?:ing)?|hat(?:e|es|ing)|dislikes?|refuse[sd]?"
    r"|anti|un|(?:anything|everything) but|enough of|(?:done|fed up|had it) with|(?:tired|sick) of|too many|leave out"
    r"|hide|(?:'m|'re|am|are) over(?! [\d\x00])|exclud(?:e|ing)|nichts|weder|keinesfalls|keineswegs"
    r"|(?:ca|do|does|did|is|are|was|were|wo|would|could|should|must|need|has|have)n'?t"
    r"(?! (?:know|mind|care|forget|wait|(?:want to |like to )?(?:spend|pay|go over|exceed)|trust)\b)"
    r"|instead of|rather than|kein(?:e[nrms]?)?|nicht(?! (?:weit|sicher|wichtig|mehr als|nur\b[^.;]*\bsondern\b))"
    r"|nie(?:mals)?|ohne|ausser|statt|anstatt)\b"
)
_DENIED_AFTER: Final = re.compile(
    r"^[\s?]*(?:(?:is|are|was|were|would|will|do|does|can|could|should|has|have|just|really|so|sind|ist"
    r"|gefallen|gefallt|mag|mogen|wir|uns|mir)\s+){0,3}"
    r"(?:not|never|nicht|nie|out of the question|too much"
    r"|(?:is|are|was|were|wo|would|do|does|ca|could|should|has|have)n'?t)\b"
)
_OUT_OF_QUESTION: Final = re.compile(
    r"\s*(?:(?:is|are|would be|was|ist|ware)(?:n'?t| not| nicht| out\b| off\b| a no\b| too\b)"
    r"|(?:wo|would|do|does|ca)n'?t\b|(?:would|does|will|can) not\b|cannot\b)"
)
_NO_NEED: Final = re.compile(
    r"\b(?:not|n't|no)\s+(?:(?!and\b)[\w-]+\s+){0,4}(?:need|essential|required|necessary|needed)"
)
_NEEDED: Final = r"(?:needed|required|necessary|notig|erforderlich|gebraucht)"
_LISTED: Final = r"(?:an? |any )?[\w-]+(?: [\w-]+){0,2}?"
_SEPARATOR: Final = r"(?:\s*,?\s+(?:or|nor|oder|and|und)\s+|\s*,\s*)"
_NO: Final = re.compile(
    rf"\b(?:no|kein(?:e[nrms]?)?)\s+(?:{_LISTED}{_SEPARATOR}){{0,3}}{_BETWEEN}(?:(?:overnight|on-?site)\s+)?$"
)
_IS_NEEDED: Final = re.compile(rf"^(?:{_SEPARATOR}{_LISTED}){{0,3}}\s+(?:is |are )?{_NEEDED}\b")
_A_LAST_ONE: Final = re.compile(r"\b(?:or|nor|oder|and|und)\b")
_THING: Final = whole_words("|".join((*AMENITIES.values(), *STYLES.values(), *SETTINGS.values(), PICTURED, FELT)))
_AND: Final = re.compile(r"\b(?:and|und)\b")
_NEW_THOUGHT: Final = re.compile(
    r"\b(?:and|und) (?:we|i|we'd|i'd|we're|we'll|it|it's|want|need|love|would|prefer|definitely|also|wir|ich)\b"
)


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
        # A bare item of a list: what was said before the list counts, but not for what is denied.
        is_denied = _DENIAL.search(segment) or _NO_THANKS.match(page.text[end:])
        if first <= clause_start or not _ITEM.fullmatch(segment) or is_denied:
            return default
        first, last = page.segment(first - 1)
        if not (_LEADS.search(page.text[first:last]) or _ITEM.fullmatch(page.text[first:last])):
            return default


def _is_denied(segment: str) -> bool:
    return _NO_NEED.search(segment) is not None


def polarity_of(page: Page, start: int, end: int) -> tuple[Polarity, tuple[int, int]]:
    """Whether what stands from `start` to `end` is wanted, and where the words next to it stand that say so."""
    clause_start, clause_end = page.clause(start)
    # Across a comma a "no" belongs to what is before it.
    first = max(clause_start, page.segment(start)[0])
    before = page.text[first:start]
    if said := _DROP.search(before):
        return "drop", (first + said.start(), start)
    if said := _DROPPED_AFTER.match(page.text[end:clause_end]):
        return "drop", (end, end + said.end())
    if where := _not_needed(page, start, end):
        return "drop", where
    if said := _NO_THANKS.match(page.text[end:]):
        return "none", (end, end + said.end())
    polarities: tuple[tuple[Polarity, re.Pattern[str]], ...] = (("less", _LESS), ("none", _NONE), ("more", _MORE))
    for polarity, pattern in polarities:
        if said := pattern.search(before):
            return polarity, (first + said.start(), start)
    return "wanted", (start, start)


def denial_of(page: Page, start: int, end: int, cues: Collection[tuple[int, int]]) -> tuple[int, int] | None:
    """Where what stands from `start` to `end` and the words that may deny it stand; None where nothing does.

    Of what is said to be unwanted a second denial makes something else, as in "can't do without a pool".

    Args:
        page: the turn; what has been read of it denies nothing.
        start: of the thing.
        end: of it.
        cues: where it is said of things how they are meant: those words deny nothing else.
    """
    first, last = page.segment(start)
    for match in _DENIAL.finditer(page.left, first):
        if match.start() >= start:
            break
        is_cue = any(begin <= match.start() < until for begin, until in cues)
        if not is_cue and not _NEW_THOUGHT.search(page.text, match.end(), start):
            return match.start(), end
    is_cued = any(begin == end for begin, _ in cues)
    after = None if is_cued else _DENIED_AFTER.match(page.left[end:last])
    return (start, end + after.end()) if after else None


def _not_needed(page: Page, start: int, end: int) -> tuple[int, int] | None:
    """Where it is said around the thing that it is not needed: `no garden or pool needed`; None where it is not."""
    clause_start, clause_end = page.clause(start)
    needed = _IS_NEEDED.match(page.text[end:clause_end])
    no = _NO.search(page.text[clause_start:start]) if needed else None
    if needed is None or no is None:
        return None
    listed = no.group() + needed.group()
    is_list = "," not in listed or _A_LAST_ONE.search(listed)
    return (clause_start + no.start(), end + needed.end()) if is_list else None


def denied_before(page: Page, start: int, *, past_things: bool = False) -> int | None:
    """Where a word stands that may deny what begins at `start`; None where none does.

    Args:
        page: the turn; what has been read of it denies nothing.
        start: of what may be denied.
        past_things: whether a thing between the two may be denied together with it: `no barns like the first one`.
    """
    for match in _DENIAL.finditer(page.left, page.segment(start)[0]):
        if match.start() >= start:
            return None
        between = page.left[match.end() : start]
        if "\x00" in between or _AND.search(between) or (not past_things and _THING.search(between)):
            continue
        return match.start()
    return None


def denied_after(page: Page, end: int) -> int | None:
    """Where the words end that rule out a place which ends at `end`: "is out of the question", "no thanks"; or None."""
    if said := _OUT_OF_QUESTION.match(page.text, end):
        return said.end()
    said = _NO_THANKS.match(page.text[end:])
    return end + said.end() if said else None


def carries_over(page: Page, end: int, start: int, *, is_listed: bool) -> bool:
    """Whether a "no" said of what ends at `end` is also said of what begins at `start`: `no barns, castles or tents`.

    Args:
        page: the turn.
        end: of the thing before.
        start: of this one.
        is_listed: whether an "or" follows in the same list, so that a comma is part of it.
    """
    between = page.text[end:start]
    if _OR.fullmatch(between):
        return True
    # "Not a barn, a castle or a tent", but not "no barns, a castle or a tent".
    is_comma = _COMMA.fullmatch(between) or (_COMMA_A.fullmatch(between) and _A_THING.search(page.text[:end]))
    return is_listed and bool(is_comma)
