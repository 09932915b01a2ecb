"""What counts as a number of guests a place holds, and what only looks like one."""

from __future__ import annotations

import pytest

from tests.venue_assets.extract.site_pages import URL, written
from venue_assets.extract.facts.capacity import capacity_claims
from venue_assets.extract.facts.read import read_facts
from venue_assets.extract.facts.statements import page_statements
from venue_assets.extract.values import StructuredItem


def claims(markdown: str) -> list[tuple[str, int | None, int | None]]:
    return [
        (claim.kind, claim.low, claim.high)
        for statement in page_statements(written(markdown))
        if not statement.is_visitors
        for claim in capacity_claims(statement)
    ]


@pytest.mark.parametrize(
    ("markdown", "expected"),
    [
        ("The barn welcomes up to 125 guests.", [("any", None, 125)]),
        ("It seats 140 for dinner, with up to 220 standing.", [("seated", None, 140), ("standing", None, 220)]),
        ("We have room for 180 seated or 260 standing.", [("seated", None, 180), ("standing", None, 260)]),
        ("It hosts between 40 and 90 guests.", [("any", 40, 90)]),
        ("Capacity: max. 1,200 guests", [("any", None, 1200)]),
        ("- Seats: 30\u201390", [("seated", 30, 90)]),
        ("- Seated dinner: 140\n- Standing reception: up to 220 standing",
         [("seated", None, 140), ("standing", None, 220)]),
        ("| Capacity | 90 \u2013 140 guests |\n| --- | --- |", [("any", 90, 140)]),
        ("| Room | Seated | Standing |\n| --- | --- | --- |\n| Hall | 120 | 200 |",
         [("seated", None, 120), ("standing", None, 200)]),
        ("### How many guests fit?\n\n100\u2013125 in the Great Hall.", [("any", 100, 125)]),
        ("20 Guests max", [("any", None, 20)]),
        ("GUEST CAPACITY 350 Seated / 550 Cocktail Reception", [("seated", None, 350), ("standing", None, 550)]),
        ("The ballroom accommodates 300 guests seated for dinner and 450 for a cocktail reception.",
         [("seated", None, 300), ("standing", None, 450)]),
        ("Nous accueillons jusqu'\u00e0 1\u202f200 personnes.", [("any", None, 1200)]),
        ("Platz f\u00fcr bis zu 250 G\u00e4ste.", [("any", None, 250)]),
        ("We welcome two hundred and fifty guests.", [("any", None, 250)]),
        ("Minimum 50 guests on Saturdays.", [("any", 50, None)]),
        ("Our barn can seat 130 for the wedding breakfast and up to 200 in the evening.",
         [("seated", None, 130), ("any", None, 200)]),
        ("The Orangery: 60 theatre style / 40 boardroom / 80 reception",
         [("seated", None, 60), ("any", None, 40), ("any", None, 80)]),
        ("Maximum capacity for a civil ceremony is 110.", [("any", None, 110)]),
        ("La salle peut accueillir 150 personnes assises ou 220 en cocktail.",
         [("seated", None, 150), ("standing", None, 220)]),
        ("Der Festsaal fasst bis zu 180 Personen, im Garten finden 300 G\u00e4ste Platz.",
         [("any", None, 180), ("any", None, 300)]),
        ("120 seated, 200 evening", [("seated", None, 120), ("any", None, 200)]),
        ("- Capacity: 120 seated, 200 evening guests", [("seated", None, 120), ("any", None, 200)]),
        ("- Seated: 120, evening: 200", [("seated", None, 120), ("any", None, 200)]),
        ("It seats 120 (200 for the evening reception).", [("seated", None, 120), ("any", None, 200)]),
        ("No more than 120 guests.", [("any", None, 120)]),
        ("The barn can't hold more than 120 guests.", [("any", None, 120)]),
        ("It seats not only 120 guests.", [("seated", None, 120)]),
        ("We have hosted weddings of up to 250 guests.", [("any", None, 250)]),
        ("Restored in 2019, the barn now seats 120 guests.", [("seated", None, 120)]),
        ("The hall was designed to seat 300 guests.", [("seated", None, 300)]),
        ("We can't wait to welcome up to 120 guests.", [("any", None, 120)]),
        ("Receptions can be held for up to 200 guests.", [("any", None, 200)]),
        ("Ceremonies held on the lawn for up to 120 guests.", [("any", None, 120)]),
        ("Once the tables are cleared, up to 200 guests.", [("any", None, 200)]),
        ("- Seated: 80 evening: 150", [("seated", None, 80), ("any", None, 150)]),
        ("The record player spins for up to 120 guests.", [("any", None, 120)]),
        ("With our track record, we host up to 200 guests.", [("any", None, 200)]),
        ("The terrace, with views over the lane, seats 80 guests.", [("seated", None, 80)]),
    ],
)  # fmt: skip
def test_statements_of_capacity(markdown: str, expected: list[tuple[str, int | None, int | None]]) -> None:
    assert claims(markdown) == expected


