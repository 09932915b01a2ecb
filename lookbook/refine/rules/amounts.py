"""Numbers of guests and sums of money: which is which, ranges, currencies, "per head"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from pydantic import ValidationError

from lookbook.refine.asks import Ask, BudgetAsk, GuestsAsk, PriceUnit
from lookbook.refine.context import Context
from lookbook.refine.conversation import Option, Question
from lookbook.refine.rules.bounds import denied_excess, lower_bound, unaskable_sum
from lookbook.refine.rules.cues import strength_of
from lookbook.refine.rules.headcounts import change_of, changed, range_with_the_last
from lookbook.refine.rules.numbers import DIGITS, TIMES, value
from lookbook.refine.rules.page import Found, Page
from lookbook.refine.wording import chip_text

_CURRENCIES: Final = {
    "USD": r"us ?\$|usd|u\.s\. dollars|us dollars", "AUD": r"au?\$|aud|australian dollars", "NZD": r"nz\$|nzd",
    "CAD": r"ca?\$|cad|canadian dollars", "GBP": r"£|gbp|pounds?(?: sterling)?|quid", "EUR": r"€|eur|euros?",
    "INR": r"₹|inr|rupees?|rs\.?", "CHF": r"chf|sfr|franken|swiss francs", "JPY": r"jpy|¥|yen",
    "SEK": r"sek", "NOK": r"nok", "DKK": r"dkk", "PLN": r"pln|zloty", "CZK": r"czk", "ZAR": r"zar|rand",
    "AED": r"aed|dirhams?", "SGD": r"sgd|s\$", "HKD": r"hkd|hk\$", "MXN": r"mxn", "BRL": r"brl|r\$",
    "$": r"\$|dollars?|bucks",
}  # fmt: skip
_DOLLARS: Final = frozenset({"USD", "AUD", "NZD", "CAD", "SGD", "HKD"})
_MONEY: Final = "|".join(_CURRENCIES.values())
_KNOWN: Final = [(code, re.compile(wordings)) for code, wordings in _CURRENCIES.items()]

_AMOUNT: Final = re.compile(
    rf"(?<![\w.,#-])(?P<before>{_MONEY})?\s?(?P<low>{DIGITS})\s?(?P<low_times>{TIMES})?(?:\s?-?ish)?\s?(?P<middle>{_MONEY})?"
    rf"(?:\s?(?:-|/|to|and|bis|und|or)\s?(?P<again>{_MONEY})?\s?(?P<high>{DIGITS})\s?(?P<high_times>{TIMES})?)?"
    rf"(?:\s?(?:in )?(?P<after>{_MONEY})(?![a-z]))?(?:\s?-?ish)?(?!(?!pp\b|ppl\b|pax\b)[\w%#]|[.,]\d)"
)
_PER: Final = re.compile(
    r"\s?(?:/|per|a|an|each|pro|p\.?)\s?(?P<unit>head|person|guest|plate|pax|kopf|gast|p\.?(?![a-z])|day|tag|hour"
    r"|hr|h|stunde)\b"
    r"|\s?(?P<each>pp|p\.p\.?|each|ppn)\b"
)  # fmt: skip
_UNITS: Final[dict[str, PriceUnit]] = {"day": "day", "tag": "day", "hour": "hour", "hr": "hour", "h": "hour",
                                       "stunde": "hour"}  # fmt: skip
_PEOPLE: Final = re.compile(
    r"\s?(?:-?ish)?\s?(?:\w+ ){0,2}?(?:guests?|people|persons?|ppl|pax|invitees|attendees|friends(?: and family)?"
    r"|seats?"
    r"|folks?|adults|heads|of us|gasten?|personen|leuten?|mann|sitzplatze)\b(?! (?:room|house|bedroom))"
)
_GUEST_CUE: Final = re.compile(
    r"(?:\bfor|party of|group of|wedding of|capacity(?: of| for)?:?|guests?(?:\s?[:=])?|guest ?(?:list|count)(?: is"
    r"| of)?:?|seats?|seating|holds?|"
    r"fits?|expect(?:ing)?|hosts?|accommodates?|we(?:'re| are| will be|'ll be)|invit(?:e|ing)|room for|space for"
    r"|fur|sind(?: wir)?|wir sind)"
    r"\s*(?<![a-z])(?:(?:about|around|approx(?:imately)?|roughly|up to|at least|at most|nearly|almost|some|only"
    r"|just|like|ca\.?|etwa|bis zu"
    r"|between|zwischen|over|more than|max\.?|maximum|the|our|from)\s+)*$"
)  # fmt: skip
_BUDGET_CUE: Final = re.compile(
    r"\b(?:budgets?|spend(?:ing)?|cost(?:s|ing)?|pric(?:e|ed|es)|afford|pay(?:ing)?|cheaper|cheap|money|all in"
    r"|total|kosten|preis"
    r"|ausgeben|go over|expensive)\b"
)
_BOUND: Final = re.compile(
    r"\b(?:under|below|max(?:imum)?\.?|up to|at most|no more than|not more than|less than|over|tops|within"
    r"|hochstens|maximal|bis|unter|nothing over)\s*$"
)
_REVISION: Final = re.compile(r"\b(?:make (?:it|that)|actually|instead|change (?:it|that) to|let's say|rather)\b")
_BUDGET_FOR: Final = re.compile(r"\b(?:budget|price|cost|spend|pay)\s+(?:is |of |for |about |around )*$")
_OTHER_PEOPLE: Final = re.compile(
    r"\s?(?:brides?|grooms?|mums?|moms?|dads?|nights?|days?|rooms?|bedrooms?|tables?"
    r"|hours?)\b"
)
_ABOUT: Final = re.compile(r"\b(?:about|around|roughly|approximately|circa|ca\.?|etwa|ungefahr)\s*$")
_OTHER_UNIT: Final = re.compile(
    r"\s?-?(?:kilomet(?:er|re)s?|kms?|miles?|meilen|mi|hours?|hrs?|minutes?|mins?|stunden?|minuten)\b"
)
_SLEEPS: Final = re.compile(r"\bsleeps?(?: up to| at least| about)?\s*$")
_MOST: Final = 1e12
_SAME_UNIT: Final = 5
_ENOUGH_FOR_MONEY: Final = 1000
_MOST_BARE_GUESTS: Final = 2000


@dataclass(frozen=True, slots=True)
class _Amount:
    start: int
    end: int
    low: float
    high: float
    currency: str | None
    per: PriceUnit | None
    has_times: bool


def read_amounts(page: Page, context: Context) -> None:
    """Every number that is one of guests or of money."""
    for match in page.matches(_AMOUNT):
        amount = _amount(match, page)
        try:
            meaning = _read(page, amount, context)
        except ValidationError:  # out of every bound: said to be not understood
            continue
        if isinstance(meaning, Found):
            page.understood(meaning.start, meaning.end, meaning.ask, meaning.note)
        elif meaning is not None:
            page.questions.append(meaning)
            page.claim(amount.start, amount.end)


def _amount(match: re.Match[str], page: Page) -> _Amount:
    low_times, high_times = match["low_times"], match["high_times"]
    high_text = match["high"]
    high = value(high_text or match["low"], high_times if high_text else low_times)
    low = value(match["low"], low_times)
    if high_text and high_times and not low_times and low < high / value("1", high_times) * 1.0001:
        low = value(match["low"], high_times)  # 10-15k
    symbol = match["before"] or match["middle"] or match["again"] or match["after"]
    code = next((code for code, pattern in _KNOWN if symbol and pattern.fullmatch(symbol)), None)
    per = _PER.match(page.left, match.end())
    end = per.end() if per else match.end()
    unit = _UNITS.get(per["unit"] or "", "person") if per else None
    return _Amount(match.start(), end, min(low, high), max(low, high), code, unit, bool(low_times or high_times))


def _read(page: Page, amount: _Amount, context: Context) -> Found | Question | None:
    if amount.high > _MOST or _SLEEPS.search(page.left[: amount.start]):  # how many sleep there is not how many come
        return None
    if not (amount.currency or amount.per):
        if unit := _OTHER_UNIT.match(page.left, amount.end):
            page.refuse(amount.start, unit.end())
            return None
        by_others = None if amount.has_times else _by_what_was_said(page, amount, context)
        if by_others or page.is_refused(amount.start):
            return by_others
    return _meaning(page, amount, context)


def _by_what_was_said(page: Page, amount: _Amount, context: Context) -> Found | None:
    """The other end of a range, or more guests than stand, or fewer; refused where none stand."""
    number, people = round(amount.high), _PEOPLE.match(page.left, amount.end)
    if joined := range_with_the_last(page, amount.start, people.end() if people else amount.end, number):
        return joined
    change = change_of(page, amount.start, amount.end, number)
    if change is None:
        return None
    by, end = change
    standing = context.standing.guests
    if standing is None:
        page.refuse(amount.start, end)
        return None
    return Found(amount.start, end, changed(standing, by), f"{standing.most} before")


def _meaning(page: Page, amount: _Amount, context: Context) -> Found | Question | None:
    segment = page.segment(amount.start)[0]
    before, around = page.left[segment : amount.start], page.segment_text(amount.start)
    people, cue = _PEOPLE.match(page.left, amount.end), _GUEST_CUE.search(before)
    if amount.currency or amount.per or (amount.has_times and not people):
        return _budget(page, amount, context)
    if people:
        return _guests(page, amount, segment + cue.start() if cue else amount.start, people.end())
    is_few = amount.high <= _MOST_BARE_GUESTS
    if cue and is_few and not _BUDGET_FOR.search(before) and not _OTHER_PEOPLE.match(page.left, amount.end):
        return _guests(page, amount, segment + cue.start(), amount.end)
    if _BUDGET_CUE.search(around):
        return _budget(page, amount, context)
    if _BOUND.search(before):
        return _which(page, amount, context) if amount.high < _ENOUGH_FOR_MONEY else _budget(page, amount, context)
    is_bare = page.text.strip() == page.text[amount.start : amount.end].strip()
    if is_few and _ABOUT.search(before) and not _OTHER_PEOPLE.match(page.left, amount.end):
        return _guests(page, amount, amount.start, amount.end)
    if is_few and (is_bare or (_REVISION.search(around) and context.standing.guests)):
        return _guests(page, amount, amount.start, amount.end)
    return None


def _guests(page: Page, amount: _Amount, start: int, end: int) -> Found:
    strength = strength_of(page, amount.start, amount.end, by_only=False)
    return Found(start, end, GuestsAsk(least=round(amount.low), most=round(amount.high), strength=strength))


def _budget(page: Page, amount: _Amount, context: Context) -> Found | None:
    # Of a range the upper end is what may be spent.
    if amount.low == amount.high and (unclear := unaskable_sum(page, amount.start, amount.end)):
        page.refuse(*unclear)
        return None
    currency, note = _currency(amount.currency, context)
    standing = context.standing.budget
    # "90 is fine, too" after "£85 a head" is still a head's.
    same = standing is not None and standing.per != "event" and amount.high < _SAME_UNIT * standing.amount
    per = amount.per or (standing.per if standing and same else "event")
    strength = strength_of(page, amount.start, amount.end, by_only=False)
    ask = BudgetAsk(amount=amount.high, currency=currency, per=per, strength=strength)
    start = denied_excess(page, amount.start)
    return Found(amount.start if start is None else start, amount.end, ask, note)


def _currency(code: str | None, context: Context) -> tuple[str, str]:
    """The currency that is meant, and what is assumed for it."""
    standing = context.standing.budget.currency if context.standing.budget else None
    usual = standing or context.catalogue.currency
    if code == "$":
        return (usual, f"$ taken as {usual}") if usual in _DOLLARS and usual != "USD" else ("USD", "")
    if code:
        return code, ""
    if standing:
        return standing, ""
    return (usual, f"taken as {usual}, the currency of most venues") if usual else ("USD", "taken as USD")


def _which(page: Page, amount: _Amount, context: Context) -> Question | None:
    """A bound without a unit: guests, or money for each of them."""
    if least := lower_bound(page, amount.start, amount.end):
        page.refuse(*least)
        return None
    currency, _ = _currency(None, context)
    number = round(amount.high)
    asks: tuple[Ask, ...] = (
        GuestsAsk(least=number, most=number),
        BudgetAsk(amount=amount.high, currency=currency, per="person"),
        BudgetAsk(amount=amount.high, currency=currency),
    )
    said = page.folded.said(amount.start, amount.end)
    options = tuple(Option(text=chip_text(ask), ask=ask) for ask in asks)
    return Question(id=f"0.q{len(page.questions)}", text=f"What is {said}?", options=options, said=said)
