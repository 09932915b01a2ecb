"""Whether a quote speaks of the kind of fact it is given for: "built in 1850" is no capacity, however real the words.

A second fence behind `quotes.verified`, which sees to it that the words and the number stand on the page. Patterns are
matched on `statements.folded` words, in the languages the crawl's sites are written in.
"""

from __future__ import annotations

import re
from typing import Final

from venue_assets.extract.facts.money import CURRENCIES
from venue_assets.extract.facts.statements import folded
from venue_assets.extract.facts.vocabulary import AMENITY_PATTERNS, STYLE_PATTERNS
from venue_assets.model_reading.answer import ClaimKind

_GUESTS: Final = re.compile(
    r"guest|people|person|seat|stand|capacit|accommodat|host|pax\b|attende|dining|dinner|banquet|reception|ceremon|invit"
    r"|couvert|places|assis|debout|gast|gaste|platze|platz|ospiti|posti|plazas|cocktail|theatre"
)
_PRICE: Final = re.compile(
    r"[£$€₹¥]|\b(?:gbp|usd|eur|inr|aud|nzd|cad|chf|jpy|zar|sgd|aed)\b|\brs\.?\s?\d|pric|cost|\bfee|rate|hire|tarif|prix|preis"
    r"|prezz|from|package"
)
_ON_APPLICATION: Final = re.compile(
    r"application|request|\bpoa\b|enquir|inquir|contact|quote|quotation|bespoke|tailor|demande|devis|anfrage|richiesta"
)
_UNITS: Final[dict[str, re.Pattern[str]]] = {
    "person": re.compile(
        r"person|head|guest|\bpp\b|p\.p|\beach\b|couvert|\bpax\b|plate|adult|(?:pro|par|a) (?:pers|kopf|gast|invite)"
    ),
    "day": re.compile(
        r"\bda(?:ys?|ily)\b|(?:mon|tues|wednes|thurs|fri|satur|sun)day|midweek|weekend|\bjour|\btag|giorn"
    ),
    "hour": re.compile(r"hour|\bhr\b|heure|stunde|\bor[ae]\b"),
    "event": re.compile(
        r"event|wedding|hire|rental|venue|package|exclusive|ceremon|reception|location|miete|mariage|hochzeit|site fee"
    ),
}
_OUTDOOR: Final = re.compile(
    r"outdoor|outside|open[- ]air|al ?fresco|garden|lawn|terrace|courtyard|beach|meadow|field|marquee|tent|rooftop"
    r"|patio|under the stars|exterieur|jardin|terrasse|draussen|garten|plein air|vineyard|forest|woodland|orchard"
)
_INDOOR: Final = re.compile(
    r"indoor|inside|hall|room|barn|house|castle|chateau|mansion|manor|loft|library|chapel|greenhouse|conservatory|orangery"
    r"|interieur|salle|drinnen|saal|scheune|grange|gallery|suite|under (?:one|our|the) roof|restaurant|hotel|pavilion"
)
_DOLLARS: Final = frozenset({"USD", "AUD", "NZD", "CAD", "SGD", "HKD", "MXN"})

KNOWN_CURRENCIES: Final = _DOLLARS | set(CURRENCIES.values())
"""ISO 4217 codes that a site's prices may be in; "ALL" and "TOP" are codes, too, and words."""


def speaks_of(kind: ClaimKind, value: str, quote: str) -> bool:
    """Whether the quote's words are about this kind of fact, and about this value where it is a word.

    Args:
        kind: of the fact.
        value: as it will be stored, in text.
        quote: as given; folded here.
    """
    words = folded(quote)
    if kind in ("capacity_min", "capacity_max", "seated_max", "standing_max"):
        return _GUESTS.search(words) is not None
    if kind in ("price_min", "price_max"):
        return _PRICE.search(words) is not None
    if kind == "setting":
        return _speaks_of_setting(value, words)
    if kind in ("amenity", "style"):
        pattern = (AMENITY_PATTERNS if kind == "amenity" else STYLE_PATTERNS).get(value)
        return folded(value) in words if pattern is None else pattern.search(words) is not None
    if kind == "address":
        return folded(value) in words
    if kind == "currency":
        return _speaks_of_currency(value, quote)
    return _speaks_of_word(kind, value, words)


def _speaks_of_word(kind: ClaimKind, value: str, words: str) -> bool:
    if kind == "price_unit":
        return _UNITS[value].search(words) is not None
    if kind == "price_on_application":
        return _ON_APPLICATION.search(words) is not None
    return True  # a coordinate: its number, with its decimals, stands in the quote


def _speaks_of_currency(code: str, quote: str) -> bool:
    # In capitals only: "try" is a word more often than a lira.
    if re.search(rf"(?<![A-Za-z]){code}(?![A-Za-z])", quote):
        return True
    signs = {mark for mark, known in CURRENCIES.items() if known == code and (len(mark) > 3 or not mark.isalpha())}
    return any(sign in folded(quote) for sign in signs | ({"$"} if code in _DOLLARS else set()))


def _speaks_of_setting(value: str, words: str) -> bool:
    outdoor, indoor = _OUTDOOR.search(words) is not None, _INDOOR.search(words) is not None
    return (outdoor or value == "indoor") and (indoor or value == "outdoor")
