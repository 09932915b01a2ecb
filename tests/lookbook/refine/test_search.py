"""Refined lists from a real database: the stored list where nothing is asked, and what each ask changes."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import URL, Engine, insert, text, update

from lookbook.refine import (
    AmenityAsk,
    BudgetAsk,
    CountryAsk,
    GuestsAsk,
    LikeAsk,
    LookAsk,
    PlaceAsk,
    QueryEncoders,
    Refined,
    Refinement,
    SettingAsk,
    TasteAsk,
    WordsAsk,
    refine,
    statements,
    vector_statements,
    why_not,
)
from lookbook.refine.asks import Ask
from lookbook.refine.comparison import _NO_SPACE
from lookbook.refine.evidence import facts_of
from lookbook.refine.filters import filter_values, preference_values
from lookbook.refine.judging import rules_out, wish_outcomes
from lookbook.refine.refinement import refinement_of
from resources.binary_types.id_arrays import IdArray
from resources.identity import user_id, venue_id
from resources.schema import index_settings, ratings, users, venues
from resources.settings import load_settings
from resources.vector_index import IndexPolicy, maintain_index
from taste_assets.recommendation_options import RecommendationOptions
from taste_assets.recommendations import recommendations
from tests.lookbook.refine.conftest import COUNTRIES, FACTS, TORONTO, reading
from tests.taste_assets.list_lineage import IMAGE, Lists, list_resources, near

ANN = user_id("ann")
NOBODY = uuid.UUID(int=0)


def answer(lists: Lists, encoders: QueryEncoders, person: uuid.UUID = ANN, limit: int = 24, **asked: Any) -> Refined:
    with reading(lists.engine) as connection:
        return refine(connection, person, Refinement(**asked), encoders, limit=limit)


def ids(found: Refined) -> list[uuid.UUID]:
    return [row.venue_id for row in found.rows]


def make_lists(catalogue: Lists, url: URL, monkeypatch: pytest.MonkeyPatch, *, length: int) -> None:
    monkeypatch.setenv("DATABASE_URL", url.render_as_string(hide_password=False))
    catalogue.assets = [recommendations]
    catalogue.resources = list_resources(recommendation_options=RecommendationOptions(length=length))
    catalogue.run("recommendations")


@pytest.mark.parametrize("words", [None, "place number 17"])
def test_asking_nothing_gives_the_stored_list(
    catalogue: Lists, encoders: QueryEncoders, database_url: URL, monkeypatch: pytest.MonkeyPatch, words: str | None
) -> None:
    with catalogue.engine.begin() as connection:
        connection.execute(update(users).where(users.c.user_id == ANN).values(preference_text=words))
    make_lists(catalogue, database_url, monkeypatch, length=24)
    found = answer(catalogue, encoders)
    assert ids(found) == catalogue.list_of(ANN)
    stored = catalogue.rows("SELECT venue_id, score, matches FROM serving.recommendations ORDER BY rank")
    for row, kept in zip(found.rows, stored, strict=True):
        assert row.score == pytest.approx(kept.score, abs=1e-5)
        mine = {(reason.cluster_id, reason.photo_id) for reason in row.reasons if reason.kind == "taste"}
        assert mine == {(uuid.UUID(one["cluster_id"]), one["photo_id"]) for one in kept.matches}


def test_a_wanted_fact_rules_out_what_is_stated_otherwise_and_a_must_what_is_not_stated(
    catalogue: Lists, encoders: QueryEncoders
) -> None:
    wanted = answer(catalogue, encoders, guests=GuestsAsk(least=100, most=100))
    must = answer(catalogue, encoders, guests=GuestsAsk(least=100, most=100, strength="must"))
    prefer = answer(catalogue, encoders, guests=GuestsAsk(least=100, most=100, strength="prefer"))
    kinds = [len({number for number in range(24) if number // 4 % 4 == kind}) for kind in range(4)]
    assert (wanted.fitting, must.fitting, prefer.fitting) == (24 - kinds[1], 24 - kinds[1] - kinds[2], 24)
    assert {row.wishes[0].outcome for row in wanted.rows} == {"met", "unknown"}
    assert {row.wishes[0].outcome for row in must.rows} == {"met"}
    assert {row.wishes[0].outcome for row in prefer.rows} == {"met", "unknown", "missed"}


AMENITY = st.builds(AmenityAsk, word=st.sampled_from(["parking", "pool", "spa"]), wanted=st.booleans(),
                    strength=st.sampled_from(["must", "want", "prefer"]))  # fmt: skip
STRENGTH = st.sampled_from(["must", "want", "prefer"])
LOOK = st.builds(LookAsk, words=st.just("barn"), style=st.sampled_from(["barn", "castle", None]),
                 amount=st.sampled_from(["more", "less", "none"]), strength=STRENGTH)  # fmt: skip
PLACE = st.builds(PlaceAsk, name=st.just("here"), lat=st.floats(-90, 90), lon=st.floats(-180, 180),
                  km=st.floats(0.1, 20_000), strength=STRENGTH)  # fmt: skip
NEARBY = st.builds(PlaceAsk, name=st.just("Leeds"), lat=st.just(53.8), lon=st.just(-1.5),
                   km=st.sampled_from([1.0, 300.0, 9_000.0]), strength=STRENGTH)  # fmt: skip
COUNTRY = st.builds(
    CountryAsk, wanted=st.booleans(), strength=STRENGTH,
    codes=st.lists(st.sampled_from(["GB", "DE", "CA", "IT", "FR", "ZZ"]), min_size=1, max_size=3).map(tuple),
)  # fmt: skip
ASKED = st.builds(
    Refinement,
    guests=st.none() | st.builds(lambda a, b, s: GuestsAsk(least=min(a, b), most=max(a, b), strength=s),
                                 st.integers(1, 400), st.integers(1, 400), STRENGTH),
    budget=st.none() | st.builds(BudgetAsk, amount=st.floats(10, 20_000), currency=st.sampled_from(["GBP", "USD"]),
                                 per=st.sampled_from(["event", "person", "day", "hour"]), strength=STRENGTH),
    place=st.none() | PLACE | NEARBY,
    country=st.none() | COUNTRY,
    setting=st.none() | st.builds(SettingAsk, setting=st.sampled_from(["indoor", "outdoor", "both"]),
                                  strength=STRENGTH),
    amenities=st.lists(AMENITY, max_size=2, unique_by=lambda ask: ask.word).map(tuple),
    looks=st.lists(LOOK, max_size=2, unique_by=lambda ask: ask.slot).map(tuple),
)  # fmt: skip


@given(ASKED)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_database_and_the_judgement_in_words_rule_out_the_same_venues(
    catalogue: Lists, encoders: QueryEncoders, asked: Refinement
) -> None:
    with reading(catalogue.engine) as connection:
        found = refine(connection, ANN, asked, encoders, limit=24)
        facts = facts_of(connection, [venue_id(f"v{number}.test") for number in range(24)])
    assert len(facts) == 24
    fitting = {one for one, each in facts.items() if not any(map(rules_out, wish_outcomes(asked, each)))}
    assert set(ids(found)) == fitting
    assert found.fitting == len(fitting)


def said_firmly(ask: Ask) -> Ask:
    """What is preferred, and each word that is asked for, as something that must be stated."""
    match ask:
        case LookAsk():
            is_firm = ask.style is not None and ask.amount == "more"
        case AmenityAsk():
            is_firm = ask.wanted or ask.strength == "prefer"
        case _:
            is_firm = getattr(ask, "strength", None) == "prefer"
    return ask.model_copy(update={"strength": "must"}) if is_firm else ask


@given(ASKED)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_database_counts_what_is_unsaid_and_missed_as_the_judgement_in_words_does(
    catalogue: Lists, asked: Refinement
) -> None:
    everything = [venue_id(f"v{number}.test") for number in range(24)]
    values = {**filter_values(asked), **preference_values(asked)}
    counted = vector_statements.photo_similarities(0, _NO_SPACE)
    with reading(catalogue.engine) as connection:
        facts = facts_of(connection, everything)
        rows = connection.execute(counted, {**values, "compared": IdArray.of(everything)}).all()
        stating = connection.execute(statements.fitting(), {**values, "asks_to_state": True}).one().stating_ids
    outcomes = {one: [wish.outcome for wish in wish_outcomes(asked, each)] for one, each in facts.items()}
    assert {row.venue_id: (row.unknown, row.missed) for row in rows} == {
        one: (each.count("unknown"), each.count("missed")) for one, each in outcomes.items()
    }
    firmest = refinement_of(map(said_firmly, asked.asks()))
    expected = {one for one, each in facts.items() if not any(map(rules_out, wish_outcomes(firmest, each)))}
    assert set(IdArray(stating or IdArray.of(())).smallest(24)) == expected


@pytest.mark.parametrize(
    ("asked", "listed"),
    [
        (CountryAsk(codes=("GB",)), {"United Kingdom", "England", "Atlantis", ""}),
        (CountryAsk(codes=("GB",), strength="must"), {"United Kingdom", "England"}),
        (CountryAsk(codes=("DE", "AT"), strength="must"), {"Germany", "\u00d6sterreich"}),
        (CountryAsk(codes=("ES", "IT")), {"Italy", "Atlantis", ""}),
        (CountryAsk(codes=("CA",), strength="must"), {TORONTO}),
        (CountryAsk(codes=("GB", "IT", "CA"), wanted=False), {"Germany", "\u00d6sterreich", "Atlantis", ""}),
        (CountryAsk(codes=("GB", "IT"), wanted=False, strength="must"), {"Germany", "\u00d6sterreich", TORONTO}),
        (CountryAsk(codes=("FR",), strength="prefer"), {stated for *_, stated in COUNTRIES}),
    ],
)
def test_a_country_is_the_sites_word_for_it_or_its_towns(
    catalogue: Lists, encoders: QueryEncoders, asked: CountryAsk, listed: set[str]
) -> None:
    found = answer(catalogue, encoders, country=asked)
    stated = {venue_id(f"v{number}.test"): said for number, (*_, said) in enumerate(COUNTRIES * 3)}
    assert {stated[row.venue_id] for row in found.rows} == listed
    assert found.fitting == 3 * len(listed)
    for row in found.rows:
        (wish,) = row.wishes
        assert wish.stated == stated[row.venue_id]
        assert (wish.outcome == "unknown") == (wish.stated in ("", "Atlantis"))


def test_a_venue_whose_town_is_elsewhere_is_ruled_out_and_says_why(catalogue: Lists) -> None:
    asked = Refinement(country=CountryAsk(codes=("ES", "IT")))
    with reading(catalogue.engine) as connection:
        (wish,) = why_not(connection, asked, venue_id("v4.test")) or ()
    assert (wish.text, wish.strength, wish.outcome) == ("in Spain or Italy", "want", "missed")
    assert wish.stated == TORONTO


def test_a_country_without_venues_is_asked_for_and_its_removal_offered(
    catalogue: Lists, encoders: QueryEncoders
) -> None:
    found = answer(catalogue, encoders, country=CountryAsk(codes=("FR",), strength="must"))
    assert found.rows == ()
    assert [(one.kind, one.text, one.venues) for one in found.relaxations] == [("country", "in France", 24)]
    with reading(catalogue.engine) as connection:
        (wish,) = why_not(connection, Refinement(country=CountryAsk(codes=("IT", "US"))), venue_id("v2.test")) or ()
    assert (wish.text, wish.outcome, wish.stated) == ("in Italy or the United States", "missed", "Germany")


def test_less_of_a_look_lowers_the_taste_of_that_name_and_none_leaves_it_out(
    catalogue: Lists, encoders: QueryEncoders
) -> None:
    with catalogue.engine.begin() as connection:
        connection.execute(text("UPDATE taste_clusters SET label = 'castle' WHERE label = 'look 0'"))
    shares = [
        [round(taste.after, 3) for taste in answer(catalogue, encoders, looks=(look,)).tastes]
        for look in (LookAsk(words="castle", style="castle", amount="less"),
                     LookAsk(words="castle", style="castle", amount="none", strength="prefer"))
    ]  # fmt: skip
    assert shares == [[0.375, 0.625], [0.0, 1.0]]


def test_a_taste_can_be_turned_down_by_hand(catalogue: Lists, encoders: QueryEncoders) -> None:
    first, second = answer(catalogue, encoders).tastes
    found = answer(catalogue, encoders, tastes=(TasteAsk(cluster_id=first.cluster_id, factor=0),))
    assert [taste.after for taste in found.tastes] == [0, 1]
    assert {reason.cluster_id for row in found.rows for reason in row.reasons if reason.kind == "taste"} == {
        second.cluster_id
    }


def mean_rank(found: Refined, numbers: range) -> float:
    wanted = {venue_id(f"v{number}.test") for number in numbers}
    return float(np.mean([row.rank for row in found.rows if row.venue_id in wanted]))


def test_more_like_an_example_raises_its_kind_and_less_like_it_lowers_it(
    catalogue: Lists, encoders: QueryEncoders
) -> None:
    kind = range(3, 24, 4)  # around the look that ann neither likes nor dislikes
    example = venue_id("v3.test")
    plain = answer(catalogue, encoders)
    more = answer(catalogue, encoders, likes=(LikeAsk(venue_id=example, name="v3"),))
    less = answer(catalogue, encoders, likes=(LikeAsk(venue_id=example, name="v3", more=False),))
    assert mean_rank(more, kind) < mean_rank(plain, kind) - 2
    assert mean_rank(less, kind) > mean_rank(plain, kind)
    (reason,) = (reason for reason in more.rows[0].reasons if reason.kind == "like")
    assert reason.photo_id is not None
    assert reason.example_photo_id is not None


def test_what_stands_first_falls_when_less_like_it_is_asked(catalogue: Lists, encoders: QueryEncoders) -> None:
    first = ids(answer(catalogue, encoders))[0]
    less = answer(catalogue, encoders, likes=(LikeAsk(venue_id=first, name="it", more=False),))
    assert ids(less).index(first) >= 3


def test_who_likes_nothing_starts_from_the_stored_list_and_avoids(
    catalogue: Lists, encoders: QueryEncoders, database_url: URL, monkeypatch: pytest.MonkeyPatch
) -> None:
    bob = catalogue.person("bob", dislikes=[near(2)])
    make_lists(catalogue, database_url, monkeypatch, length=12)
    listed = catalogue.list_of(bob)
    assert len(listed) == 12
    for most in (800, 2):  # all compared, then by index
        monkeypatch.setattr("lookbook.refine.search.EXACT_VENUES", most)
        monkeypatch.setattr("lookbook.refine.candidates.SAMPLE", 5)
        if most == 2:
            maintain_index(catalogue.engine, IMAGE, IndexPolicy(min_rows=1, queries=5))
        found = answer(catalogue, encoders, person=bob, looks=(LookAsk(words="garden", amount="less"),))
        assert found.how.search == ("exact" if most == 800 else "index")
        assert set(listed) <= set(ids(found))
        rank = {row.venue_id: row.rank for row in found.rows}
        gardens = {venue_id(f"v{number}.test") for number in range(0, 24, 3)}
        early, late, garden = (
            np.mean([rank[one] for one in some])
            for some in (set(listed[:6]) - gardens, set(listed[6:]) - gardens, gardens & rank.keys())
        )
        assert early < late < garden


def test_a_venue_rated_never_is_not_shown_whatever_is_asked(
    catalogue: Lists, encoders: QueryEncoders, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = ids(answer(catalogue, encoders))[:2]
    with catalogue.engine.begin() as connection:
        same = {"user_id": ANN, "rated_at": datetime.now(UTC)}
        connection.execute(insert(ratings), [{**same, "venue_id": first, "rating": 0},
                                             {**same, "venue_id": second, "rating": 1}])  # fmt: skip
    like = LikeAsk(venue_id=first, name="it")
    assert set(ids(answer(catalogue, encoders))) == set(ids(answer(catalogue, encoders, likes=(like,))))
    monkeypatch.setattr("lookbook.refine.search.EXACT_VENUES", 2)
    maintain_index(catalogue.engine, IMAGE, IndexPolicy(min_rows=1, queries=5))
    found = answer(catalogue, encoders, likes=(like,))
    assert found.how.search == "index"
    assert first not in ids(found)
    assert second in ids(found)
    assert found.fitting == 23


def test_turning_every_taste_off_is_said(catalogue: Lists, encoders: QueryEncoders) -> None:
    tastes = answer(catalogue, encoders).tastes
    found = answer(catalogue, encoders, tastes=tuple(TasteAsk(cluster_id=one.cluster_id, factor=0) for one in tastes))
    assert "turned off" in found.how.left_out[0]


def test_a_look_in_words_raises_what_shows_it(catalogue: Lists, encoders: QueryEncoders) -> None:
    shows_it = range(0, 24, 3)  # axis 4
    plain = answer(catalogue, encoders)
    found = answer(catalogue, encoders, looks=(LookAsk(words="garden"),))
    assert mean_rank(found, shows_it) < mean_rank(plain, shows_it)
    against = answer(catalogue, encoders, looks=(LookAsk(words="garden", amount="less"),))
    assert mean_rank(against, shows_it) > mean_rank(plain, shows_it)
    assert next(reason for reason in against.rows[0].reasons if reason.kind == "look").is_against


def test_a_description_is_compared_with_the_summaries(catalogue: Lists, encoders: QueryEncoders) -> None:
    found = answer(catalogue, encoders, person=NOBODY, words=(WordsAsk(words="place number 17"),))
    assert ids(found)[0] == venue_id("v17.test")
    (reason,) = found.rows[0].reasons
    assert (reason.kind, reason.field) == ("words", "vibe")


def test_somebody_unknown_gets_what_fits_and_nothing_is_made_up(catalogue: Lists, encoders: QueryEncoders) -> None:
    found = answer(catalogue, encoders, person=NOBODY, setting=SettingAsk(setting="outdoor", strength="must"))
    assert found.how.search == "stored"
    assert len(found.rows) == found.fitting > 0
    assert all(row.score is None and not row.reasons for row in found.rows)


def test_what_cannot_be_used_is_said(catalogue: Lists, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IMAGE_ENCODER", "python:tests.plugins.colours:encoder")
    other = QueryEncoders(load_settings())
    found = answer(catalogue, other, looks=(LookAsk(words="garden"),), likes=(LikeAsk(venue_id=NOBODY, name="it"),))
    assert len(found.how.left_out) == 2
    assert "IMAGE_ENCODER" in found.how.left_out[0]
    assert "more like it" in found.how.left_out[1]


def test_a_short_list_says_what_would_lengthen_it(catalogue: Lists, encoders: QueryEncoders) -> None:
    found = answer(
        catalogue, encoders, guests=GuestsAsk(least=250, most=250, strength="must"),
        setting=SettingAsk(setting="indoor"), amenities=(AmenityAsk(word="spa", strength="must"),),
    )  # fmt: skip
    assert found.rows == ()
    assert [one.text for one in found.relaxations] == ["spa"]


def test_why_a_venue_is_not_listed(catalogue: Lists) -> None:
    wanted = Refinement(guests=GuestsAsk(least=100, most=100), setting=SettingAsk(setting="indoor"))
    with reading(catalogue.engine) as connection:
        wishes = why_not(connection, wanted, venue_id("v4.test"))
        assert why_not(connection, wanted, NOBODY) is None
    assert wishes is not None
    assert [(wish.outcome, wish.stated) for wish in wishes] == [("missed", "20 to 60 guests"), ("met", "indoor")]


def test_a_retired_venue_and_one_never_read_are_not_found(catalogue: Lists, encoders: QueryEncoders) -> None:
    catalogue.change(venues, venues.c.site_url == "https://v0.test", status="retired")
    catalogue.change(venues, venues.c.site_url == "https://v1.test", crawled_at=None, status="listed")
    found = answer(catalogue, encoders)
    assert len(found.rows) == 22
    assert not {venue_id("v0.test"), venue_id("v1.test")} & set(ids(found))


def test_a_place_gives_distances(catalogue: Lists, encoders: QueryEncoders) -> None:
    found = answer(catalogue, encoders, place=PlaceAsk(name="Leeds", lat=53.8, lon=-1.5, km=300))
    distances = {row.distance_km for row in found.rows}
    assert 0.0 in distances
    assert None in distances
    assert all(one is None or one <= 300 for one in distances)


@pytest.mark.parametrize("limit", [0, 101])
def test_a_list_has_a_length(catalogue: Lists, encoders: QueryEncoders, limit: int) -> None:
    with pytest.raises(ValueError, match="limit"):
        answer(catalogue, encoders, limit=limit)


def test_an_empty_database_gives_an_empty_list(engine: Engine, encoders: QueryEncoders) -> None:
    with reading(engine) as connection:
        found = refine(connection, ANN, Refinement(), encoders)
    assert (found.rows, found.fitting, found.how.space_id) == ((), 0, None)


def test_by_index_nearly_all_of_the_exact_list_is_found(
    lists: Lists, encoders: QueryEncoders, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(160):
        lists.venue(f"v{number}.test", near(number % 8, 0.4, seed=number, count=2), **FACTS[number % 4])
    lists.person("ann", likes=[near(0), near(1), near(2)], dislikes=[near(3)])
    maintain_index(lists.engine, IMAGE, IndexPolicy(min_rows=1, queries=10))
    with lists.engine.begin() as connection:
        connection.execute(update(index_settings).values(ef_search=40))
    monkeypatch.setattr("lookbook.refine.search.EXACT_VENUES", 10)
    monkeypatch.setattr("lookbook.refine.candidates.NEAREST", 60)
    recalls = []
    for asked in (Refinement(), Refinement(guests=GuestsAsk(least=80, most=80)),
                  Refinement(likes=(LikeAsk(venue_id=venue_id("v5.test"), name="v5"),)),
                  Refinement(looks=(LookAsk(words="garden", amount="less"),)),
                  Refinement(amenities=(AmenityAsk(word="pool", strength="prefer"),))):  # fmt: skip
        with reading(lists.engine) as connection:
            found = refine(connection, ANN, asked, encoders)
            exact = refine(connection, ANN, asked, encoders, search="exact")
        assert (found.how.search, exact.how.search) == ("index", "exact")
        assert found.how.compared < exact.how.compared
        recalls.append(len(set(ids(found)) & set(ids(exact))) / len(exact.rows))
    assert min(recalls) >= 0.8
    assert np.mean(recalls) >= 0.9
