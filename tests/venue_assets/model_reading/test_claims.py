"""Which of a model's claims are believed, and why the others are not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from demo.world.generate import generate_world
from tests.venue_assets.extract.site_pages import demo_site
from tests.venue_assets.model_reading.sites import BARN, BARN_TEXT, LOFT, answer, claim, honest_barn, page
from venue_assets.extract.quotes import verified
from venue_assets.extract.reading import Quoted, SiteFacts
from venue_assets.extract.summary.extractive import extractive_reading
from venue_assets.model_reading.answer import MAX_CLAIMS, ClaimKind, FactClaim
from venue_assets.model_reading.claims import believed
from venue_assets.model_reading.reading import trusted_reading


def quoted(facts: SiteFacts) -> list[object]:
    values = [getattr(facts, name) for name in type(facts).model_fields if name != "conflicts"]
    listed = [each for value in values for each in (value if isinstance(value, tuple) else [value])]
    return [each for each in (*listed, *(each for many in facts.conflicts.values() for each in many)) if each]


def test_an_honest_answer_is_believed_whole() -> None:
    reading = trusted_reading(honest_barn(), BARN)
    assert reading.dropped == ()
    facts = reading.facts
    assert facts.seated_max is not None
    assert (facts.seated_max.value, facts.seated_max.quote) == (120, "We seat up to 120 guests for dinner")
    assert facts.seated_max.page_url == "https://barn.test/"
    assert facts.capacity_max is not None
    assert facts.price_min is not None
    assert facts.currency is not None
    assert facts.price_unit is not None
    assert facts.setting is not None
    assert facts.address is not None
    assert (facts.capacity_max.value, facts.price_min.value, facts.currency.value) == (180, 4500.0, "GBP")
    assert (facts.price_unit.value, facts.setting.value) == ("day", "both")
    assert [each.value for each in facts.amenities] == ["parking"]
    assert [each.value for each in facts.other_amenities] == ["festoon lights"]
    assert [each.value for each in facts.styles] == ["rustic"]
    assert (reading.aesthetic, reading.vibe) == (honest_barn().aesthetic, honest_barn().vibe)


@pytest.mark.parametrize(
    ("kind", "value", "quote", "reason"),
    [
        ("capacity_max", "500", "We welcome up to 500 guests", "does not stand on page 1"),
        ("capacity_max", "400", "We seat up to 120 guests for dinner", "lacks the number"),
        ("seated_max", "20", "20 guests for dinner", "does not stand"),  # half of "120 guests"
        ("capacity_max", "1850", "built in 1850", "does not say so"),
        ("capacity_max", "60", "Free parking for 60 cars", "does not say so"),
        ("capacity_max", "180 guests", "180 for an evening reception", "not a whole number"),
        ("capacity_max", "0", "0 guests", "not between"),
        ("capacity_max", "99999999", "99999999 guests", "not between"),
        ("price_min", "120", "We seat up to 120 guests for dinner", "does not say so"),
        ("price_min", "-5", "£-5", "not between"),
        ("price_min", "NaN", "from £4,500", "not a number"),
        ("price_min", "1e9", "from £4,500", "not a number"),
        ("currency", "EUR", "from £4,500", "does not say so"),
        ("currency", "pounds", "from £4,500", "not the ISO 4217 code"),
        ("currency", "THE", "for the whole day", "not the ISO 4217 code"),
        ("price_unit", "hour", "for the whole day", "does not say so"),
        ("price_unit", "week", "for the whole day", "not one of"),
        ("price_on_application", "true", "Venue hire is from £4,500", "does not say so"),
        ("price_on_application", "false", "Venue hire is from £4,500", "only where it is true"),
        ("setting", "outdoor", "built in 1850", "does not say so"),
        ("setting", "both", "a walled garden", "does not say so"),
        ("amenity", "pool", "a walled garden", "does not say so"),
        ("amenity", "helicopter rides", "a walled garden", "does not say so"),
        ("style", "", "a walled garden", "no name"),
        ("style", "a walled garden with lights and more besides", "a walled garden", "no name"),
        ("address", "1 Fraud Street, London", "Hartley Barn", "does not say so"),
        ("latitude", "91", "91", "not between"),
        ("amenity", "no dogs", "Free parking for 60 cars", "says what there is not"),
        ("capacity_max", "180", "", "does not stand"),
        ("capacity_max", "180", "180 " * 400, "does not stand"),
    ],
)
def test_a_false_claim_is_dropped_with_its_reason(kind: ClaimKind, value: str, quote: str, reason: str) -> None:
    facts, dropped = believed([claim(kind, value, quote)], BARN)
    assert facts == SiteFacts()
    (line,) = dropped
    assert line.startswith(f"fact 1, {kind} ")
    assert reason in line


@pytest.mark.parametrize("number", [0, -1, 3, 10**12])
def test_a_page_that_is_not_there(number: int) -> None:
    facts, dropped = believed([claim("capacity_max", "180", "180 for an evening reception", on=number)], BARN)
    assert (facts, dropped) == (SiteFacts(), ["fact 1, capacity_max '180': there is no such page"])


def test_a_quote_of_another_page_or_venue_is_no_evidence() -> None:
    right = claim("capacity_max", "250", "for 40 to 250 guests standing")
    assert believed([right], LOFT)[0].capacity_max is not None
    assert believed([right], BARN)[0] == SiteFacts()
    assert believed([claim("capacity_max", "180", "180 for an evening reception", on=2)], BARN)[0] == SiteFacts()


def test_machine_readable_statements_are_evidence() -> None:
    facts, dropped = believed([claim("capacity_max", "250", "EventVenue.maximumAttendeeCapacity: 250")], LOFT)
    assert facts.capacity_max is not None
    assert dropped == []


def test_statements_that_contradict_each_other_are_kept_as_conflicts() -> None:
    two = [
        claim("capacity_max", "120", "We seat up to 120 guests for dinner"),
        claim("capacity_max", "180", "180 for an evening reception"),
    ]
    facts, dropped = believed(two, BARN)
    assert facts.capacity_max is None
    assert [each.value for each in facts.conflicts["capacity_max"]] == [120, 180]
    assert dropped == []


def test_the_least_may_not_exceed_the_most() -> None:
    wrong = [
        claim("capacity_min", "180", "180 for an evening reception"),
        claim("capacity_max", "120", "We seat up to 120 guests for dinner"),
    ]
    facts, _ = believed(wrong, BARN)
    assert (facts.capacity_min, facts.capacity_max) == (None, None)
    assert {name: [each.value for each in said] for name, said in facts.conflicts.items()} == {
        "capacity_min": [180, 120],
        "capacity_max": [180, 120],
    }


def test_the_same_statement_twice_is_one() -> None:
    once = claim("amenity", "parking", "Free parking for 60 cars")
    facts, _ = believed([once, once, claim("amenity", "Parking", "parking")], BARN)
    assert [each.value for each in facts.amenities] == ["parking"]


def test_no_more_claims_are_read_than_a_site_has_facts() -> None:
    flood = [claim("amenity", "parking", "parking")] * (MAX_CLAIMS + 5)
    _, dropped = believed(flood, BARN)
    assert dropped == [f"5 facts past the {MAX_CLAIMS} that are read"]


def test_escaped_brackets_are_the_pages_own() -> None:
    few = (page("Intimate weddings for <40 guests."),)
    facts, dropped = believed([claim("capacity_max", "40", "weddings for &lt;40 guests")], few)
    assert dropped == []
    assert facts.capacity_max is not None
    assert facts.capacity_max.quote == "weddings for <40 guests"


def test_an_amenity_that_the_site_denies() -> None:
    plain = (page("A barn in the hills.\n\nSorry, there is no parking at the barn."),)
    facts, dropped = believed([claim("amenity", "parking", "parking at the barn")], plain)
    assert facts == SiteFacts()
    assert dropped == ["fact 1, amenity 'parking': the site says that it has none"]


def test_the_wordings_are_whole_words_and_the_number_is_the_one_they_are_about() -> None:
    site = (
        page(
            """\
