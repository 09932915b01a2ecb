"""What a statement says the venue costs, or that the price is told on request. Which claim counts: see `merge`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from venue_assets.extract.facts.money import amounts_in, unit_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from venue_assets.extract.facts.money import Amount
    from venue_assets.extract.facts.statements import Statement
    from venue_assets.extract.reading import PriceUnit

_CUE: Final = re.compile(
    r"\b(?:hire|venue|packages?|weddings?|exclusive|rental|rates?|rent|prices?|pricing|tariffs?|costs?|tarifs?|prix"
    r"|location (?:du|de la)|privatisation|miete|mietpreis|preise?|paket|whole event|site fee|facility fee|marry)\b"
)
_NOT_HIRE: Final = re.compile(
    r"\b(?:deposit|retainer|corkage|nights?|nightly|bed|bedrooms?|rooms? from|suites? from|chambres?|gites?|semaine"
    r"|per week"
    r"|breakfast|brunch|bottles?|glass|dish|plate of|child(?:ren)?|kids|under \d|gift|vouchers?|discount|saves?|off"
    r"|refund\w*"
    r"|cancell\w*|late fee|supplements?|extras?|additional|add-ons?|surcharge|cleaning|insurance|registrar|parking"
    r"|shuttles?"
    r"|chair covers?|dj|band|photograph\w*|cake|tasting|rehearsals?|minimum spend|massages?|velo|bikes?|tickets?"
    r"|donat\w+"
    r"|raised|worth|petit-dejeuner|acompte|caution|kaution|anzahlung|fruhstuck|ubernachtung|zimmer|nuit|restoration"
    r"|canapes?|evening food|bar tab|average)\b"
)
_DISHES: Final = re.compile(
    r"\b(?:a la carte|menus?|drinks|cocktails|wine list|dishes|karte|speisekarte|rooms? & suites)\b"
)
_FROM: Final = re.compile(
    r"\b(?:from|start(?:ing|s)?(?: at| from)?|a partir de|des|ab|as low as|beginning at)\s*:?\s*$"
)
_FORMER: Final = re.compile(
    r"\b(?:was|were|used to (?:be|cost|start at)|previously|formerly|originally|instead of"
    r"|(?:down|up|reduced|increased) from)\s*:?\s*(?:only |just |about |around |from |at )*$"
)
_WITHOUT_TAX: Final = re.compile(
    r"^\W{0,2}(?:\+|plus|ex(?:cl?|cludes|cluding)?\.?|net(?: of)?|before) ?(?:\d+ ?% )?(?:vat|tax|gst)\b"
    r"|^\W{0,2}(?:ht|hors taxes?|netto|zzgl\.? mwst)\b"
)
_WITH_TAX: Final = re.compile(
    r"^\W{0,2}(?:inc(?:l|lusive|ludes|luding)?\.?(?: of)?|with) ?(?:\d+ ?% )?(?:vat|tax|gst)\b"
    r"|^\W{0,2}(?:ttc|toutes taxes comprises|brutto|inkl\.? mwst)\b"
)
_MOST_TAX: Final = 1.3
"""A price with taxes over the same without them is less than this: no country's are higher than 27 %."""

_UP_TO: Final = re.compile(r"\b(?:up to|over|more than|save|jusqu'a|bis zu|above|below|under)\s*$")
_ON_APPLICATION: Final = re.compile(
    r"\bpoa\b|\bprices? (?:is |are )?(?:available )?(?:up)?on (?:application|request|enquiry)|\bauf anfrage\b"
    r"|\bsur devis\b"
    r"|\b(?:tarifs?|prix) sur demande\b|\b(?:ask|call|contact|enquire)(?: us)?(?: today)? for (?:an? "
    r"|our )?(?:\w+ )?(?:quote|"
    r"prices?|pricing)\b"
)
_SIDE_OFFER: Final = re.compile(r"\b(?:non-wedding|a-la-carte|extras?|add-ons?|corporate|options?|memorial)\b")
_PRICED_LABEL: Final = re.compile(r"\b(?:hire|price|pricing|cost|rate|tarif|prix|preis|miete)\b")
_NEAR: Final = 60


@dataclass(frozen=True, slots=True)
class PriceClaim:
    """What one statement asks for the venue.

    Attributes:
        low: the amount, or the least of a range.
        high: the greatest of a range, or None.
        is_from: a least amount that more may be asked than.
        currency: ISO 4217.
        unit: what it is for, or None where the statement does not say.
        statement: the evidence.
        currency_statement: the evidence for the currency, where that is another.
    """

    low: float
    high: float | None
    is_from: bool
    currency: str
    unit: PriceUnit | None
    statement: Statement
    currency_statement: Statement | None = None


def price_claims(statement: Statement, country: str = "") -> Iterator[PriceClaim]:
    """The prices of the venue, not of rooms for the night, dishes, deposits or extras.

    Args:
        statement: any.
        country: ISO 3166 code of the venue's country or "", for whose dollars a "$" means.
    """
    words = statement.value
    if _DISHES.search(" ".join(statement.headings[:1])) or statement.is_elsewhere:
        return
    amounts = amounts_in(words, country)
    taxed_again = _taxed_again(amounts, words)
    for index, amount in enumerate(amounts):
        begin = amounts[index - 1].end if index else 0
        finish = amounts[index + 1].start if index + 1 < len(amounts) else len(words)
        left = words[max(begin, amount.start - _NEAR) : amount.start]
        right = words[amount.end : min(finish, amount.end + _NEAR)]
        about = f"{statement.label} {left} {right}"
        if _NOT_HIRE.search(about) or _UP_TO.search(left) or is_former(left) or amount in taxed_again:
            continue
        unit = unit_in(right) or unit_in(f"{statement.label} {words[: amount.start]}")
        cued = " ".join((statement.label, words[: amount.end], right, *statement.headings))
        if unit is None and not _CUE.search(cued):
            continue
        is_more = right.startswith("+") and not _WITHOUT_TAX.match(right)
        is_from = amount.high is None and (_FROM.search(left) is not None or is_more)
        yield PriceClaim(amount.low, amount.high, is_from, amount.currency, unit, statement)


def is_former(left: str) -> bool:
    """Whether the folded words before an amount say that it was asked once: "was £5,000 in 2019"."""
    return _FORMER.search(left) is not None


def _taxed_again(amounts: Sequence[Amount], words: str) -> list[Amount]:
    """The amounts without taxes that the statement also gives with them: "£5,000 + VAT (£6,000 inc VAT)"."""
    with_tax = [amount for amount in amounts if _WITH_TAX.match(words[amount.end : amount.end + _NEAR])]
    without = [amount for amount in amounts if _WITHOUT_TAX.match(words[amount.end : amount.end + _NEAR])]
    return [
        amount
        for amount in without
        if any(
            amount.currency == other.currency and amount.low < other.low < _MOST_TAX * amount.low for other in with_tax
        )
    ]


def is_on_application(statement: Statement) -> bool:
    """Whether the statement says that the venue's price is told on request."""
    words = statement.words
    if amounts_in(words) or _SIDE_OFFER.search(words) or _SIDE_OFFER.search(statement.heading):
        return False
    if _ON_APPLICATION.search(words):
        return True
    return (
        _PRICED_LABEL.search(statement.label) is not None
        and re.fullmatch(r"on (?:application|request)", statement.value) is not None
    )
