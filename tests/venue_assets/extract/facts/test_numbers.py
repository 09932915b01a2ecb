"""Numbers and amounts of money in the spellings of several countries."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from venue_assets.extract.facts.money import amounts_in, unit_in
from venue_assets.extract.facts.numbers import numbers_in, readings
from venue_assets.extract.facts.statements import folded


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("1,200 guests", [1200]),
        ("1.200 G\u00e4ste", [1200]),
        ("1\u202f200 invit\u00e9s", [1200]),
        ("1 200 invit\u00e9s", [1200]),
        ("CHF 3\u2019500", [3500]),
        ("1,250,000", [1250000]),
        ("\u20b92,50,000 or \u20b95 lakh", [250000, 500000]),
        ("3.5k to 4k", [3500, 4000]),
        ("1,200.50 and 1.200,50", [1200.5, 1200.5]),
        ("2.75", [2.75]),
        ("30\u201390", [30, 90]),
        ("Hall 2 300 guests", [2, 300]),
        ("twelve hundred, a hundred and twenty-five, forty", [1200, 125, 40]),
        ("B12, v2.0a", []),
        ("07 2141 6732", [7, 2141, 6732]),
        ("47.82847212929275", [47.82847212929275]),
    ],
)
def test_numbers(text: str, values: list[float]) -> None:
    assert [number.value for number in numbers_in(text)] == values


@given(st.integers(1, 999_999), st.sampled_from([",", ".", "'", "\u2019", "\u00a0", "\u202f", " "]))
def test_any_grouping_mark_reads_back(value: int, mark: str) -> None:
    spelled = f"{value:,}".replace(",", mark)
    assert [number.value for number in numbers_in(f"up to {spelled} guests")] == [value]
    assert value in readings(spelled)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("\u00a33,500", [(3500, None, "GBP")]),
        ("from 3\u202f500 \u20ac", [(3500, None, "EUR")]),
        ("CA$95 per head", [(95, None, "CAD")]),
        ("A$95pp", [(95, None, "AUD")]),
        ("CHF 3'500", [(3500, None, "CHF")]),
        ("12.000 EUR", [(12000, None, "EUR")]),
        ("Rs. 1,500", [(1500, None, "INR")]),
        ("\u20b92,50,000", [(250000, None, "INR")]),
        ("$750\u2013$2,500", [(750, 2500, "USD")]),
        ("between \u00a32,000 and \u00a33,000", [(2000, 3000, "GBP")]),
        ("4,000 - 6,500 \u20ac", [(4000, 6500, "EUR")]),
        ("$1,000 Sat \u00b7 $750 weekday", [(1000, None, "USD"), (750, None, "USD")]),
        ("\u00a3500 to 20 guests", [(500, None, "GBP")]),
        ("kr 12 000", [(12000, None, "SEK")]),
        ("\u00a30 and \u00a399,000,000", []),
        ("a $kill", []),
    ],
)
def test_amounts(text: str, expected: list[tuple[float, float | None, str]]) -> None:
    assert [(amount.low, amount.high, amount.currency) for amount in amounts_in(folded(text))] == expected


def test_a_dollar_is_that_of_the_country() -> None:
    assert [amounts_in("$95", country)[0].currency for country in ("", "AU", "CA", "US")] == [
        "USD",
        "AUD",
        "CAD",
        "USD",
    ]
    assert amounts_in("us$95", "AU")[0].currency == "USD"


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("\u00a395 per head", "person"), ("95 \u20ac pro Person", "person"), ("95 \u20ac par personne", "person"),
        ("\u00a395pp", "person"), ("$200 per day", "day"), ("\u00a3150/hour", "hour"), ("Venue hire", "event"),
        ("packages from \u00a395 per person", "person"), ("\u00a395", None),
    ],
)  # fmt: skip
def test_units(text: str, unit: str | None) -> None:
    assert unit_in(folded(text)) == unit
