"""Combining what a person said of pictures: one statement a picture, whatever the order things were read in."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from taste_assets.taste_inputs import PIN_WEIGHT, RatedPhoto, Statement, combined

NOW = datetime(2026, 6, 1, tzinfo=UTC)
TIMES = st.integers(0, 5).map(lambda days: NOW - timedelta(days=days))
PHOTOS = st.sampled_from(["a", "b", "c"])
PINS = st.builds(Statement, PHOTOS, st.just(PIN_WEIGHT), TIMES, st.sampled_from(["p1", "p2", "p3"]))
RATINGS = st.builds(RatedPhoto, PHOTOS, st.integers(0, 5), TIMES, st.booleans())


@given(st.lists(PINS, max_size=6), st.lists(RATINGS, max_size=6), st.sampled_from([2.5, 3.0]), st.randoms())
def test_each_picture_counts_once_in_any_order(
    pinned: list[Statement], rated: list[RatedPhoto], tau: float, order: Random
) -> None:
    said = combined(pinned, rated, tau)
    photos = [one.photo_id for one in said]
    telling = {one.photo_id for one in rated if one.rating != tau}
    assert photos == sorted({one.photo_id for one in pinned} | telling)
    assert all(one.weight != 0 for one in said)
    shuffled_pins, shuffled_ratings = list(pinned), list(rated)
    order.shuffle(shuffled_pins)
    order.shuffle(shuffled_ratings)
    assert combined(shuffled_pins, shuffled_ratings, tau) == said


def test_a_rating_of_the_photo_counts_before_one_of_the_venue_and_that_before_a_pin() -> None:
    pin = Statement("a", PIN_WEIGHT, NOW, "p")
    of_venue = RatedPhoto("a", 4, NOW, of_venue=True)
    of_photo = RatedPhoto("a", 1, NOW - timedelta(days=9), of_venue=False)
    assert combined([pin], [], 2.5) == [pin]
    assert combined([pin], [of_venue], 2.5) == [Statement("a", 1.5, NOW, None)]
    assert combined([pin], [of_photo, of_venue], 2.5) == [Statement("a", -1.5, NOW - timedelta(days=9), None)]


def test_of_two_pins_of_a_picture_the_newest_counts_and_a_neutral_rating_takes_nothing_away() -> None:
    old, new = Statement("a", PIN_WEIGHT, NOW - timedelta(days=3), "p1"), Statement("a", PIN_WEIGHT, NOW, "p2")
    assert combined([new, old], [RatedPhoto("a", 3, NOW, of_venue=False)], 3.0) == [new]
