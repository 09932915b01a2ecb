"""The factual summary: the site's sentences that state its facts, then sentences composed of verified facts.

A composed sentence says what `SiteFacts` says and nothing else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from venue_assets.extract.facts.capacity import capacity_claims
from venue_assets.extract.summary.bounds import SENTENCES
from venue_assets.extract.summary.ranking import Candidate, are_alike, is_fit

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from venue_assets.extract.reading import SiteFacts

_PER: Final = {"event": "per event", "person": "per person", "day": "per day", "hour": "per hour"}
_SETTINGS: Final = {"indoor": "indoors", "outdoor": "outdoors", "both": "indoors and outdoors"}
_MOST_AMENITIES: Final = 6


def factual_sentences(facts: SiteFacts, found: Sequence[Candidate]) -> list[str]:
    """Two or three sentences, or none where the facts give fewer than two."""
    most = SENTENCES["factual"][1]
    by_quote = {(one.statement.quote, one.statement.page_url): one for one in found if one.is_own_subject}
    chosen: list[Candidate] = []
    composed: list[str] = []
    for quoted, sentence in _topics(facts, found):
        candidate = next((by_quote[key] for key in quoted if key in by_quote), None)
        if len(chosen) + len(composed) == most:
            break
        if candidate is None:
            composed.append(sentence)
        elif not any(are_alike(candidate, other) for other in chosen):
            chosen.append(candidate)
    sentences = [one.text for one in sorted(chosen, key=lambda one: one.order)] + composed
    return sentences if len(sentences) >= SENTENCES["factual"][0] else []


def _topics(facts: SiteFacts, found: Sequence[Candidate]) -> Iterator[tuple[list[tuple[str, str]], str]]:
    """Per topic: the quotes that state it, and a sentence of our own for it."""
    if facts.capacity_max is not None:
        numbers = [one.value for one in (facts.capacity_max, facts.seated_max, facts.standing_max) if one is not None]
        saying = [
            (one.statement.quote, one.statement.page_url)
            for one in found
            if any(claim.high in numbers for claim in capacity_claims(one.statement))
        ]
        yield saying, _guests(facts)
    if facts.price_min is not None:
        yield [(facts.price_min.quote, facts.price_min.page_url)], _price(facts)
    elif facts.price_on_application is not None:
        asked = facts.price_on_application
        yield [(asked.quote, asked.page_url)], "Prices are given on application."
    if facts.amenities:
        words = [one.value.replace("_", " ") for one in facts.amenities[:_MOST_AMENITIES]]
        # No quote: one amenity's sentence would hide the others.
        yield [], f"On offer: {', '.join(words)}."
    if facts.setting is not None:
        setting = _SETTINGS[facts.setting.value]
        yield [(facts.setting.quote, facts.setting.page_url)], f"Celebrations are held {setting}."
    # Composed of what machine-readable statements say, which no sentence's rules have looked at.
    if facts.address is not None and is_fit(facts.address.value):
        yield [], f"The address is {facts.address.value.rstrip('.')}."


def _guests(facts: SiteFacts) -> str:
    if facts.seated_max is not None and facts.standing_max is not None:
        return f"Room for up to {facts.seated_max.value:,} guests seated and {facts.standing_max.value:,} standing."
    if facts.capacity_max is None:
        return ""
    if facts.capacity_min is not None and facts.capacity_min.value < facts.capacity_max.value:
        return f"Room for {facts.capacity_min.value:,} to {facts.capacity_max.value:,} guests."
    return f"Room for up to {facts.capacity_max.value:,} guests."


def _price(facts: SiteFacts) -> str:
    if facts.price_min is None or facts.currency is None:
        return ""
    unit = f" {_PER[facts.price_unit.value]}" if facts.price_unit is not None else ""
    low = f"{facts.price_min.value:,.10g}"
    if facts.price_max is not None:
        return f"Prices are {facts.currency.value} {low} to {facts.price_max.value:,.10g}{unit}."
    return f"Prices start at {facts.currency.value} {low}{unit}."
