"""How sites word capacities, prices, settings and addresses. Pure: a venue in, phrases out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from demo.world.seeds import pick

if TYPE_CHECKING:
    import numpy as np

    from demo.world.model import Venue

_SIGNS: Final = {"GBP": "£", "USD": "$", "EUR": "€", "CHF": "CHF ", "CAD": "CA$", "AUD": "A$"}
_NO_BREAK_SPACE: Final = "\u00a0"


class Wording(NamedTuple):
    """One fact said twice: `phrase` fits into a sentence, `rows` into a table of labels and values."""

    phrase: str
    rows: tuple[tuple[str, str], ...]


def money(amount: int, currency: str) -> str:
    """`£3,500`, `CA$3,500`, `CHF 3,500`."""
    return f"{_SIGNS[currency]}{amount:,}"


def short_money(amount: int, currency: str) -> str:
    """`£3.5k` for a round hundred of at least a thousand, else as `money`."""
    if amount < 1000 or amount % 100:
        return money(amount, currency)
    return f"{_SIGNS[currency]}{amount / 1000:g}k"


def local_money(amount: int, currency: str, country: str) -> str:
    """As people of the country write it: `3 500 €` (no-break spaces), `3.500 €`, `CHF 3'500`, else `money`."""
    if country == "France":
        return f"{amount:,} €".replace(",", _NO_BREAK_SPACE).replace(" ", _NO_BREAK_SPACE)
    if currency == "EUR" and country != "Ireland":
        return f"{amount:,} €".replace(",", ".")
    return money(amount, currency).replace(",", "'") if currency == "CHF" else money(amount, currency)


def word_capacity(rng: np.random.Generator, venue: Venue) -> Wording | None:
    """How many guests, or None where the site keeps silent."""
    low, high, standing = venue.capacity_min, venue.capacity_max, venue.standing_max
    if high is None:
        return None
    if low is not None:
        phrase = pick(rng, ("seats {0}-{1} guests", "seats {0}\u2013{1} guests", "hosts between {0} and {1} guests"))
        row = pick(rng, (("Capacity", "{0} \u2013 {1} guests"), ("Guests", "{0} to {1}"), ("Seats", "{0}-{1}")))
        return Wording(phrase.format(low, high), ((row[0], row[1].format(low, high)),))
    if standing is not None:
        phrase = pick(rng, ("seats {0} for dinner, with up to {1} standing", "has room for {0} seated or {1} standing"))
        rows = (("Seated dinner", f"{high}"), ("Standing reception", f"up to {standing} standing"))
        return Wording(phrase.format(high, standing), rows)
    phrase = pick(rng, ("welcomes up to {0} guests", "seats up to {0}", "holds a maximum of {0} guests"))
    row = pick(rng, (("Capacity", "max. {0} guests"), ("Guests", "up to {0}"), ("Max. seated", "{0}")))
    return Wording(phrase.format(high), ((row[0], row[1].format(high)),))


def word_price(rng: np.random.Generator, venue: Venue) -> Wording | None:
    """What it costs, or None where the site keeps silent; POA is a way of saying something."""
    if venue.price_on_application:
        return Wording(
            pick(rng, ("prices are on application", "please ask us for a quote (POA)")),
            ((pick(rng, ("Venue hire", "Price")), pick(rng, ("POA", "Price on application"))),),
        )
    if venue.price_min is None or venue.price_unit is None:
        return None
    low, currency = venue.price_min, venue.currency
    written = local_money(low, currency, venue.country)
    if venue.price_unit == "per head":
        phrase = pick(rng, ("packages from {0} per head", "menus and hire from {0} per person"))
        return Wording(phrase.format(money(low, currency)), (("Price", f"{written} per head"),))
    short = pick(rng, (short_money, money))(low, currency)
    if venue.price_unit == "per day":
        return Wording(f"hire from {short} per day", (("Day rate", f"from {written}"),))
    if venue.price_max is not None:
        high = local_money(venue.price_max, currency, venue.country)
        phrase = f"hire costs between {money(low, currency)} and {money(venue.price_max, currency)}"
        return Wording(phrase, (("Venue hire", f"{written} \u2013 {high}"),))
    phrase = pick(rng, ("exclusive hire from {0}", "weddings from {0}", "from {0} for the whole event"))
    return Wording(phrase.format(short), (("Venue hire", f"from {written}"),))


def word_setting(rng: np.random.Generator, venue: Venue) -> Wording:
    """Indoors, outdoors or both."""
    phrases = {
        "indoor": ("everything happens indoors, under one roof", "the whole day is held indoors"),
        "outdoor": ("the whole day is held outdoors", "ceremony and dinner both happen outdoors"),
        "both": ("you can marry indoors or outdoors", "there is space indoors and outdoors alike"),
    }
    values = {"indoor": "Indoors", "outdoor": "Outdoors", "both": "Indoors and outdoors"}
    return Wording(pick(rng, phrases[venue.setting]), (("Setting", values[venue.setting]),))


def address_line(venue: Venue) -> str:
    """Street, town, region, post code and country on one line."""
    return f"{venue.street}, {venue.city}, {venue.region} {venue.postcode}, {venue.country}"


def price_range(venue: Venue) -> str | None:
    """The `priceRange` of schema.org: free text in the site's own words."""
    if venue.price_on_application:
        return "POA"
    if venue.price_min is None:
        return None
    low = money(venue.price_min, venue.currency)
    if venue.price_max is not None:
        return f"{low} - {money(venue.price_max, venue.currency)}"
    unit = "" if venue.price_unit == "per event" else f" {venue.price_unit}"
    return f"from {low}{unit}"
