"""Settings, amenities, styles, and what can be seen or felt: the words of `lexicon`, wanted or not."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal, cast

from lookbook.refine.asks import AmenityAsk, Ask, LookAmount, LookAsk, Setting, SettingAsk, Strength, WordsAsk
from lookbook.refine.rules.cues import Polarity, carries_over, denial_of, polarity_of, strength_of
from lookbook.refine.rules.lexicon import AMENITIES, FELT, PICTURED, SETTINGS, STYLES, compiled, whole_words
from lookbook.refine.rules.page import Page
from lookbook.refine.wording import readable

_Kind = Literal["setting", "amenity", "look", "seen", "felt"]
_PATTERNS: Final[tuple[tuple[_Kind, dict[str, re.Pattern[str]]], ...]] = (
    ("setting", compiled(SETTINGS)),
    ("amenity", compiled(AMENITIES)),
    ("look", compiled(STYLES)),
    ("seen", {"": whole_words(PICTURED)}),
    ("felt", {"": whole_words(FELT)}),
)
_BOTH_WAYS: Final = frozenset({"garden", "lake", "marquee"})
"""Amenities that are looks where more or less of them is wanted, or beside another look."""
_LOOK_OF: Final = {"garden": "garden", "lake": "lakeside", "marquee": "tented"}
_OPPOSITE: Final[dict[str, Setting]] = {"indoor": "outdoor", "outdoor": "indoor"}
_JOINED: Final = re.compile(r"\s*(?:,|and|&|und|,\s*and)\s*(?:very |quite |a bit )?")
_EITHER: Final = re.compile(r"\s*(?:or|oder|/)\s*(?:an? )?")
_LISTED: Final = re.compile(r"\s*(?:and|or|und|oder|&|/)\s*(?:an? )?")
_INDIFFERENT: Final = re.compile(
    r"\b(?:in ?doors?|inside)(?: or |/)(?:out ?doors?|outside)\b|\b(?:out ?doors?|outside)(?: or |/)(?:in ?doors?"
    r"|inside)\b"
)


@dataclass(frozen=True, slots=True)
class _Item:
    start: int
    end: int
    kind: _Kind
    word: str
    polarity: Polarity = "wanted"
    note: str = ""


def read_items(page: Page) -> None:
    """Every item of the lexicon that is left, with the words around it for how it is meant."""
    if either := _INDIFFERENT.search(page.left):
        page.dropped.append("setting")
        page.claim(*either.span())
    items = _with_polarity(page, sorted(_items(page), key=lambda item: item.start))
    items = _joined_setting([_as_look(item, items, page) for item in items])
    for item in _merged_feelings(items, page):
        if item.kind == "felt" and item.polarity not in ("wanted", "more"):
            continue  # a description says what is wanted; its contrary is not understood
        if item.polarity == "drop":
            page.dropped.append(f"{item.kind}:{item.word}" if item.kind in ("amenity", "look") else item.kind)
            page.claim(item.start, item.end)
        else:
            page.understood(item.start, item.end, _ask(item, page), item.note)


def _items(page: Page) -> Iterator[_Item]:
    """Non-overlapping items; the longer of two that overlap, and of equally long ones that of the earlier kind."""
    found = [
        _Item(*match.span(), kind, word)
        for kind, patterns in _PATTERNS
        for word, pattern in patterns.items()
        for match in pattern.finditer(page.left)
    ]
    taken: list[_Item] = []
    for item in sorted(found, key=lambda one: one.start - one.end):  # stable: kinds stay in order
        if all(item.end <= other.start or item.start >= other.end for other in taken):
            taken.append(item)
    return iter(taken)


def _with_polarity(page: Page, items: Sequence[_Item]) -> list[_Item]:
    """How each is meant, without those of which that is not clear.

    Refused is what something denies that is not known to be said of it: to ask for what somebody may have ruled out is
    worse than to say that it was not understood.
    """
    read = [polarity_of(page, item.start, item.end) for item in items]
    cues = [cue for _, cue in read]
    known: list[_Item] = []
    refused: list[tuple[int, int]] = []
    for number, item in enumerate(items):
        polarity = read[number][0]
        following = items[number + 1].start if number + 1 < len(items) else None
        before = known[-1] if known else None
        if polarity == "wanted" and before and before.polarity in ("none", "less"):
            if not page.text[before.end : item.start].strip():  # "no rustic barns" is said of barns
                note = f"all of them, not only “{page.folded.said(before.start, before.end)}”"
                known[-1] = replace(item, start=before.start, polarity=before.polarity, note=note)
                continue
            if _is_listed(page, before.end, item, following):
                polarity = "less" if " too " in page.text[before.end : item.start] else before.polarity
        denied = denial_of(page, item.start, item.end, cues)
        if denied is None and polarity == "wanted" and refused and _is_listed(page, refused[-1][1], item, following):
            denied = refused[-1][1], item.end
        if denied:
            refused.append(denied)
        else:
            known.append(replace(item, polarity=polarity))
    for span in refused:
        page.refuse(*span)
    return _denied_together(page, known)


def _is_listed(page: Page, end: int, item: _Item, following: int | None) -> bool:
    """Whether a "no" said of what ends at `end` is said of the item, too; `following` is where the next one begins."""
    listed = following is not None and carries_over(page, item.end, following, is_listed=False)
    return carries_over(page, end, item.start, is_listed=listed)


def _denied_together(page: Page, items: Sequence[_Item]) -> list[_Item]:
    """With a "no thanks" that ends a list said of all of it: `barns or castles? no thanks`."""
    known = list(items)
    for number in range(len(known) - 2, -1, -1):
        item, following = known[number], known[number + 1]
        is_listed = _LISTED.fullmatch(page.text[item.end : following.start])
        is_after = polarity_of(page, following.start, following.end)[1][0] >= following.end
        if item.polarity == "wanted" and following.polarity == "none" and is_listed and is_after:
            known[number] = replace(item, polarity="none")
    return known


def _as_look(item: _Item, items: Sequence[_Item], page: Page) -> _Item:
    """A garden is something to have; "more garden", or "a vineyard or a garden", is a look."""
    if item.kind != "amenity" or item.word not in _BOTH_WAYS:
        return item
    beside_look = any(
        other.kind == "look" and (_EITHER.fullmatch(page.text[other.end : item.start])
                                  or _EITHER.fullmatch(page.text[item.end : other.start]))
        for other in items
    )  # fmt: skip
    if item.polarity in ("more", "less") or beside_look:
        return replace(item, kind="look", word=_LOOK_OF[item.word])
    return item


def _joined_setting(items: Sequence[_Item]) -> list[_Item]:
    """An outdoor ceremony and an indoor party ask for a venue with both."""
    wanted = [item for item in items if item.kind == "setting" and item.polarity in ("wanted", "more")]
    if len({item.word for item in wanted}) < 2:
        return list(items)
    return [replace(item, word="both") if item in wanted else item for item in items]


def _merged_feelings(items: Sequence[_Item], page: Page) -> Iterator[_Item]:
    """Feelings said together, such as "relaxed and friendly", are one description."""
    waiting: _Item | None = None
    for item in items:
        if waiting and item.kind == "felt" and item.polarity == waiting.polarity == "wanted" \
                and _JOINED.fullmatch(page.text[waiting.end : item.start]):  # fmt: skip
            waiting = replace(waiting, end=item.end)
            continue
        if waiting:
            yield waiting
            waiting = None
        if item.kind == "felt":
            waiting = item
        else:
            yield item
    if waiting:
        yield waiting


def _ask(item: _Item, page: Page) -> Ask:
    said = page.folded.said(item.start, item.end)
    amount = cast("LookAmount", "more" if item.polarity == "wanted" else item.polarity)
    if item.kind == "setting":
        setting = cast("Setting", item.word)
        if item.polarity in ("none", "less"):
            setting = _OPPOSITE.get(setting, setting)
        return SettingAsk(setting=setting, strength=strength_of(page, item.start, item.end))
    if item.kind == "amenity":
        wanted = item.polarity in ("wanted", "more")
        return AmenityAsk(word=item.word, wanted=wanted, strength=strength_of(page, item.start, item.end))
    if item.kind == "look":
        default: Strength = "want" if amount == "none" else "prefer"
        strength = strength_of(page, item.start, item.end, default)
        return LookAsk(words=readable(item.word), style=item.word, amount=amount, strength=strength)
    if item.kind == "seen":
        return LookAsk(words=said, amount=amount)
    return WordsAsk(words=said)
