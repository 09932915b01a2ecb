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
from tests.venue_assets.extract.pages import needs_sites
from tests.venue_assets.extract.site_pages import demo_site, real_site
from venue_assets.extract.reading import SitePage
from venue_assets.extract.site_words import venue_identity
from venue_assets.venue_place import after_town, place_columns


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
        ("41360 Lunay", "Lunay", (None, None)),
        ("41360 Lunay", "Vend\u00f4me", (None, None)),
    ],
)
def test_what_an_address_says_after_its_town(address: str, town: str, expected: tuple[str | None, str | None]) -> None:
    assert after_town(address, town) == expected


def test_a_countrys_name_in_the_address_places_the_town() -> None:
    address = "Strada dei Cipressi 5, Positano, Campania 84017, Italy"
    assert place_columns({"locality": "Positano", "written_address": address})["town_centre"] == "Positano, IT"
    assert place_columns({"locality": "Positano"}) == {"lat": None, "lon": None, "town_centre": None}
    own = {"locality": "Positano", "written_address": address, "latitude": 0.0, "longitude": 0.0}
    assert place_columns(own) == {"lat": 0.0, "lon": 0.0, "town_centre": None}, "on the equator, but stated"


@given(st.text(max_size=60), st.text(max_size=10))
def test_any_address_is_safe(address: str, town: str) -> None:
    after_town(address, town)
