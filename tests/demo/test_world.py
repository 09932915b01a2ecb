"""The made-up world: what generated venues and people must be, and the ground-truth formula."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from demo.aesthetics import AESTHETICS, BY_SLUG, OFF_TOPIC, SCENES
from demo.world.generate import dump_world, generate_world, load_world
from demo.world.model import Person, Preferences, Taste, Venue, World
from demo.world.naming import slugify
from demo.world.places import PLACES
from demo.world.relevance import StatedFacts, allowed, distance_km, relevance, relevance_blocks
from demo.world.venues import AMENITIES, draw_venues

WORLD = generate_world()
SLUGS = [aesthetic.slug for aesthetic in AESTHETICS]
seeds = st.integers(0, 2**31)


def person_with_quirk(quirk: str, world: World = WORLD) -> Person:
    return next(person for person in world.people if person.quirk == quirk)


@settings(max_examples=30, deadline=None)
@given(seed=seeds, count=st.integers(1, 40))
def test_venues_are_whole(seed: int, count: int) -> None:
    venues = list(draw_venues(seed, count))
    assert len({venue.slug for venue in venues}) == count
    for venue in venues:
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", venue.slug)
        assert len(venue.slug) <= 63
        assert venue.host == f"{venue.slug}.venue.test"
        assert sum(weight for _, weight in venue.mixture) == pytest.approx(1)
        assert len({slug for slug, _ in venue.mixture}) == len(venue.mixture) <= 2
        assert set(venue.amenities) <= set(AMENITIES)
        assert_numbers_agree(venue)
        assert_photos_differ(venue)


def assert_numbers_agree(venue: Venue) -> None:
    numbers = [venue.capacity_min, venue.capacity_max, venue.standing_max]
    stated = [number for number in numbers if number is not None]
    assert all(number > 0 for number in stated)
    assert stated == sorted(stated)
    assert venue.capacity_max is not None or not stated
    assert (venue.price_unit is None) == (venue.price_min is None)
    if venue.price_on_application:
        assert venue.price_min is None
    if venue.price_max is not None:
        assert venue.price_min is not None
        assert venue.price_max > venue.price_min


def assert_photos_differ(venue: Venue) -> None:
    assert 8 <= len(venue.photos) <= 20
    assert len({photo.name for photo in venue.photos}) == len(venue.photos)
    assert len({(photo.spec.mixture, photo.spec.scene, photo.spec.seed) for photo in venue.photos}) == len(venue.photos)
    assert {photo.spec.scene for photo in venue.photos} == set(SCENES)
    assert all(photo.spec.seed % 2 == 0 for photo in venue.photos)
    own = [photo for photo in venue.photos if not photo.name.startswith("stock-")]
    shown = {slug for photo in own for slug, _ in photo.spec.mixture}
    assert shown == {slug for slug, _ in venue.mixture}


def test_default_world_has_the_variety_it_promises() -> None:
    venues = WORLD.venues
    assert len(venues) == 48
    assert len(WORLD.people) == 24
    assert {venue.mixture[0][0] for venue in venues} == set(SLUGS)
    assert 10 <= sum(len(venue.mixture) == 2 for venue in venues) <= 22
    assert set(Counter(venue.family for venue in venues).values()) == {12}
    assert {venue.price_unit for venue in venues} == {None, "per head", "per day", "per event"}
    assert any(venue.price_on_application for venue in venues)
    assert any(venue.price_min is None and not venue.price_on_application for venue in venues)
    assert any(venue.capacity_max is None for venue in venues)
    assert any(venue.standing_max for venue in venues)
    assert {venue.currency for venue in venues} >= {"GBP", "USD", "EUR"}


def test_venues_stand_near_their_town() -> None:
    towns = {place.city: place for place in PLACES}
    for venue in WORLD.venues:
        town = towns[venue.city]
        assert (venue.region, venue.country) == (town.region, town.country)
        assert distance_km(town.lat, town.lon, np.array([venue.lat]), np.array([venue.lon]))[0] < 12


def test_two_venues_show_one_stock_photo() -> None:
    owners: dict[object, list[str]] = {}
    for venue in WORLD.venues:
        for photo in venue.photos:
            owners.setdefault(photo.spec, []).append(venue.slug)
    shared = [slugs for slugs in owners.values() if len(slugs) > 1]
    assert shared == [
        [WORLD.venues[11].slug, WORLD.venues[23].slug],
        [WORLD.venues[35].slug, WORLD.venues[47].slug],
    ]


@settings(max_examples=15, deadline=None)
@given(seed=seeds, venues=st.integers(8, 20), people=st.integers(0, 12), more=st.integers(0, 12))
def test_a_larger_world_continues_a_smaller_one(seed: int, venues: int, people: int, more: int) -> None:
    small = generate_world(seed, venues, people)
    large = generate_world(seed, venues + more, people + more)
    assert large.venues[:venues] == small.venues
    unrated = [replace(person, ratings=()) for person in large.people[:people]]
    assert unrated == [replace(person, ratings=()) for person in small.people]
    assert generate_world(seed, venues, people) == small


@settings(max_examples=15, deadline=None)
@given(seed=seeds, count=st.integers(8, 30))
def test_every_quirk_lives_in_any_eight_people(seed: int, count: int) -> None:
    world = generate_world(seed, 12, count)
    quirks = {person.quirk for person in world.people}
    assert quirks == {"none", "drift", "cold", "empty", "uniform", "scattered", "words_only"}
    boards = [board for person in world.people for board in person.boards]
    assert any(not board.about_venues and board.pins for board in boards)
    assert any(not board.pins for board in boards)
    assert any(0 < len(board.pins) < 10 for board in boards)
    assert any(person.dislikes for person in world.people)
    assert any(rating.rating <= 1 for person in world.people for rating in person.ratings)
    assert any(person.preferences != Preferences() for person in world.people)
    assert any(person.words for person in world.people)
    assert {len(person.tastes) for person in world.people} >= {1, 2, 4}


@settings(max_examples=15, deadline=None)
@given(seed=seeds)
def test_people_are_whole(seed: int) -> None:
    world = generate_world(seed, 16, 16)
    pins = [pin for person in world.people for board in person.boards for pin in board.pins]
    ids = [pin.pin_id for pin in pins] + [board.board_id for p in world.people for board in p.boards]
    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch(r"\d{18}", known) for known in ids)
    assert len({person.username for person in world.people}) == 16
    for person in world.people:
        if person.tastes:
            assert sum(taste.weight for taste in person.tastes) == pytest.approx(1)
        for taste in person.tastes:
            assert taste.weight > 0
            assert sum(weight for _, weight in taste.mixture) == pytest.approx(1)
        assert sum(len(board.pins) for board in person.boards) <= 120
        liked = {slug for taste in person.tastes for slug, _ in taste.mixture}
        assert not liked & set(person.dislikes)
        for board in person.boards:
            times = [pin.created_at for pin in board.pins]
            assert times == sorted(times)
            assert all(board.created_at < time <= world.now for time in times)
            assert all(time >= world.now - timedelta(days=541) for time in times)
            assert all((pin.spec.mixture[0][0] in OFF_TOPIC) != board.about_venues for pin in board.pins)


def test_no_pin_is_a_venue_photo_but_the_documented_ones() -> None:
    photos = {photo.spec for venue in WORLD.venues for photo in venue.photos}
    repinned = [
        (number, pin)
        for number, person in enumerate(WORLD.people)
        for board in person.boards
        for pin in board.pins
        if pin.spec in photos
    ]
    # Every eighth person from the first on, but for number 8, whose board is empty.
    assert [number for number, _ in repinned] == [0, 16]
    assert all(pin.taste is None for _, pin in repinned)


def test_most_pins_about_venues_come_from_the_persons_tastes() -> None:
    for person in WORLD.people:
        pins = [pin for board in person.boards if board.about_venues for pin in board.pins]
        from_taste = [pin for pin in pins if pin.taste is not None]
        if len(pins) >= 10:
            assert len(from_taste) / len(pins) >= 0.8
        for pin in from_taste:
            assert pin.taste is not None
            assert pin.spec.mixture[0][0] in {slug for slug, _ in person.tastes[pin.taste].mixture}


def test_quirks_are_what_they_say() -> None:
    def venue_pins(quirk: str) -> list[tuple[str, str, int | None, float]]:
        return [
            (pin.spec.mixture[0][0], pin.spec.scene, pin.taste, (WORLD.now - pin.created_at).days)
            for board in person_with_quirk(quirk).boards
            if board.about_venues
            for pin in board.pins
        ]

    assert 1 <= len(venue_pins("cold")) < 10
    assert venue_pins("empty") == venue_pins("words_only") == []
    assert person_with_quirk("words_only").words
    assert person_with_quirk("empty").words is None
    assert len({(look, scene) for look, scene, _, _ in venue_pins("uniform")}) == 1
    assert len({look for look, _, _, _ in venue_pins("scattered")}) >= 10
    drifting = person_with_quirk("drift")
    newest = len(drifting.tastes) - 1
    assert drifting.tastes[newest].weight == max(taste.weight for taste in drifting.tastes)
    assert all((age <= 70) == (taste == newest) for _, _, taste, age in venue_pins("drift") if taste is not None)
    assert sum(taste == newest for _, _, taste, _ in venue_pins("drift")) < len(venue_pins("drift")) / 2


def test_words_name_the_heaviest_taste() -> None:
    for person in WORLD.people:
        if person.words:
            heaviest = max(person.tastes, key=lambda taste: taste.weight)
            look = BY_SLUG[heaviest.mixture[0][0]]
            assert any(phrase in person.words for phrase in look.phrases)
            assert any(word in person.words for word in look.words)


def test_ratings_follow_the_truth() -> None:
    slugs = {venue.slug: number for number, venue in enumerate(WORLD.venues)}
    scores = relevance(WORLD.people, WORLD.venues)
    rated = [
        (rating.rating, float(scores[row, slugs[rating.venue_slug]]))
        for row, person in enumerate(WORLD.people)
        for rating in person.ratings
    ]
    high = [score for stars, score in rated if stars >= 4]
    low = [score for stars, score in rated if stars <= 1]
    assert np.mean(high) > np.mean(low) + 0.4
    assert {stars for stars, _ in rated} == {0, 1, 2, 3, 4, 5}


def test_world_survives_the_disk(tmp_path: Path) -> None:
    file = tmp_path / "world.json"
    file.write_bytes(dump_world(WORLD))
    assert load_world(file) == WORLD


def test_another_process_makes_the_same_bytes() -> None:
    code = (
        "import sys\nfrom demo.world.generate import dump_world, generate_world\n"
        "sys.stdout.buffer.write(dump_world(generate_world(11, 9, 9)))"
    )
    made = [
        subprocess.run(
            [sys.executable, "-c", code],
            check=True,
            capture_output=True,
            env={**os.environ, "PYTHONHASHSEED": salt},
            cwd=Path(__file__).parents[2],
        ).stdout
        for salt in ("1", "2")
    ]
    assert made[0] == made[1] == dump_world(generate_world(11, 9, 9))


def test_negative_counts_are_refused() -> None:
    with pytest.raises(ValueError, match="not negative"):
        generate_world(7, -1, 3)


def relevance_by_hand(person: Person, venue: Venue) -> float:
    shares = dict(venue.mixture)
    disliked = sum(shares.get(slug, 0) for slug in person.dislikes)
    heaviest = max((taste.weight for taste in person.tastes), default=1)
    best = max(
        (
            (0.5 + 0.5 * taste.weight / heaviest)
            * sum(min(weight, shares.get(slug, 0)) for slug, weight in taste.mixture)
            for taste in person.tastes
        ),
        default=0,
    )
    return (1 - disliked) * best


@settings(max_examples=15, deadline=None)
@given(seed=seeds)
def test_relevance_is_the_documented_formula(seed: int) -> None:
    world = generate_world(seed, 15, 12)
    scores = relevance(world.people, world.venues)
    assert scores.shape == (12, 15)
    assert scores.min() >= 0
    assert scores.max() <= 1
    by_hand = [[relevance_by_hand(person, venue) for venue in world.venues] for person in world.people]
    np.testing.assert_allclose(scores, by_hand, atol=1e-6)
    blocks = dict(relevance_blocks(world.people, world.venues, rows=5))
    assert list(blocks) == [0, 5, 10]
    np.testing.assert_array_equal(np.concatenate(list(blocks.values())), scores)


def test_relevance_worked_example() -> None:
    person = replace(
        WORLD.people[0],
        tastes=(Taste((("beach", 1.0),), 0.75), Taste((("castle", 0.6), ("garden", 0.4)), 0.25)),
        dislikes=("vineyard",),
    )
    mixtures = {
        "the leading taste itself": ((("beach", 1.0),), 1.0),
        "the minor taste itself": ((("castle", 0.6), ("garden", 0.4)), 2 / 3),
        "half of the leading taste": ((("beach", 0.5), ("boho_tent", 0.5)), 0.5),
        "spoiled by a dislike": ((("beach", 0.5), ("vineyard", 0.5)), 0.25),
        "nothing in common": ((("rooftop_night", 1.0),), 0.0),
    }
    venues = [replace(WORLD.venues[0], mixture=mixture) for mixture, _ in mixtures.values()]
    expected = [score for _, score in mixtures.values()]
    np.testing.assert_allclose(relevance([person], venues)[0], expected, atol=1e-6)


@pytest.mark.parametrize(
    ("wishes", "stated", "passes"),
    [
        (Preferences(guests=100), {"capacity_max": 120, "capacity_min": 80}, True),
        (Preferences(guests=130), {"capacity_max": 120, "capacity_min": None}, False),
        (Preferences(guests=60), {"capacity_max": 120, "capacity_min": 80}, False),
        (Preferences(guests=900), {"capacity_max": None, "capacity_min": None}, True),
        (Preferences(budget_max=5000, currency="GBP"), {"price_min": 5000, "price_unit": "per event"}, True),
        (Preferences(budget_max=5000, currency="GBP"), {"price_min": 5100, "price_unit": "per day"}, False),
        (Preferences(budget_max=5000, currency="EUR"), {"price_min": 9000, "price_unit": "per event"}, True),
        (Preferences(budget_max=5000, currency="GBP"), {"price_min": None, "price_unit": None}, True),
        (Preferences(5000, "GBP", guests=40), {"price_min": 100, "price_unit": "per head"}, True),
        (Preferences(5000, "GBP"), {"price_min": 100, "price_unit": "per head"}, False),
        (Preferences(lat=51.5, lon=-0.1, max_distance_km=50), {"lat": 51.4, "lon": -0.3}, True),
        (Preferences(lat=51.5, lon=-0.1, max_distance_km=50), {"lat": 48.9, "lon": 2.3}, False),
        (Preferences(setting="outdoor"), {"setting": "both"}, True),
        (Preferences(setting="outdoor"), {"setting": "indoor"}, False),
        (Preferences(), {"setting": "indoor"}, True),
    ],
)
def test_preferences_rule_out_only_what_contradicts_them(
    wishes: Preferences, stated: dict[str, object], passes: bool
) -> None:
    silent = {"capacity_min": None, "capacity_max": None, "price_min": None, "price_unit": None}
    venue = replace(WORLD.venues[0], currency="GBP", **{**silent, **stated})  # type: ignore[arg-type]
    assert allowed(wishes, StatedFacts.of([venue])).tolist() == [passes]


def test_distance_from_london_to_paris() -> None:
    assert distance_km(51.5074, -0.1278, np.array([48.8566]), np.array([2.3522]))[0] == pytest.approx(344, abs=1)


def test_slugs_are_plain() -> None:
    assert slugify("Domaine La Vaudière, Côte-d'Or") == "domaine-la-vaudiere-cote-dor"
