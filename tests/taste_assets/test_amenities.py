"""Amenities that may be wished for: the words that venues are read with, and no others."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine, insert, select

from resources.errors import SetupError
from resources.identity import user_id, venue_bucket, venue_id
from resources.schema import users, venue_facts, venues
from taste_assets import people
from taste_assets.amenities import AMENITIES
from venue_assets.extract.facts.vocabulary import AMENITIES as READ

SITE = "https://manor.example"


def test_the_words_are_those_that_venues_are_read_with() -> None:
    assert READ.keys() == AMENITIES


def test_a_word_no_venue_is_read_for_is_refused_and_one_that_a_venue_states_is_taken(engine: Engine) -> None:
    one, me = venue_id(SITE), user_id("ada")
    with engine.begin() as connection:
        people.add_user(connection, "ada")
        with pytest.raises(SetupError, match="'helipad_of_gold'"):
            people.change_wishes(connection, me, {"amenities": ["bar", "helipad_of_gold"], "must": ["amenities"]})
        with pytest.raises(SetupError, match="the nearest word is 'parking'"):
            people.change_wishes(connection, me, {"amenities": ["parkings"]})
        assert connection.scalar(select(users.c.preferences)) == {}
        connection.execute(insert(venues).values(venue_id=one, site_url=SITE, bucket=venue_bucket(one)))
        stated = {"venue_id": one, "summariser": "s", "source_hash": "h", "amenities": ["helipad_of_gold"]}
        connection.execute(insert(venue_facts).values(stated))
        people.change_wishes(connection, me, {"amenities": ["helipad_of_gold"]})
        connection.execute(venue_facts.delete())
        assert people.change_wishes(connection, me, {"guests": 80}).amenities == ("helipad_of_gold",)
