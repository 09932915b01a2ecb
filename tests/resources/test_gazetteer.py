"""Towns by name, and the town that an address means; held against the demo world's coordinates, found elsewhere."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from demo.world.places import PLACES
from resources.gazetteer import (
    MUCH_LARGER,
    Place,
    clearly_largest,
    country_code,
    country_name,
    country_spellings,
    gazetteer,
    town_centre,
)

ANY = st.none() | st.text(max_size=30) | st.sampled_from(["Paris", "Texas", "US", "Bath, UK", "CA", "England"])


def test_a_name_has_its_towns_the_largest_first_and_well_known_ones_go_by_other_names() -> None:
    springfields = gazetteer().towns("springfield")
    assert len(springfields) > 5
    assert [town.population for town in springfields] == sorted(
        (town.population for town in springfields), reverse=True
    )
    (munich,) = gazetteer().towns("munchen")
    assert (munich.name, munich.country) == ("Munich", "DE")
    assert gazetteer().towns("nyc")[0].full_name == "New York City, New York, US"
    assert gazetteer().towns("no such town") == ()


@pytest.mark.parametrize(
    ("written", "code"),
    [("Italy", "IT"), ("IT", "IT"), ("italia", "IT"), ("\u00d6sterreich", "AT"), ("Scotland", "GB"), ("U.S.A.", "US"),
     ("The Netherlands", "NL"), ("Atlantis", None), ("", None), (None, None)],
)  # fmt: skip
def test_a_country_is_known_however_it_is_written(written: str | None, code: str | None) -> None:
    assert country_code(written) == code


def test_a_country_s_spellings_are_lower_case_and_understood() -> None:
    spellings = country_spellings()
    assert {"gb", "united kingdom", "england", "u.k."} <= {name for name, code in spellings.items() if code == "GB"}
    assert {"\u00f6sterreich", "osterreich", "at", "austria"} == {
        name for name, code in spellings.items() if code == "AT"
    }
    for name, code in spellings.items():
        assert name == name.lower()
        assert country_code(name) == code


def test_a_country_has_a_name_without_an_article() -> None:
    assert [country_name(code) for code in ("NL", "US", "ZZ")] == ["Netherlands", "United States", "ZZ"]


def test_of_several_places_one_must_be_much_larger() -> None:
    small, large = Place("A", "", "", 0, 0, 1000), Place("B", "", "", 0, 0, 1000 * MUCH_LARGER)
    assert clearly_largest([small, large]) == large
    assert clearly_largest([large, Place("C", "", "", 0, 0, 1001)]) is None
    assert clearly_largest([Place("D", "", "", 0, 0), Place("E", "", "", 1, 1)]) is None, "of unknown size"
    assert clearly_largest([small]) == small
    assert clearly_largest([]) is None


def test_the_towns_of_the_demo_world_are_where_it_has_them() -> None:
    for place in PLACES:
        found = town_centre(place.city, place.region, place.country)
        assert found is not None, place
        north, east = found.lat - place.lat, (found.lon - place.lon) * math.cos(math.radians(place.lat))
        # To a part of a large town where the demo's venues are, as far as to its centre.
        assert 111.2 * math.hypot(north, east) < 10, place


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        (("Lubbock", "TX", "US"), "Lubbock, Texas, US"),
        (("Lubbock", "Texas", None), "Lubbock, Texas, US"),
        (("Charleston, SC", None, None), "Charleston, South Carolina, US"),
        (("Berkeley", "CA", None), "Berkeley, California, US"),
        (("Berkeley", "South Gloucestershire", "GB"), "Berkeley, England, GB"),
        (("Perth", "WA", None), "Perth, Western Australia, AU"),
        (("London", "Ontario", "Canada"), "London, Ontario, CA"),
        (("New York", "NY", "US"), "New York City, New York, US"),
        (("Newport", None, "Wales"), "Newport, Wales, GB"),
        (("Firenze", "Toscana", "Italia"), "Florence, IT"),
        (("PARIS", "Paris", "France"), "Paris, FR"),
        (("Savannah", "Georgia", None), "Savannah, Georgia, US"),
        # Written in its own language, in several ways.
        (("M\u00fcnchen", None, "Deutschland"), "Munich, DE"),
        (("Roma", None, "Italia"), "Rome, IT"),
        (("Newcastle", None, "GB"), "Newcastle upon Tyne, England, GB"),
        # In a county that is not known here, and the large one is in another.
        (("Gillingham", "Dorset", "England"), None),
        (("Preston", "Dorset", "GB"), None),
        (("Tbilisi", None, "Georgia"), "Tbilisi, GE"),
        # Two of several, and nothing to choose by.
        (("Charleston", None, "US"), None),
        (("Springfield", None, "US"), None),
        # The large one is in Wales, and there is a Newport in Shropshire.
        (("Newport", "Shropshire", "GB"), None),
        (("Hudson", "TX", "US"), None),
        (("Miami", "Vermont", "US"), None),
        (("Paris", None, None), None),
        (("Paris", None, "Atlantis"), None),
        (("Robina Town Centre", "QLD", "AU"), None),
        ((None, "TX", "US"), None),
        ((" ", "TX", "US"), None),
    ],
)
def test_the_town_of_an_address_or_none_where_it_is_in_doubt(
    address: tuple[str | None, str | None, str | None], expected: str | None
) -> None:
    found = town_centre(*address)
    assert (found.full_name if found else None) == expected


@given(ANY, ANY, ANY)
@settings(max_examples=200, deadline=None)
def test_any_address_has_a_place_on_earth_or_none(city: str | None, region: str | None, country: str | None) -> None:
    found = town_centre(city, region, country)
    assert found is None or (-90 <= found.lat <= 90 and -180 <= found.lon <= 180 and found.country)
