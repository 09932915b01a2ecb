"""The entry: a reading of a site by rule, summaries and facts together. It is the default where no model is set."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from venue_assets.extract.facts.read import read_facts
from venue_assets.extract.facts.statements import in_site_order
from venue_assets.extract.reading import SiteReading
from venue_assets.extract.summary.bounds import MAX_CHARACTERS, MIN_CHARACTERS, SENTENCES
from venue_assets.extract.summary.factual import factual_sentences
from venue_assets.extract.summary.ranking import best, candidates

if TYPE_CHECKING:
    from collections.abc import Sequence

    from venue_assets.extract.reading import SitePage
    from venue_assets.extract.summary.bounds import Voice
    from venue_assets.extract.summary.ranking import Candidate

EXTRACTIVE_VERSION: Final = 2
"""Raise it when the rules change what they read: readings of other versions are made anew."""


def extractive_reading(pages: Sequence[SitePage]) -> SiteReading:
    """Summaries in the site's own sentences and facts by rule; None where the site says too little.

    The same pages in any order give an equal reading in any process; any text is safe to read.
    """
    facts = read_facts(pages)
    found = candidates(in_site_order(pages))
    seen, felt = _shared(found)
    return SiteReading(
        aesthetic=_joined("aesthetic", [one.text for one in seen]),
        factual=_joined("factual", factual_sentences(facts, found)),
        vibe=_joined("vibe", [one.text for one in felt]),
        facts=facts,
    )


def _shared(found: Sequence[Candidate]) -> tuple[list[Candidate], list[Candidate]]:
    """The sentences of the aesthetic and of the vibe; none is in both."""
    least, most = SENTENCES["aesthetic"]
    seen = best(found, most, "looks")
    felt = best([one for one in found if one not in seen], SENTENCES["vibe"][1], "feeling")
    # What tells more of feeling than of looks, or the only one that tells of feeling, moves to the vibe.
    movable = [one for one in seen if one.feeling > (one.looks if felt else 0)]
    if len(seen) > least and movable:
        moved = max(movable, key=lambda one: (one.feeling, -one.order))
        seen.remove(moved)
        felt = best([moved, *felt], SENTENCES["vibe"][1], "feeling")
    return seen, felt


def _joined(voice: Voice, sentences: Sequence[str]) -> str | None:
    summary = " ".join(sentences)
    is_enough = len(sentences) >= SENTENCES[voice][0] and MIN_CHARACTERS <= len(summary) <= MAX_CHARACTERS
    return summary if is_enough else None
