"""Amounts of money as sites write them: "£3.5k", "3 500 €", "CHF 3'500", "from CA$95 per head", "€4,000 - €6,500".

Whether an amount is what the venue costs is decided in `price`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from venue_assets.extract.facts.numbers import MAX_NUMBERS, Number, numbers_in
from venue_assets.extract.quotes import MAX_PRICE, MIN_PRICE

if TYPE_CHECKING:
    from venue_assets.extract.reading import PriceUnit

CURRENCIES: Final[dict[str, str]] = {
    "us$": "USD", "ca$": "CAD", "c$": "CAD", "au$": "AUD", "a$": "AUD", "nz$": "NZD", "hk$": "HKD", "s$": "SGD",
    "r$": "BRL", "mx$": "MXN", "$": "USD", "£": "GBP", "€": "EUR", "₹": "INR", "¥": "JPY", "₺": "TRY", "zł": "PLN",
    "usd": "USD", "gbp": "GBP", "eur": "EUR", "euros": "EUR", "euro": "EUR", "inr": "INR", "rs.": "INR", "rs": "INR",
    "chf": "CHF", "fr.": "CHF", "sfr": "CHF", "cad": "CAD", "aud": "AUD", "nzd": "NZD", "sgd": "SGD", "hkd": "HKD",
    "jpy": "JPY", "aed": "AED", "zar": "ZAR", "sek": "SEK", "nok": "NOK", "dkk": "DKK", "kr": "SEK", "pln": "PLN",
    "mxn": "MXN", "brl": "BRL", "thb": "THB", "pounds": "GBP", "dollars": "USD",
}  # fmt: skip
"""How sites write a currency, casefolded -> ISO 4217; `amounts_in` knows whose a bare "$" or "kr" is."""

_LOCAL: Final[dict[str, dict[str, str]]] = {
    "$": {"AU": "AUD", "CA": "CAD", "NZ": "NZD", "SG": "SGD", "HK": "HKD", "MX": "MXN"},
    "kr": {"NO": "NOK", "DK": "DKK"},
}
_MARK: Final = "|".join(re.escape(mark) for mark in sorted(CURRENCIES, key=len, reverse=True))
_BEFORE: Final = re.compile(rf"(?:^|(?<=[^\w$]))({_MARK}) ?$")
_AFTER: Final = re.compile(rf" ?({_MARK})(?!\w)")
_ANY_MARK: Final = re.compile(rf"(?<![^\W\d])(?:{_MARK})(?![^\W\d])")
_JOIN: Final = re.compile(r"\s*(?:-|to|and|bis|a|et|und)\s*")
_PER: Final = "(?:per|/|an?|each|par|pro) ?"
_UNITS: Final[tuple[tuple[PriceUnit, re.Pattern[str]], ...]] = (
    (
        "person",
        re.compile(
            rf"{_PER}(?:head|person|guest|adult|personne|tete|invite|kopf|gast)\b"
            r"|(?:\b|(?<=\d))(?:pp|p\.p\.?|p/p)(?!\w)"
        ),
    ),
    ("hour", re.compile(rf"{_PER}(?:hour|hr|heure|stunde)\b|\bhourly\b|/h\b")),
    ("day", re.compile(rf"{_PER}(?:day|jour|tag)\b|\bday rate\b|\bdaily\b|\btages(?:miete|preis)\b")),
    (
        "event",
        re.compile(
            rf"{_PER}(?:event|wedding|evenement|mariage|veranstaltung)\b|\b(?:exclusive|venue) hire\b|\bhire costs\b"
            r"|\bwhole (?:event|wedding|weekend)\b|\bhire fee\b|\bpackages?\b|\bfor the (?:event|wedding)\b"
            r"|\bweddings\b|\blocation (?:du|de la) (?:domaine|salle)\b|\bprivatisation\b"
        ),
    ),
)


@dataclass(frozen=True, slots=True)
class Amount:
    """An amount or a range of amounts at `text[start:end]`; `high` is None for one amount."""

    low: float
    high: float | None
    currency: str
    start: int
    end: int


def amounts_in(words: str, country: str = "") -> list[Amount]:
    """The amounts of a folded text in reading order; `country` (ISO 3166) says whose dollars or crowns they are.

    Two amounts joined by "-", "to" or "between ... and" are a range, and so is "4,000 - 6,500 €". Amounts out of
    range are left out.
    """
    numbers = list(numbers_in(words)) if _ANY_MARK.search(words) else []
    if len(numbers) > MAX_NUMBERS:
        return []
    found: list[Amount] = []
    skip = -1
    for index, number in enumerate(numbers):
        if index <= skip or number.is_words:
            continue
        mark = _mark_at(words, number)
        following = numbers[index + 1] if index + 1 < len(numbers) else None
        high = None
        if following is not None and not following.is_words:
            second = _mark_at(words, following)
            between = _without_marks(words[number.end : following.start])
            is_range = _JOIN.fullmatch(between) is not None and (mark or second) is not None
            if is_range and number.value < following.value and (second is not None or not _counts(words, following)):
                high, mark = following, mark or second
        if mark is None:
            continue
        skip = index + 1 if high is not None else index
        last = high or number
        if MIN_PRICE < number.value <= MAX_PRICE and (high is None or high.value <= MAX_PRICE):
            start, end = _span(words, number.start, last.end)
            currency = _LOCAL.get(mark, {}).get(country, CURRENCIES[mark])
            found.append(Amount(number.value, high.value if high else None, currency, start, end))
    return found


def unit_in(words: str) -> PriceUnit | None:
    """What a price is for, by the first unit the words name, or None."""
    found = [(match.start(), unit) for unit, pattern in _UNITS if (match := pattern.search(words)) is not None]
    # A stated "per head" or "per day" says more than the word "package" before it.
    exact = [entry for entry in found if entry[1] != "event"]
    return min(exact or found)[1] if found else None


def _mark_at(words: str, number: Number) -> str | None:
    before = _BEFORE.search(words[max(0, number.start - 8) : number.start])
    if before:
        return before[1]
    after = _AFTER.match(words, number.end)
    return after[1] if after else None


def _without_marks(words: str) -> str:
    stripped = _AFTER.sub("", words, count=1) if _AFTER.match(words) else words
    return _BEFORE.sub("", stripped)


def _counts(words: str, number: Number) -> bool:
    """Whether the number counts things: "£500 to 20 guests" is no range of money."""
    return re.match(r" [a-z]{3}", words[number.end :]) is not None


def _span(words: str, start: int, end: int) -> tuple[int, int]:
    before = _BEFORE.search(words[max(0, start - 8) : start])
    after = _AFTER.match(words, end)
    return (start - len(before[0]) if before else start), (after.end() if after else end)