The farmhouse of 1850 welcomes guests.

The farmhouse of 1850 stands in the hills, and 300 trees shall stay there for our attention.

Our hosting fee is £95 for guests. Exclusive hire is from £4,500, and the 60 cars of guests park free.

We cannot seat 400. No more than 150 guests. In 2019 we hosted 333 guests. Our record is 312 guests.

Hire was £3,000 before.

Sorry, no dogs please. It is not gothic at all.

Corkage is free, a table d'hôte for 7500 is not. Contact us about flowers. Bespoke cakes.

US$ 700 or € 800. Moderate weather."""
        ),
    )

    def is_believed(kind: ClaimKind, value: str, quote: str) -> bool:
        return not believed([claim(kind, value, quote)], site)[1]

    refused: list[tuple[ClaimKind, str, str]] = [
        ("capacity_max", "1850", "The farmhouse of 1850 stands"),
        ("capacity_max", "1850", "The farmhouse of 1850 welcomes guests"),
        ("capacity_max", "300", "300 trees shall stay there for our attention"),
        ("capacity_max", "95", "Our hosting fee is £95 for guests."),
        ("capacity_max", "4500", "Exclusive hire is from £4,500, and the 60 cars of guests park free."),
        ("capacity_max", "60", "Exclusive hire is from £4,500, and the 60 cars of guests park free."),
        ("seated_max", "400", "We cannot seat 400."),
        ("capacity_max", "333", "In 2019 we hosted 333 guests."),
        ("price_min", "1850", "The farmhouse of 1850 stands"),
        ("capacity_max", "312", "Our record is 312 guests."),
        ("price_min", "3000", "Hire was £3,000 before."),
        ("price_min", "7500", "a table d'hôte for 7500 is not"),
        ("price_min", "150", "No more than 150 guests."),
        ("amenity", "dogs", "Sorry, no dogs please."),
        ("amenity", "dogs", "dogs"),
        ("amenity", "dog", "dogs"),
        ("style", "gothic", "it is not gothic at all"),
        ("style", "rate", "Moderate weather"),
        ("setting", "indoor", "300 trees shall stay there"),  # no hall
        ("setting", "outdoor", "for our attention"),  # no tent
        ("price_on_application", "true", "Contact us about flowers."),
        ("price_on_application", "true", "Bespoke cakes."),
        ("price_unit", "hour", "Moderate weather."),
        ("currency", "AUD", "US$ 700"),
    ]
    assert [each for each in refused if is_believed(*each)] == []
    taken: list[tuple[ClaimKind, str, str]] = [
        ("capacity_max", "150", "No more than 150 guests."),
        ("price_min", "4500", "Exclusive hire is from £4,500"),
        ("price_min", "800", "or € 800"),
        ("currency", "USD", "US$ 700"),
        ("currency", "EUR", "or € 800"),
    ]
    assert [each for each in taken if not is_believed(*each)] == []


PIECES = st.lists(st.sampled_from(BARN_TEXT.split()), max_size=8).map(" ".join)
CLAIMS = st.builds(
    FactClaim,
    page=st.integers(-1, 4),
    quote=st.one_of(PIECES, st.text(max_size=40)),
    kind=st.sampled_from(["capacity_min", "capacity_max", "price_min", "price_max", "amenity", "style", "setting"]),
    value=st.one_of(st.sampled_from(["120", "180", "4,500", "60", "both", "parking", "rustic"]), st.text(max_size=20)),
)


@given(st.lists(CLAIMS, max_size=12))
def test_whatever_a_model_claims_only_quoted_words_come_through(claims: list[FactClaim]) -> None:
    reading = trusted_reading(answer(*claims), BARN)
    pages = {each.url: each for each in BARN}
    for statement in quoted(reading.facts):
        assert verified(statement, pages)  # type: ignore[arg-type]
    assert len(reading.dropped) <= len(claims)
    facts = reading.facts
    if facts.capacity_min and facts.capacity_max:
        assert facts.capacity_min.value <= facts.capacity_max.value
    if facts.price_min and facts.price_max:
        assert facts.price_min.value <= facts.price_max.value


def test_what_the_rules_read_of_sites_is_believed_of_a_model_too() -> None:
    world = generate_world(seed=3, venues=8, people=0)
    for number in range(8):
        _, pages = demo_site(world, number)
        addresses = [each.url for each in pages]
        claims = [
            claim(
                kind, "true" if each.value is True else str(each.value), each.quote, addresses.index(each.page_url) + 1
            )
            for kind, each in as_claimed(extractive_reading(pages).facts)
        ]
        assert len(claims) > 5
        assert believed(claims, pages)[1] == []


def as_claimed(facts: SiteFacts) -> Iterator[tuple[ClaimKind, Quoted[Any]]]:
    for kind in get_args(ClaimKind):
        if kind not in ("amenity", "style") and (stated := getattr(facts, kind)) is not None:
            yield kind, stated
    yield from (("amenity", each) for each in (*facts.amenities, *facts.other_amenities))
    yield from (("style", each) for each in (*facts.styles, *facts.other_styles))
