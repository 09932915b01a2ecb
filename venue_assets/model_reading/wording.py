"""Whether a quote speaks of the kind of fact it is given for: "built in 1850" is no capacity, however real the words.

A second fence behind `quotes.verified`, which sees to it that the words and the number stand on the page. Patterns are
matched as whole words on `statements.folded` text, in the languages the crawl's sites are written in. What only looks
like a number of guests or an amount of money is told apart as it is for the rules, by `facts.capacity` and
`facts.money`.
"""

from __future__ import annotations

import re
from typing import Final

from venue_assets.extract.facts.amenities import is_denied
from venue_assets.extract.facts.capacity import may_be_guests
from venue_assets.extract.facts.capacity_words import PAST, STRONG, UNIT
from venue_assets.extract.facts.money import CURRENCIES, amounts_in
from venue_assets.extract.facts.numbers import numbers_in
from venue_assets.extract.facts.price import is_former
from venue_assets.extract.facts.statements import folded
from venue_assets.extract.facts.vocabulary import AMENITY_PATTERNS, STYLE_PATTERNS
from venue_assets.model_reading.answer import ClaimKind

_GUESTS: Final = re.compile(
    r"\b(?:guests?|people|persons?|seat(?:s|ed|ing)?|sit|sitting|stand|standing|capacit(?:y|ies)|maximumattendeecapacity"
    r"|accommodat(?:e|es|ed|ing)|hosts?|hosting|holds?|welcom(?:e|es|ing)|pax|attendees?|delegates|dining|diners?|dinners?"
    r"|banquets?|receptions?|ceremon(?:y|ies)|invitees?|evening|cocktails?|theat(?:re|er)|personnes|personen|convives"
    r"|couverts?|places|capacite|assis\w{0,5}|debout|invites|gast|gaste|gasten|\w{0,7}platze?|kapazitat|ospiti|posti"
    r"|plazas)\b"
)
_PRICED: Final = re.compile(
    r"\b(?:pric(?:e|es|ing)|costs?|hire|rates?|fees?|tarifs?|prix|preise?|miete|prezz[io]|packages?|pricerange)\b"
)
_ASKED: Final = re.compile(
    r"\b(?:application|request(?:ed)?|enquir(?:e|y|ies)|inquir(?:e|y|ies)|contact(?: us)?|ask(?: us)?|call(?: us)?"
    r"|bespoke|tailor-?made|tailored|demande|anfrage|richiesta)\b"
)
_ON_APPLICATION: Final = re.compile(r"\b(?:poa|quotes?|quotation|devis)\b")
_STATED_PRICE: Final = re.compile(r"(?:[\w.]+\.)?(?:low|high|min|max)?price: \d[\d.,]*")
_EACH: Final = r"(?:per|an?|each|every|par|pro|/) ?"
_UNITS: Final[dict[str, re.Pattern[str]]] = {
    "person": re.compile(
        rf"(?:\b|(?=/)){_EACH}(?:persons?|heads?|guests?|adults?|couverts?|plates?|personne|tete|invite|kopf|gast)\b"
        r"|(?:\b|(?<=\d))(?:pp|p\.p\.?|p/p|pax)(?!\w)|\beach\b"
    ),
    "day": re.compile(
        r"\b(?:days?|daily|midweek|weekends?|jours?|journee|tag|tages\w{0,8}|giorn[oi])\b"
        r"|\b(?:mon|tues|wednes|thurs|fri|satur|sun)days?\b"
    ),
    "hour": re.compile(r"\b(?:hours?|hourly|hrs?|heures?|stunden?|or[ae])\b|/h\b"),
    "event": re.compile(
        r"\b(?:events?|weddings?|hire|rental|venue|packages?|exclusive|ceremon(?:y|ies)|receptions?|location|privatisation"
        r"|\w{0,5}miete|mietpreis|mariages?|evenements?|hochzeit(?:en)?|veranstaltung|weekend|site fee)\b"
    ),
}
_OUTDOOR: Final = re.compile(
    r"\b(?:outdoors?|outside|open[- ]air|al ?fresco|gardens?|lawns?|terraces?|courtyards?|beach(?:es)?|meadows?|fields?"
    r"|marquees?|tents?|rooftops?|patios?|under the stars|exterieur|jardins?|terrasses?|draussen|im freien|aussen"
    r"|\w{0,8}garten|plein air|vineyards?|forests?|woodlands?|orchards?)\b"
)
_INDOOR: Final = re.compile(
    r"\b(?:indoors?|inside|halls?|(?:ball|dining|function )?rooms?|barns?|houses?|castles?|chateaux?|mansions?|manors?"
    r"|lofts?|library|chapels?|greenhouses?|conservator(?:y|ies)|oranger(?:y|ies)|interieur|salles?|drinnen|innen"
    r"|\w{0,8}saal|scheune|granges?|galler(?:y|ies)|suites?|under (?:one|our|the) roof|restaurants?|hotels?"
    r"|pavilions?)\b"
)
_DOLLARS: Final = frozenset({"USD", "AUD", "NZD", "CAD", "SGD", "HKD", "MXN"})
_YEARS: Final = range(1000, 2100)
"""Numbers that are a year unless the words just beside them are about guests."""

