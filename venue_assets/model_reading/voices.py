"""A model's summaries: plain sentences about this venue, or nothing. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import Final

from venue_assets.extract.facts.numbers import readings
from venue_assets.extract.quotes import normalise, statement_lines
from venue_assets.extract.reading import SitePage
from venue_assets.extract.summary.bounds import MAX_CHARACTERS, MIN_CHARACTERS, SENTENCES
from venue_assets.extract.summary.unfit import holds_address, holds_instruction
from venue_assets.extract.words import one_line
from venue_assets.model_reading.answer import SiteAnswer

_SENTENCE_END: Final = re.compile(r"(?<=[.!?\u3002\uff01\uff1f])[\"'\u2019\u201d)]*\s+(?=\S)")
_ABBREVIATED: Final = re.compile(r"\b(?:St|Mr|Mrs|Dr|Ste|e\.g|i\.e|approx|No|c)\.$")
_EMPHASIS: Final = re.compile(r"(?<!\w)[*_]{1,3}(?=\w)|(?<=[\w.,!?])[*_]{1,3}(?!\w)")
_MARKUP: Final = re.compile(
    r"[<>{}|\\`\[\]]|&(?:#\w+|[a-z]+);|^\s*(?:#{1,6}|[-*+]|\d+\.)\s|[*_~]{2}|-{3,}|={3,}", re.IGNORECASE
)


def believed_summaries(answer: SiteAnswer, pages: Sequence[SitePage]) -> tuple[dict[str, str | None], list[str]]:
    """The summaries fit to be shown, and for each that is not one line that says why.

    Invisible characters and emphasis are taken out and surplus sentences cut off. Markup, addresses, instructions, and
    numbers that stand on no page, refuse the whole summary: what surrounds them is not to be trusted either.
    """
    summaries: dict[str, str | None] = {}
    dropped: list[str] = []
    stated = _numbers(pages)
    for voice, (_, most) in SENTENCES.items():
        text = _EMPHASIS.sub("", one_line(unicodedata.normalize("NFKC", getattr(answer, voice))))
        reason = _refusal(text, stated) if text else ""
        if reason:
            dropped.append(f"summary {voice}: {reason}")
        kept = " ".join(sentences(text)[:most])
        summaries[voice] = kept if kept and not reason else None
    return summaries, dropped


def sentences(text: str) -> list[str]:
    """The sentences of a one-line text, by their full stops."""
    found: list[str] = []
    for piece in _SENTENCE_END.split(text):
        if found and _ABBREVIATED.search(found[-1]):
            found[-1] += f" {piece}"
        elif piece:
            found.append(piece)
    return found


def _refusal(text: str, stated: frozenset[float]) -> str:
    if _MARKUP.search(text):
        return "it holds markup"
    if holds_address(text):
        return "it holds an address"
    if holds_instruction(text):
        return "it holds an instruction"
    if not MIN_CHARACTERS <= len(text) <= MAX_CHARACTERS:
        return f"it has {len(text)} characters, and {MIN_CHARACTERS} to {MAX_CHARACTERS} are fit to be shown"
    unknown = sorted(number for number in readings(normalise(text)) if number > 2 and number not in stated)
    if unknown:
        return f"it names {unknown[0]:g}, which stands on no page"
    return ""


def _numbers(pages: Sequence[SitePage]) -> frozenset[float]:
    found: set[float] = set()
    for page in pages:
        found |= readings(normalise(f"{page.title}\n{page.markdown}"))
        found |= {number for line in statement_lines(page.structured) for number in readings(normalise(line))}
    return frozenset(found)
