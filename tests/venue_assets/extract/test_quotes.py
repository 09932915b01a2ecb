"""Whether a quote stands on a page, and whether it contains its number."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.venue_assets.extract.site_pages import URL, written
from venue_assets.extract.quotes import MAX_QUOTE, normalise, stands_on, statement_lines, verified
from venue_assets.extract.reading import Quoted
from venue_assets.extract.values import StructuredData, StructuredItem

ADDRESS = StructuredItem(
    ("PostalAddress",),
    {"streetAddress": ("1 High Street",), "addressLocality": ("Berkeley",), "addressCountry": ("GB",)},
    "json-ld",
)
VENUE = StructuredItem(
    ("EventVenue", "Place"),
    {
        "name": ("Old Barn",),
        "maximumAttendeeCapacity": (120.0,),
        "address": (ADDRESS,),
        "smokingAllowed": (False,),
        "amenityFeature": (StructuredItem((), {"name": ("Free WiFi",), "value": (True,)}, "json-ld"),),
    },
    "json-ld",
)


def test_statement_lines_are_dotted_from_the_type_down() -> None:
    site_name = StructuredItem((), {"site_name": ("Old Barn",)}, "opengraph")
    assert statement_lines(StructuredData(URL, (VENUE, site_name), ())) == [
        "EventVenue.name: Old Barn",
        "EventVenue.maximumAttendeeCapacity: 120",
        "EventVenue.address: 1 High Street, Berkeley, GB",
        "EventVenue.address.streetAddress: 1 High Street",
        "EventVenue.address.addressLocality: Berkeley",
        "EventVenue.address.addressCountry: GB",
        "EventVenue.smokingAllowed: false",
        "EventVenue.amenityFeature.name: Free WiFi",
        "EventVenue.amenityFeature.value: true",
        "site_name: Old Barn",
    ]


@pytest.mark.parametrize(
    ("quote", "markdown"),
    [
        ("Seats up to 120 guests", "We love this.\n\n- **Seats up to 120** guests\n"),
        ("seats 30-90 GUESTS", "It seats 30\u201390 guests."),
        ("the bride's room", "The bride\u2019s room is upstairs."),
        ("up to 1 200 guests", "Up to 1\u202f200 guests"),
        ("no hidden fees", "No hid\u200bden fees."),
        ("Capacity 120", "| Capacity | 120 |\n| --- | --- |"),
        ("Tom & Ann < 3", "Tom & Ann &lt; 3"),
        ("\uff11\uff12\uff10 guests", "120 guests"),
        ("Caf\u00e9", "Cafe\u0301"),
    ],
)
def test_the_same_words_stand_on_the_page_however_they_are_set(quote: str, markdown: str) -> None:
    assert stands_on(quote, written(markdown))


@pytest.mark.parametrize(
    ("quote", "markdown"),
    [
        ("20 guests", "Up to 120 guests."),
        ("200 guests", "Up to 1,200 guests."),
        ("200 guests", "Up to 1 200 guests."),
        ("from \u00a31", "Hire from \u00a31,500."),
        ("from \u00a31", "Hire from \u00a31.5k."),
        ("seats", "A garden with deckseats."),
        ("up to 150 guests", "Up to 120 guests. We had 150 guests once."),
        ("", "Anything."),
        ("...", "And so on..."),
        ("a" * (MAX_QUOTE + 1), "a" * (MAX_QUOTE + 1)),
    ],
)
def test_other_words_do_not(quote: str, markdown: str) -> None:
    assert not stands_on(quote, written(markdown))


def test_titles_and_statements_count_as_the_page() -> None:
    page = written("", VENUE, title="Old Barn | Weddings for 90")
    assert stands_on("weddings for 90", page)
    assert stands_on("EventVenue.maximumAttendeeCapacity: 120", page)
    assert not stands_on("EventVenue.maximumAttendeeCapacity: 12", page)
    assert not stands_on("EventVenue.maximumAttendeeCapacity: 1200", page)


@pytest.mark.parametrize(
    ("value", "quote", "is_verified"),
    [
        (1200, "up to 1,200 guests", True),
        (1200, "up to 1.200 guests", True),
        (1200, "up to 1\u00a0200 guests", True),
        (1200, "up to 1'200 guests", True),
        (1200, "up to twelve hundred guests", True),
        (250, "two hundred and fifty guests", True),
        (3500, "from \u00a33.5k", True),
        (3500.0, "from 3.500 \u20ac", True),
        (250000, "\u20b92,50,000", True),
        (-33.87, "latitude: -33.87", True),
        (33.87, "latitude: -33.87", False),
        (200, "up to 1,200 guests", False),
        (35, "from \u00a33.5k", False),
        (9999, "a lovely barn", False),
        (True, "price on application", True),
        ("GBP", "from \u00a33.5k", True),
    ],
)
def test_a_number_must_be_in_its_quote(value: float | str, quote: str, is_verified: bool) -> None:
    page = written(f"Once: {quote}.")
    assert verified(Quoted[float | str | bool](value=value, quote=quote, page_url=URL), {URL: page}) is is_verified


def test_a_quote_of_another_page_is_not_verified() -> None:
    pages = {URL: written("Up to 80 guests."), f"{URL}b": written("Nothing here.", url=f"{URL}b")}
    assert verified(Quoted(value=80, quote="Up to 80 guests", page_url=URL), pages)
    assert not verified(Quoted(value=80, quote="Up to 80 guests", page_url=f"{URL}b"), pages)
    assert not verified(Quoted(value=80, quote="Up to 80 guests", page_url="http://other.test/"), pages)


@given(st.text())
def test_normalising_twice_is_the_same_as_once(text: str) -> None:
    assert normalise(normalise(text)) == normalise(text)


@given(st.lists(st.text(alphabet="ab1,. -*|\n\u200b", min_size=1, max_size=8), min_size=1, max_size=8))
def test_whole_lines_of_a_page_stand_on_it(lines: list[str]) -> None:
    page = written("\n\n".join(lines))
    for line in lines:
        if normalise(line).strip("-.,' +>") and not line.strip()[0].isdigit() and not line.strip()[-1].isdigit():
            assert stands_on(line, page)