@pytest.mark.parametrize(
    "markdown",
    [
        "Call 07 2141 6732, we welcome you.",
        "Welcoming couples since 1890.",
        "Set in 150 acres, 20 minutes from town.",
        "Parking for 80 cars.",
        "The house sleeps 24 guests.",
        "- 4 guests\n- 1 bedroom \u00b7 2 beds",
        "Guests must be aged 18 or over.",
        "A deposit of \u00a3500 holds your date.",
        "\u00a34,950 for 50 guests.",
        "Tables of 10 guests.",
        "A dining table that seats six.",
        "120 chairs, 25 tables.",
        "June 2024 \u00b7 180 Guests",
        "4.8 stars from 323 reviews.",
        "> We had 140 guests and it was perfect.",
        "## What our guests say\n\nIt seats 300 guests easily.",
        "Does it seat 300 guests?",
        "The hotel nearby holds 300 guests.",
        "Two adults and two children per room.",
        "If a venue fits up to 400 guests, an intimate wedding feels lost.",
        "One of our favourites was a wedding for 30 guests.",
        "From intimate gatherings of 20 to grand celebrations of 250.",
        "Our sister venue, The Mill, holds 400 guests.",
        "Established in 1998, our team of 15 has hosted over 2,000 happy couples.",
        "On-site accommodation for up to 42 guests across 18 bedrooms.",
        "The room fits 12 round tables of 10.",
        "We cannot seat 300 guests.",
        "The barn can't hold 300 guests.",
        "The barn does not seat 300.",
        "We are unable to host 300 guests.",
        "300 guests cannot be seated here.",
        "The pub down the road holds 300 guests.",
        "The village hall across the street seats 300.",
        "The chapel next door seats 300 guests.",
        "The hall around the corner has room for 300 guests.",
        "In 2023 we hosted 250 guests.",
        "Last summer we welcomed 250 guests.",
        "There were 250 guests.",
        "Our record was 312 guests.",
        "The house record stands at 312 guests.",
        "The biggest wedding so far: 312 guests.",
        "The hall once held 300 people.",
        "It used to seat 300.",
    ],
)
def test_what_only_looks_like_one(markdown: str) -> None:
    assert claims(markdown) == []


def test_the_venue_before_a_room() -> None:
    facts = read_facts([written("The venue holds up to 150 guests.\n\n### The Library Room\n\nSeats 40 guests.")])
    assert facts.capacity_max is not None and facts.capacity_max.value == 150
    assert facts.capacity_max.quote == "The venue holds up to 150 guests."
    assert facts.conflicts == {}


def test_rooms_alone_give_the_largest() -> None:
    facts = read_facts([written("### The Hall\n\nUp to 90 guests.\n\n### The Library\n\nUp to 40 guests.")])
    assert facts.capacity_max is not None and facts.capacity_max.value == 90
    assert facts.conflicts == {}


def test_evening_guests_are_more_than_the_seats_and_contradict_nothing() -> None:
    facts = read_facts([written("120 seated, 200 evening")])
    assert facts.seated_max is not None and facts.seated_max.value == 120
    assert facts.capacity_max is not None and facts.capacity_max.value == 200
    assert facts.standing_max is None
    assert facts.conflicts == {}


def test_machine_readable_before_text_and_the_contradiction_kept() -> None:
    venue = StructuredItem(("EventVenue",), {"maximumAttendeeCapacity": (120,)}, "json-ld")
    facts = read_facts([written("We welcome up to 150 guests.", venue)])
    assert facts.capacity_max is not None and facts.capacity_max.value == 120
    assert facts.capacity_max.quote == "EventVenue.maximumAttendeeCapacity: 120"
    assert [(one.value, one.quote) for one in facts.conflicts["capacity_max"]] == [
        (150, "We welcome up to 150 guests.")
    ]


def test_more_seats_than_guests_contradict_the_machine_readable_number_but_standing_guests_do_not() -> None:
    venue = StructuredItem(("EventVenue",), {"maximumAttendeeCapacity": (120,)}, "json-ld")
    seats = read_facts([written("It seats 150 for dinner.", venue)])
    assert seats.capacity_max is not None and seats.capacity_max.value == 120
    assert [one.value for one in seats.conflicts["capacity_max"]] == [150]
    standing = read_facts([written("It has room for 200 standing.", venue)])
    assert standing.capacity_max is not None and standing.capacity_max.value == 200
    assert standing.conflicts == {}


def test_most_statements_win_and_a_draw_leaves_the_field_open() -> None:
    more = read_facts(
        [written("We host up to 120 guests."), written("Up to 120 guests.", url=f"{URL}b"),
         written("Up to 130 guests.", url=f"{URL}c")]
    )  # fmt: skip
    assert more.capacity_max is not None and more.capacity_max.value == 120
    assert [one.value for one in more.conflicts["capacity_max"]] == [130]
    draw = read_facts([written("We host up to 120 guests."), written("Up to 130 guests.", url=f"{URL}c")])
    assert draw.capacity_max is None
    assert {one.value for one in draw.conflicts["capacity_max"]} == {120, 130}


def test_out_of_range_is_nothing() -> None:
    venue = StructuredItem(("EventVenue",), {"maximumAttendeeCapacity": (0,)}, "json-ld")
    facts = read_facts([written("We welcome up to 900,000 guests.", venue)])
    assert facts.capacity_max is None and facts.conflicts == {}
