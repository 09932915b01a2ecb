"""What an ask is called where people see it: on a chip, in an answer. English only; nothing here decides anything."""

from __future__ import annotations

from collections.abc import Sequence

from lookbook.refine.asks import (
    AmenityAsk,
    Ask,
    BudgetAsk,
    CountryAsk,
    GuestsAsk,
    LikeAsk,
    LookAsk,
    PlaceAsk,
    SettingAsk,
    TasteAsk,
)
from resources.gazetteer import country_name

_SYMBOLS = {"USD": "$", "GBP": "£", "EUR": "€", "INR": "₹"}
_SETTINGS = {"indoor": "indoors", "outdoor": "outdoors", "both": "indoors and outdoors"}
_WITH_ARTICLE = frozenset({"AE", "BS", "DO", "GB", "GM", "MV", "NL", "PH", "SC", "US"})
_AMOUNTS = {"more": "more", "less": "less", "none": "no"}


def readable(word: str) -> str:
    """A word of a vocabulary as people write it."""
    return word.replace("_", " ")


def money(amount: float, currency: str) -> str:
    """An amount with its currency: `£15,000`, `CHF 900.50`."""
    number = f"{amount:,.0f}" if float(amount).is_integer() else f"{amount:,.2f}"
    symbol = _SYMBOLS.get(currency)
    return f"{symbol}{number}" if symbol else f"{currency} {number}"


def countries(codes: Sequence[str]) -> str:
    """The names of countries: `Italy`, `France, Spain or the United Kingdom`."""
    *others, last = (f"{'the ' * (code in _WITH_ARTICLE)}{country_name(code)}" for code in codes)
    return f"{', '.join(others)} or {last}" if others else last


def chip_text(ask: Ask) -> str:
    """The text of a chip, without how firmly it is asked."""
    match ask:
        case GuestsAsk():
            return f"{ask.most} guests" if ask.least == ask.most else f"{ask.least} to {ask.most} guests"
        case BudgetAsk():
            unit = "" if ask.per == "event" else f" per {ask.per}"
            return f"up to {money(ask.amount, ask.currency)}{unit}"
        case PlaceAsk():
            return f"within {ask.km:.0f} km of {ask.name}" + (f" ({ask.travel})" if ask.travel else "")
        case CountryAsk():
            return f"{'' if ask.wanted else 'not '}in {countries(ask.codes)}"
        case SettingAsk():
            return _SETTINGS[ask.setting]
        case AmenityAsk():
            return readable(ask.word) if ask.wanted else f"no {readable(ask.word)}"
        case LookAsk():
            return f"{_AMOUNTS[ask.amount]} {ask.words}"
        case TasteAsk():
            name = "a look of your own" if ask.label in ("", "unnamed") else readable(ask.label)
            return f"your taste for {name} at {ask.factor:g} times its weight"
        case LikeAsk():
            return f"{'more' if ask.more else 'less'} like {ask.name or 'this one'}"
    return f"“{ask.words}”"
