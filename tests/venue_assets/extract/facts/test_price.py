"""What counts as the price of a venue, which of several is taken, and prices told on request."""

from __future__ import annotations

import pytest

from tests.venue_assets.extract.site_pages import URL, written
from venue_assets.extract.facts.read import read_facts
from venue_assets.extract.values import StructuredItem


def price(markdown: str, *items: StructuredItem) -> tuple[float | None, float | None, str | None, str | None]:
    facts = read_facts([written(markdown, *items)])
    return (
        facts.price_min.value if facts.price_min else None,
        facts.price_max.value if facts.price_max else None,
        facts.currency.value if facts.currency else None,
        facts.price_unit.value if facts.price_unit else None,
    )


@pytest.mark.parametrize(
    ("markdown", "expected"),
    [
        ("Exclusive hire from \u00a33.5k.", (3500, None, "GBP", "event")),
        ("Hire costs between \u20ac4,000 and \u20ac6,500.", (4000, 6500, "EUR", "event")),
        ("Packages from \u20ac95 per head.", (95, None, "EUR", "person")),
        ("Hire from $2,000 per day.", (2000, None, "USD", "day")),
        ("| Venue hire | from 3\u202f500 \u20ac |\n| --- | --- |", (3500, None, "EUR", "event")),
        ("- Price: CHF 3'500 per event", (3500, None, "CHF", "event")),
        ("Location du domaine \u00e0 partir de 4 500 \u20ac", (4500, None, "EUR", "event")),
        ("## Wedding packages\n\n- Midweek: \u00a32,000\n- Saturday: \u00a34,000", (2000, 4000, "GBP", None)),
        ("## What does it cost?\n\nPackages from $750 to $2,500 by tier.", (750, 2500, "USD", "event")),
        ("2026 prices start from \u00a34,250 midweek, rising to \u00a38,995 on Saturdays.", (4250, 8995, "GBP", None)),
        ("Mietpreis: ab 2.500 \u20ac pro Tag", (2500, None, "EUR", "day")),
        ("Venue hire was \u00a35,000 in 2019, now \u00a37,500.", (7500, None, "GBP", "event")),
        ("Hire reduced from \u00a35,000 to \u00a34,000.", (4000, None, "GBP", None)),
        ("Venue hire \u00a35,000 + VAT (\u00a36,000 inc VAT).", (6000, None, "GBP", "event")),
        ("Venue hire \u00a35,000+VAT (\u00a36,000 inc. VAT)", (6000, None, "GBP", "event")),
        ("Venue hire \u00a36,000 including VAT (\u00a35,000 plus 20% VAT)", (6000, None, "GBP", "event")),
        ("Location du domaine : 5 000 \u20ac HT (6 000 \u20ac TTC)", (6000, None, "EUR", "event")),
        ("Venue hire \u00a35,000 + VAT.", (5000, None, "GBP", "event")),
        ("Hire from \u00a34,000 + VAT to \u00a36,000 + VAT", (4000, 6000, "GBP", None)),
        ("## Venue hire\n\n- Midweek: \u00a32,000 + VAT\n- Saturday: \u00a34,000+VAT", (2000, 4000, "GBP", None)),
    ],
)
def test_prices(markdown: str, expected: tuple[float, float | None, str, str | None]) -> None:
    assert price(markdown) == expected


@pytest.mark.parametrize(
    "markdown",
    [
        "A deposit of \u00a3500 is taken when you hire the venue.",
        "Corkage is \u00a312 per person.",
        "Rooms from \u00a3105 per night.",
        "## Drinks menu\n\nVenue hire spritz $18",
        "Wedding cake tasting \u00a340 per person",
        "Rehearsal dinners from $500.",
        "Save \u00a31,000 on weddings in winter!",
        "Parking is \u00a310 per day.",
        "> We paid \u00a39,000 for venue hire.",
        "A multi-million dollar restoration, $4,000,000 in all.",
        "Gift vouchers from \u00a350 per person.",
        "FROM 90$",
        "Packages used to cost \u00a35,000.",
        "In 2019 venue hire was \u00a35,000.",
        "Weddings here cost around \u20ac20,000 on average.",
    ],
)
def test_what_the_venue_does_not_cost(markdown: str) -> None:
    assert price(markdown) == (None, None, None, None)


def test_machine_readable_first() -> None:
    venue = StructuredItem(("EventVenue",), {"priceRange": ("$3,000 - $5,000",)}, "json-ld")
    assert price("Venue hire from $2,000.", venue) == (3000, 5000, "USD", None)
    agreeing = price("Venue hire $3,000 to $5,000 per day.", venue)
    assert agreeing == (3000, 5000, "USD", "day")


def test_a_banquet_menu_in_json_ld_is_a_price_without_a_unit() -> None:
    offers = [
        StructuredItem(("Offer",), {"price": (cost,), "priceCurrency": ("AUD",)}, "json-ld") for cost in ("78", 98)
    ]
    dishes = tuple(StructuredItem(("MenuItem",), {"offers": (offer,)}, "json-ld") for offer in offers)
    section = StructuredItem(("MenuSection",), {"name": ("Banquet",), "hasMenuItem": dishes}, "json-ld")
    banquet = StructuredItem(("Menu",), {"name": ("Banquet Menu",), "hasMenuSection": (section,)}, "json-ld")
    assert price("", banquet) == (78, 98, "AUD", None)
    currency = read_facts([written("", banquet)]).currency
    assert currency is not None and currency.quote.endswith(".priceCurrency: AUD")
    dinner = StructuredItem(("Menu",), {"name": ("Dinner",), "hasMenuSection": (section,)}, "json-ld")
    assert price("", dinner) == (None, None, None, None)


@pytest.mark.parametrize(
    ("markdown", "is_asked"),
    [
        ("Venue hire: POA", True),
        ("- Price: on application", True),
        ("Prices are on application.", True),
        ("Please ask us for a quote.", True),
        ("Tarifs sur demande", True),
        ("Preis auf Anfrage", True),
        ("Photos on request.", False),
        ("Call for pricing on non-wedding events.", False),
        ("Exclusive hire from \u00a33,000. Prices for Saturdays on application.", False),
    ],
)
def test_price_on_application(markdown: str, is_asked: bool) -> None:
    facts = read_facts([written(markdown)])
    assert (facts.price_on_application is not None) is is_asked
    if facts.price_on_application is not None:
        assert facts.price_on_application.value is True
        assert facts.price_on_application.page_url == URL
