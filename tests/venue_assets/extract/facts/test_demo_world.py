"""The demo world, whose truth is known: what its sites state is read, and nothing that they do not state."""

from __future__ import annotations

from functools import cache
from typing import Any

from demo.sites.plan import SitePlan
from demo.world.generate import generate_world
from tests.venue_assets.extract.site_pages import demo_site
from venue_assets.extract.facts.read import read_facts
from venue_assets.extract.quotes import verified
from venue_assets.extract.reading import Quoted, SiteFacts, SitePage

VENUES = 24
UNITS = {"per event": "event", "per head": "person", "per day": "day"}
WORDS = {
    "in_house_catering": "catering_in_house", "outside_caterers": "outside_catering_allowed", "licensed_bar": "bar",
    "dogs_welcome": "pet_friendly", "fireworks": "fireworks_allowed",
}  # fmt: skip


@cache
def sites() -> list[tuple[SitePlan, list[SitePage], SiteFacts]]:
    world = generate_world(seed=7, venues=VENUES, people=0)
    built = (demo_site(world, number) for number in range(VENUES))
    return [(plan, pages, read_facts(pages)) for plan, pages in built]


def value(quoted: Quoted[Any] | None) -> Any:
    return quoted.value if quoted is not None else None


def everything(facts: SiteFacts) -> list[Quoted[Any]]:
    found: list[Quoted[Any]] = []
    for _, field in facts:
        if isinstance(field, Quoted):
            found.append(field)
        elif isinstance(field, tuple):
            found += field
        elif isinstance(field, dict):
            found += [entry for entries in field.values() for entry in entries]
    return found


def states(plan: SitePlan, fact: str) -> bool:
    return any(statement.fact == fact for statement in plan.statements)


def test_capacity() -> None:
    right = [
        (value(facts.capacity_min), value(facts.capacity_max), value(facts.standing_max))
        == (plan.venue.capacity_min, plan.venue.standing_max or plan.venue.capacity_max, plan.venue.standing_max)
        for plan, _, facts in sites()
        if states(plan, "capacity")
    ]
    assert len(right) >= 15 and sum(right) >= 0.95 * len(right)


def test_price() -> None:
    right = []
    for plan, _, facts in sites():
        venue = plan.venue
        if not states(plan, "price"):
            continue
        if venue.price_unit is None:
            right.append(value(facts.price_on_application) is True and facts.price_min is None)
            continue
        stated = (venue.price_min, venue.price_max, venue.currency, UNITS[venue.price_unit])
        found = (facts.price_min, facts.price_max, facts.currency, facts.price_unit)
        right.append(tuple(map(value, found)) == stated)
    assert len(right) >= 15 and sum(right) >= 0.9 * len(right)


def test_setting_amenities_address_and_position() -> None:
    for plan, _, facts in sites():
        venue = plan.venue
        assert value(facts.setting) == venue.setting
        if states(plan, "amenities"):
            assert {WORDS.get(word, word) for word in venue.amenities} <= {one.value for one in facts.amenities}
        address = value(facts.address) or ""
        assert venue.street in address and venue.postcode in address
        if states(plan, "position"):
            assert abs(value(facts.latitude) - venue.lat) < 1e-4
            assert abs(value(facts.longitude) - venue.lon) < 1e-4


def test_what_a_site_does_not_state_is_not_known() -> None:
    silent = 0
    for plan, _, facts in sites():
        if not states(plan, "capacity"):
            silent += 1
            assert (facts.capacity_min, facts.capacity_max, facts.seated_max, facts.standing_max) == (None,) * 4
        if not states(plan, "price"):
            silent += 1
            assert (facts.price_min, facts.price_max, facts.currency, facts.price_on_application) == (None,) * 4
        if not states(plan, "position"):
            silent += 1
            assert facts.latitude is None and facts.longitude is None
    assert silent > 5


def test_every_fact_is_verified_and_stands_on_the_sites_own_pages() -> None:
    checked = 0
    for plan, pages, facts in sites():
        by_url = {page.url: page for page in pages}
        for quoted in everything(facts):
            checked += 1
            assert verified(quoted, by_url), quoted
            assert quoted.page_url.startswith(f"http://{plan.host}/")
    assert checked > 15 * VENUES


def test_nothing_comes_from_the_cards_of_other_venues() -> None:
    cards = 0
    for plan, _, facts in sites():
        texts = [card.text for page in plan.pages for section in page.sections for card in section.cards]
        cards += len(texts)
        own = {plan.venue.capacity_max, plan.venue.standing_max, plan.venue.capacity_min}
        numbers = {value(facts.capacity_max), value(facts.seated_max), value(facts.standing_max)} - {None}
        assert numbers <= own, plan.host
        assert not [quoted for quoted in everything(facts) if any(quoted.quote in text for text in texts)]
    assert cards > 10
