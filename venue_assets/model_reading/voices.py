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
from venue_assets.extract.words import one_line
from venue_assets.model_reading.answer import SiteAnswer

_SENTENCE_END: Final = re.compile(r"(?<=[.!?\u3002\uff01\uff1f])[\"'\u2019\u201d)]*\s+(?=\S)")
_ABBREVIATED: Final = re.compile(r"\b(?:St|Mr|Mrs|Dr|Ste|e\.g|i\.e|approx|No|c)\.$")
_EMPHASIS: Final = re.compile(r"(?<!\w)[*_]{1,3}(?=\w)|(?<=[\w.,!?])[*_]{1,3}(?!\w)")
_MARKUP: Final = re.compile(
    r"[<>{}|\\`\[\]]|&(?:#\w+|[a-z]+);|^\s*(?:#{1,6}|[-*+]|\d+\.)\s|[*_~]{2}|-{3,}|={3,}", re.IGNORECASE
)
_ADDRESS: Final = re.compile(
    r"(?:https?|javascript|vbscript|mailto|\bftp|\bdata|\bfile)\s*:|//|www\.|\S@\S|\b[\w-]+\.(?:com|net|org|info|io|co|uk|eu|de|fr|app"
    r"|dev|test|xyz|ru|cn|biz|site|online|shop|venue|wedding)\b",
    re.IGNORECASE,
)
_INSTRUCTION: Final = re.compile(
    r"\b(?:ignore|disregard|forget|override|bypass)\b.{0,40}\b(?:instruction|prompt|rule|previous|above|prior|everything)"
    r"|\b(?:system|developer)\s+(?:prompt|message|instruction)|\bas an? (?:ai|language model|assistant)\b"
    r"|\bI (?:cannot|can't|am an)\b|\byou (?:are now|must|should now|will now)\b|\bdo not (?:tell|mention|reveal|say)\b"
    r"|\b(?:assistant|system|user)\s*:|\b(?:click|tap) (?:here|the link|below)|\bjailbreak\b|\bprompt injection\b",
    re.IGNORECASE,
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
    for pattern, what in ((_MARKUP, "markup"), (_ADDRESS, "an address"), (_INSTRUCTION, "an instruction")):
        if pattern.search(text):
            return f"it holds {what}"
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
