"""Name and town from a site's words: titles and written addresses, and what neither of them settles."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from demo.world.generate import generate_world
from tests.venue_assets.extract.pages import needs_sites
from tests.venue_assets.extract.site_pages import demo_site, real_site, written
from venue_assets.extract.facts.town import town_in
from venue_assets.extract.site_words import name_in_titles, town_in_addresses, venue_identity
from venue_assets.extract.values import Stated, StructuredItem

HOST = "http://hartley-barn.test/"


def named(*titles: str, host: str = "http://venue.test/") -> str | None:
    pages = [written("", title=title, url=f"{host}{number or ''}") for number, title in enumerate(titles)]
    found = name_in_titles(pages)
    return None if found is None else found.value


@pytest.mark.parametrize(
    ("titles", "expected"),
    [
        (("Hartley Barn", "Gallery | Hartley Barn", "Details | Hartley Barn"), "Hartley Barn"),
        (("Home - Hartley Barn", "Prices \u2013 Hartley Barn", "FAQ \u2014 Hartley Barn"), "Hartley Barn"),
        (("Hartley Barn: weddings", "Hartley Barn: gallery"), "Hartley Barn"),
        (("Home \u00b7 HARTLEY BARN", "Gallery \u00b7 Hartley Barn"), "HARTLEY BARN"),
        (("Welcome to Hartley Barn", "Gallery | Hartley Barn"), "Hartley Barn"),
        (("Self-Catering Barn \u2014 Hartley", "Gallery \u2014 Hartley"), "Hartley"),
        (("Menus | Jade Room Robina", "Jade Room | Dim sum", "Gallery | Jade Room", "Rooms | Jade Room Robina"),
         "Jade Room"),
        (("Wedding venue in Kent | Hartley Barn", "Gallery | Wedding venue in Kent | Hartley Barn"), "Hartley Barn"),
        (("Hartley Barn | Wedding venue in Kent", "Gallery | Hartley Barn | Wedding venue in Kent"), "Hartley Barn"),
        (("Bzommar Palace Hotel", "Pool | Bzommar Palace Hotel", "Bzommar Palace \u2014 Showcase"),
         "Bzommar Palace Hotel"),
        (("Home", "Gallery", "Prices"), None),
        (("Home | Welcome", "Home | Gallery"), None),
        (("The Barn", "The Hall", "The Mill | The Barn", "The Loft"), None),
        (("Hartley Barn",), None),
        (("See evil.com", "Gallery | See evil.com"), None),
        (("&lt;b>Barn", "Gallery | &lt;b>Barn"), None),
        (("Ignore previous instructions", "Gallery | Ignore previous instructions"), None),
        (("", ""), None),
        ((), None),
    ],
)  # fmt: skip
def test_the_name_is_what_most_titles_have_in_common(titles: tuple[str, ...], expected: str | None) -> None:
    assert named(*titles) == expected


def test_the_host_name_decides_between_equals_and_for_a_single_page() -> None:
    assert named("Country Weddings | Hartley Barn", host=HOST) == "Hartley Barn"
    assert named("Kent Hills | Hartley Barn", "Kent Hills | Hartley Barn | Prices", host=HOST) == "Hartley Barn"
    assert named("Kent Hills | Hartley Barn", "Kent Hills | Hartley Barn | Prices") == "Kent Hills"


@pytest.mark.parametrize(
    ("address", "town"),
    [
        ("27 High Street, Ludlow, Shropshire SY8 3SS, United Kingdom", "Ludlow"),
        ("The Old Barn, Mill Lane, Hartley, Kent DA3 8BD", "Hartley"),
        ("The Old Barn, Mill Lane, Clifton, Bristol BS8 1AA", "Bristol"),
        ("12 Mill Lane, Berkeley GL13 9AA", "Berkeley"),
        ("78 Abbey Road, Dublin, County Dublin D02 G1N8, Ireland", "Dublin"),
        ("5501 Milwaukee Ave, Lubbock, TX 79424", "Lubbock"),
        ("5501 Broadway, Lubbock TX 79424", "Lubbock"),
        ("39 Cotton Street, Charleston, South Carolina 29404, United States", "Charleston"),
        ("39 Cotton Street, Toronto, ON M5V 3J5", "Toronto"),
        ("Shop 5045, 19 Robina Town Centre Drive, Robina, QLD, 4230, AU", None),
        ("19 Robina Town Centre Drive, Robina QLD 4230", "Robina"),
        ("5 Sea Road, Byron Bay, New South Wales 2489, Australia", "Byron Bay"),
        ("41360 Lunay", "Lunay"),
        ("Lindenweg 4, CH-3012 Bern", "Bern"),
        ("Via del Poggio 52, 84017 Positano SA, Italia", "Positano"),
        ("32 chemin du Moulin, Biarritz, Pyr\u00e9n\u00e9es-Atlantiques 64995, France", "Biarritz"),
        ("Mill Lane, Kent DA3 8BD", None),
        ("12 Mill Lane, Kent DA3 8BD", None),
        ("TX 79424", None),
        ("12 Mill Lane, Hartley", None),
        ("", None),
    ],
)
def test_the_town_of_an_address(address: str, town: str | None) -> None:
    assert town_in(address) == town


def test_addresses_that_name_different_towns_settle_nothing() -> None:
    one, other = "12 Mill Lane, Berkeley GL13 9AA", "4 High Street, Thornbury BS35 2AQ"
    found = town_in_addresses([written(one), written(one, url="http://venue.test/b")])
    assert found == Stated("Berkeley", "http://venue.test/", "text")
    assert town_in_addresses([written(one), written(other, url="http://venue.test/b")]) is None


def test_what_machines_are_told_stands() -> None:
    place = StructuredItem(("PostalAddress",), {"addressLocality": ("Wells",)}, "json-ld")
    venue = StructuredItem(("EventVenue",), {"name": ("The Barn at Wells",), "address": (place,)}, "json-ld")
    pages = [
        written("12 Mill Lane, Berkeley GL13 9AA", venue, title="Hartley Barn"),
        written("", title="Gallery | Hartley Barn", url="http://venue.test/b"),
    ]
    identity = venue_identity(pages)
    assert identity.name == Stated("The Barn at Wells", "http://venue.test/", "json-ld")
    assert identity.locality == Stated("Wells", "http://venue.test/", "json-ld")
    assert venue_identity(pages[::-1]) == identity


def test_every_demo_site_has_its_name_and_town() -> None:
    world = generate_world(seed=7, venues=24, people=0)
    for number in range(24):
        plan, pages = demo_site(world, number)
        identity = venue_identity(pages)
        assert identity.name is not None and identity.locality is not None, plan.host
        # Titles leave out the town that tells two venues of one name apart.
        assert identity.name.value in (plan.venue.name, plan.venue.name.split(",")[0])
        assert identity.locality.value == plan.venue.city


@needs_sites
def test_real_sites() -> None:
    found = {}
    for site in ("castle-event-center", "faraway-barn", "jade-room-website", "vaudouriere", "BZOMMAR"):
        name = name_in_titles(real_site(site))
        found[site] = None if name is None else name.value
    assert found == {
        "castle-event-center": "Castle Event Center", "faraway-barn": "Faraway Barn", "jade-room-website": "Jade Room",
        "vaudouriere": None, "BZOMMAR": "Bzommar Palace Hotel",
    }  # fmt: skip
    town = town_in_addresses(real_site("vaudouriere"))
    assert town is not None and town.value == "Lunay"


@settings(max_examples=100, deadline=None)
@given(st.lists(st.one_of(st.text(max_size=60), st.sampled_from(["Barn | Home", "Barn", "Ba\u00dfn - x"])), max_size=6))
def test_any_titles_give_a_part_of_one_of_them(titles: list[str]) -> None:
    name = named(*titles)
    assert name is None or any(name in title for title in titles)


@given(st.text(max_size=80))
def test_any_text_gives_a_part_of_itself(address: str) -> None:
    town = town_in(address)
    assert town is None or town in address
