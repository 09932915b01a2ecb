"""Where venues stand: what sites state, else their town's centre, on the demo world, on real sites, on anything."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from demo.world.generate import generate_world
from demo.world.relevance import distance_km
from resources.gazetteer import country_code
from tests.venue_assets.extract.pages import needs_sites
from tests.venue_assets.extract.site_pages import demo_site, real_site
from venue_assets.extract.reading import SitePage
from venue_assets.extract.site_words import venue_identity
from venue_assets.venue_place import after_town, leaves_it_to_the_town, place_columns

COLUMNS = ("lat", "lon", "town_centre", "country_code", "country_town")


def placed(pages: list[SitePage]) -> dict[str, Any]:
    stated = asdict(venue_identity(pages))
    return place_columns({name: one["value"] for name, one in stated.items() if isinstance(one, dict)})


def test_every_demo_venue_stands_where_its_site_says_or_in_its_town() -> None:
    world = generate_world(seed=7, venues=24, people=0)
    derived = 0
    for number in range(24):
        plan, pages = demo_site(world, number)
        place, venue = placed(pages), plan.venue
        off = distance_km(venue.lat, venue.lon, np.array([place["lat"]]), np.array([place["lon"]]))[0]
        is_stated = any(statement.fact == "position" for statement in plan.statements)
        assert (place["town_centre"] is None) == is_stated
        assert place["country_code"] == country_code(plan.venue.country)
        assert off < (0.1 if is_stated else 10), plan.host
        derived += not is_stated
    assert derived >= 4


@needs_sites
def test_real_sites() -> None:
    towns = {site: placed(real_site(site)) for site in ("castle-event-center", "faraway-barn", "jade-room-website",
                                                        "vaudouriere", "BZOMMAR")}  # fmt: skip
    assert {site: place["town_centre"] for site, place in towns.items()} == {
        "castle-event-center": "Lubbock, Texas, US", "faraway-barn": "Berkeley, England, GB",
        "jade-room-website": None, "vaudouriere": None, "BZOMMAR": None,
    }  # fmt: skip
    assert {site: place["country_code"] for site, place in towns.items()} == {
        "castle-event-center": "US", "faraway-barn": "GB", "jade-room-website": "AU",
        "vaudouriere": None, "BZOMMAR": None,  # the one names a town alone, the other not even that
    }  # fmt: skip
    assert [towns[site]["lat"] for site in ("jade-room-website", "vaudouriere")] == [None, 47.82847212929275]


@pytest.mark.parametrize(
    ("address", "town", "expected"),
    [
        ("Via Vecchia 3, Positano, Campania 84017, Italy", "Positano", ("Campania", "Italy")),
        ("6417 County Road 7620, Lubbock, TX 79424", "Lubbock", ("TX", None)),
        ("32 Clifton Road, Bristol, Bristol BS1 4QA, United Kingdom", "Bristol", (None, "United Kingdom")),
        ("12 Mill Lane, Ludlow, Shropshire SY8 3SS", "Ludlow", ("Shropshire", "GB")),
        ("Rua do Pinhal 1, Porto, Porto 4050-743, Portugal", "Porto", (None, "Portugal")),
        ("1 Main Street, LUBBOCK TX 79424, US", "Lubbock", ("TX, US", None)),
        ("12 Bull Street, Savannah, Georgia 31401", "Savannah", ("Georgia", None)),
        ("1 Main Road, Douglas, IM1 2AB", "Douglas", (None, "IM")),
        ("3 Quay, Saint Helier, JE2 3AB", "Saint Helier", (None, "JE")),
        ("41360 Lunay", "Lunay", (None, None)),
        ("41360 Lunay", "Vend\u00f4me", (None, None)),
    ],
)
def test_what_an_address_says_after_its_town(address: str, town: str, expected: tuple[str | None, str | None]) -> None:
    assert after_town(address, town) == expected


def test_a_countrys_name_in_the_address_places_the_town() -> None:
    address = "Strada dei Cipressi 5, Positano, Campania 84017, Italy"
    assert place_columns({"locality": "Positano", "written_address": address})["town_centre"] == "Positano, IT"
    assert place_columns({"locality": "Positano"}) == dict.fromkeys(COLUMNS)
    own = {"locality": "Positano", "written_address": address, "latitude": 0.0, "longitude": 0.0}
    assert place_columns(own) == dict.fromkeys(COLUMNS) | {"lat": 0.0, "lon": 0.0, "country_code": "IT"}, "as stated"
    assert not leaves_it_to_the_town(own)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({"country": "Italy"}, ("IT", None)),
        ({"country": "\u00d6STERREICH"}, ("AT", None)),
        ({"locality": "Toronto", "region": "ON", "country": "CA"}, ("CA", None)),
        ({"locality": "Toronto", "region": "ON"}, ("CA", "Toronto, Ontario, CA")),
        ({"locality": "Charleston, SC"}, ("US", "Charleston, South Carolina, US")),
        ({"locality": "Paris", "region": "France"}, ("FR", "Paris, FR")),
        ({"locality": "Toronto"}, (None, None)),  # there is one in Ohio
        ({"region": "ON"}, (None, None)),
        ({}, (None, None)),
        ({"country": "Atlantis"}, (None, None)),
        ({"locality": "Toronto", "country": "Atlantis"}, (None, None)),
        ({"locality": "Toronto", "region": "ON", "country": "Atlantis"}, ("CA", "Toronto, Ontario, CA")),
        ({"locality": "Austin", "country": "Texas"}, ("US", "Austin, Texas, US")),
        ({"locality": "Berkeley", "country": "Scotland"}, ("GB", None)),
        ({"locality": "Savannah", "country": "Georgia"}, ("US", "Savannah, Georgia, US")),
        (
            {"locality": "Savannah", "region": "GA", "written_address": "12 Bull Street, Savannah, Georgia 31401"},
            ("US", "Savannah, Georgia, US"),
        ),
        ({"locality": "Tbilisi", "country": "Georgia"}, ("GE", "Tbilisi, GE")),
        ({"locality": "Kutaisi", "country": "GE"}, ("GE", None)),
        ({"country": "Georgia"}, (None, None)),
        ({"locality": "Douglas", "written_address": "1 Main Road, Douglas, IM1 2AB"}, ("IM", None)),
        ({"locality": "Springfield", "region": "nowhere", "country": "Atlantis"}, (None, None)),
    ],
)
def test_a_venues_country_is_the_sites_word_or_its_towns(
    said: dict[str, str], expected: tuple[str | None, str | None]
) -> None:
    with_position = said | {"latitude": 1.0, "longitude": 2.0}
    for place in (place_columns(said), place_columns(with_position)):
        assert (place["country_code"], place["country_town"]) == expected
    assert [place_columns(with_position)[name] for name in ("lat", "lon", "town_centre")] == [1.0, 2.0, None]
    assert place_columns({"locality": "Berkeley", "country": "Scotland"})["lat"] is None, "that one is in England"


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({"locality": "Bath", "country": "UK", "latitude": 51.4, "longitude": -2.4}, False),
        ({"locality": "Bath", "country": "UK"}, True),
        ({"locality": "Bath", "latitude": 51.4, "longitude": -2.4}, True),
        ({"locality": "Bath", "country": "Atlantis", "latitude": 51.4, "longitude": -2.4}, True),
        ({"country": "UK"}, False),
        ({"latitude": 51.4, "longitude": -2.4}, False),
    ],
)
def test_a_town_is_looked_up_where_something_depends_on_it(said: dict[str, Any], expected: bool) -> None:
    assert leaves_it_to_the_town(said) == expected


@given(st.text(max_size=60), st.text(max_size=10))
def test_any_address_is_safe(address: str, town: str) -> None:
    after_town(address, town)