_DENIAL_FIRST: Final = re.compile(r"(?:no|not|never|without|kein\w{0,2}|ohne|nicht|pas|sans|aucune?)\b")

KNOWN_CURRENCIES: Final = _DOLLARS | set(CURRENCIES.values())
"""ISO 4217 codes that a site's prices may be in; "ALL" and "TOP" are codes, too, and words."""


def speaks_of(kind: ClaimKind, value: str, quote: str) -> bool:
    """Whether the quote's words are about this kind of fact, and about this value.

    Args:
        kind: of the fact.
        value: as it will be stored, in text.
        quote: as given; folded here.
    """
    words = folded(quote)
    match kind:
        case "capacity_min" | "capacity_max" | "seated_max" | "standing_max":
            return _speaks_of_guests(int(value), words)
        case "price_min" | "price_max":
            return _speaks_of_price(float(value), words)
        case "currency":
            return _speaks_of_currency(value, quote)
        case "price_unit":
            return _UNITS[value].search(words) is not None
        case "price_on_application":
            asked = _ASKED.search(words) is not None and _PRICED.search(words) is not None
            return asked or _ON_APPLICATION.search(words) is not None
        case "setting":
            return _speaks_of_setting(value, words)
        case "amenity" | "style":
            found = list(tag_pattern(kind, value).finditer(words))
            return bool(found) and not any(is_denied(words, *each.span()) for each in found)
        case "address":
            return folded(value) in words
        case _:
            return True  # a coordinate: its number, with its decimals, stands in the quote


def tag_pattern(kind: ClaimKind, value: str) -> re.Pattern[str]:
    """What evidences an amenity or a style: the vocabulary's wordings, or for others the words themselves."""
    known = (AMENITY_PATTERNS if kind == "amenity" else STYLE_PATTERNS).get(value)
    return known or re.compile(rf"(?<!\w){re.escape(folded(value))}(?!\w)")


def is_a_denial(tag: str) -> bool:
    """Whether a tag says what there is not, such as "no dogs"."""
    return _DENIAL_FIRST.match(folded(tag)) is not None


def _speaks_of_guests(guests: int, words: str) -> bool:
    """Whether the number stands there as one of guests: beside it no currency, no cars, no denial, and not past."""
    if _GUESTS.search(words) is None or PAST.search(words) is not None:
        return False
    priced = [(amount.start, amount.end) for amount in amounts_in(words)]
    for number in numbers_in(words):
        if number.value != guests or any(start <= number.start < end for start, end in priced):
            continue
        left, right = re.split(r"[.;!?](?=\s)", words[: number.start])[-1], words[number.end :]
        is_told = UNIT.match(right) is not None or STRONG.search(left) is not None
        if may_be_guests(left, right) and (is_told or guests not in _YEARS):
            return True
    return False


def _speaks_of_price(price: float, words: str) -> bool:
    """Whether the amount has a currency's sign or code beside it, and is not a former price.

    Machine-readable prices have their currency elsewhere.
    """
    if _STATED_PRICE.fullmatch(words):
        return True
    return any(
        price in (amount.low, amount.high) and not is_former(words[: amount.start]) for amount in amounts_in(words)
    )


def _speaks_of_currency(code: str, quote: str) -> bool:
    # In capitals only: "try" is a word more often than a lira.
    if re.search(rf"(?<![A-Za-z]){code}(?![A-Za-z])", quote):
        return True
    words = folded(quote)
    # "us$" ends in a "$" that is no other country's; two or three letters are a code, which has had its turn.
    marks = [mark for mark, known in CURRENCIES.items() if known == code and (len(mark) > 3 or not mark.isalpha())]
    if code in _DOLLARS:
        marks.append("$")
    return any(re.search(rf"(?<![^\W\d]){re.escape(mark)}(?![^\W\d])", words) for mark in marks)


def _speaks_of_setting(value: str, words: str) -> bool:
    outdoor, indoor = _OUTDOOR.search(words) is not None, _INDOOR.search(words) is not None
    return (outdoor or value == "indoor") and (indoor or value == "outdoor")
