"""The rule-based interpreter on the written requests, and on anything at all."""

from __future__ import annotations

import time
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.refine_accuracy import CATALOGUE, SHOWN, accuracy, judged, requests
from lookbook.refine import Catalogue, Context, Interpretation, Place, PlaceAsk
from lookbook.refine.conversation import MAX_TEXT
from lookbook.refine.refinement import Refinement
from lookbook.refine.rules.folding import fold_text
from lookbook.refine.rules.interpreter import RuleInterpreter
from lookbook.refine.rules.lexicon import AMENITIES, STYLES
from lookbook.refine.rules.spelling import distance, nearest_word
from resources.folding import folded
from resources.gazetteer import gazetteer
from venue_assets.extract.facts import vocabulary

CONTEXT = Context(CATALOGUE, SHOWN)
UK_OR_US = "in the United States or the United Kingdom"
WRITTEN = requests()
PIECES = st.sampled_from([str(request["says"]) for request in WRITTEN])
ANYTHING = st.text(max_size=120) | st.lists(PIECES, min_size=1, max_size=4).map(" ".join)


def read(text: str, context: Context = CONTEXT) -> Interpretation:
    return RuleInterpreter().read(text, context)


@pytest.mark.parametrize(
    ("name", "least"),
    [("first", 0.98), ("second", 0.9), ("third", 0.8), ("fourth", 0.95), ("fifth", 0.98), ("sixth", 0.98),
     ("seventh", 0.85), ("eighth", 0.98), ("ninth", 0.8)],
)  # fmt: skip
def test_the_written_requests_are_understood_as_a_careful_reader_does(name: str, least: float) -> None:
    found = list(judged(RuleInterpreter(), [request for request in WRITTEN if request["set"] == name]))
    figures = accuracy(found)
    assert figures["exact_match"] >= least, figures["misread"]


def test_there_are_enough_requests_of_every_kind_and_none_twice() -> None:
    kinds = Counter(request["kind"] for request in WRITTEN)
    assert len(WRITTEN) >= 150
    assert {"negation", "ranges", "typos", "German", "hostile", "together"} <= kinds.keys()
    assert len({(request["says"], str(request.get("after"))) for request in WRITTEN}) == len(WRITTEN)


def test_the_lexicon_has_a_wording_for_every_word_of_the_vocabularies_and_no_other() -> None:
    assert AMENITIES.keys() == vocabulary.AMENITIES.keys()
    assert STYLES.keys() == vocabulary.STYLES.keys()


@pytest.mark.parametrize(
    "said",
    ["castles are not our thing", "we can't have a castle", "please don't show me any castles",
     "nothing beats a castle", "not only castles", "can't live without a castle", "a castle would not be bad",
     "no preference for barn or castle", "I can't imagine a barn or a castle", "Schlösser gefallen uns nicht",
     "it is not about the castle"],
)  # fmt: skip
def test_what_may_be_denied_is_never_asked_for_but_said_to_be_not_understood(said: str) -> None:
    found = read(said)
    assert not found.chips
    assert found.dropped == ()
    assert any("castle" in folded(words) or "schloss" in folded(words) for words in found.not_understood)


@given(st.sampled_from(["not {}", "we'd rather not marry {}", "anywhere except {}", "we never want to be {}",
                        "nothing {}", "we don't particularly want to be {}", "it needn't be {}", "{}? no thanks",
                        "{} is not for us"]
), st.sampled_from(["near Leeds", "in York", "within 50 km of London", "an hour from Bath"]),
    st.sampled_from(["", "120 guests, ", "a barn. "]))  # fmt: skip
def test_a_place_that_is_denied_is_never_asked_for_but_said_to_be_not_understood(
    denial: str, place: str, before: str
) -> None:
    found = read(before + denial.format(place))
    assert not [chip for chip in found.chips if chip.kind == "place"]
    assert place.split()[-1] in " ".join(found.not_understood)


@given(st.sampled_from(["at least {}", "over {}", "not less than {}", "{} or more", "a minimum of {}", "plus {}"]),
       st.sampled_from(["£9k", "9000 euros", "£90 a head", "50 km from Leeds", "2 hours from York"]))  # fmt: skip
def test_the_least_of_a_sum_or_distance_is_not_asked_for_but_said_to_be_not_understood(bound: str, much: str) -> None:
    said = bound.format(much)
    if "from" in said and bound in ("plus {}", "{} or more"):
        return  # "plus 2 hours from York" says nothing
    found = read(said)
    assert (found.chips, found.not_understood) == ((), (said,))
    assert [chip.kind for chip in read(f"no more than {much}").chips] == ["place" if "from" in much else "budget"]


@given(st.sampled_from(["castle", "barn", "vineyard", "pool", "garden"]), st.sampled_from(
    ["no {}", "not a {}", "no fancy {}", "nothing with a {}", "without any {}", "enough of the {}", "anything but a {}",
     "leave out the {}", "tired of the {}", "not looking for a {}", "ohne {}", "bitte kein {}", "{}? no thanks",
     "{}: no"]
), st.sampled_from(["", "120 guests, ", "ideally outdoors, ", "we are looking for a place near Bath, "]))  # fmt: skip
def test_a_denial_is_read_as_one_whatever_stands_before_it(thing: str, denial: str, before: str) -> None:
    (denied,) = [chip for chip in read(before + denial.format(thing)).chips if chip.ask.kind in ("look", "amenity")]
    assert getattr(denied.ask, "amount", "none") == "none"
    assert not getattr(denied.ask, "wanted", False)
    assert denied.strength == "want", "firmness is not inherited by what is denied"


@pytest.mark.parametrize("said", ["no rustic barns", "no fairytale barn"])
def test_a_denied_thing_takes_its_adjective_along_and_says_so(said: str) -> None:
    (chip,) = read(said).chips
    assert chip.text == "no barn"
    assert chip.note.startswith("all of them, not only")


@pytest.mark.parametrize("said", ["cheaper", "no kids", "yes", "hello", "no", "...", "add 20 guests"])
def test_nothing_that_is_said_vanishes_without_an_answer(said: str) -> None:
    found = read(said)
    assert not (found.chips or found.questions or found.dropped)
    assert found.not_understood


def test_a_distance_is_never_a_number_of_guests() -> None:
    (chip,) = read("near Vienna, at most 50 km, 80 guests").chips[:1]
    assert chip.text == "within 50 km of Vienna"
    assert chip.said == "near Vienna, at most 50 km"
    found = read("at most 50 km")
    assert found.questions == ()
    assert found.not_understood == ("50 km",)


def test_a_range_in_two_parts_needs_two_bounds() -> None:
    (chip,) = read("at least 150 guests but not more than 200").chips
    assert chip.text == "150 to 200 guests"
    assert read("no more than 200 guests but at least 150").chips[0].text == "150 to 200 guests"
    assert len(read("120 guests, under 150").questions) == 1, "may be money"
    contradicting = read("at least 200 guests but not more than 150")
    assert [one.text for one in contradicting.chips] == ["200 guests"]
    assert contradicting.not_understood == ("150",)


def test_a_region_without_venues_is_no_look_and_with_venues_is_the_region() -> None:
    assert read("in Provence").not_understood == ("Provence",)
    assert read("near the Lake District").not_understood == ("Lake District",)
    there = Context(Catalogue(regions=(Place("Provence", "", "FR", 43.9, 5.5, radius_km=60),), country="FR"))
    assert [chip.text for chip in read("in Provence", there).chips] == ["within 60 km of the middle of Provence"]


def test_what_is_assumed_is_said() -> None:
    (money, place) = read("under 15k within two hours of Austin").chips
    assert "GBP" in money.note
    assert "65 km/h" in place.text
    (near,) = read("near Bath").chips
    assert "40 km" in near.note


def test_a_bound_without_a_unit_is_asked_back() -> None:
    (question,) = read("under 150").questions
    assert [option.ask.kind for option in question.options] == ["guests", "budget", "budget"]


def test_a_name_of_several_towns_is_asked_back_with_what_tells_them_apart() -> None:
    (question,) = read("near Springfield").questions
    texts = [option.text for option in question.options]
    assert len(set(texts)) == len(texts) > 1
    assert "Springfield, Illinois, US" in texts


def test_a_region_is_the_circle_of_its_venues_and_says_so() -> None:
    (chip,) = read("in the Cotswolds").chips
    assert chip.said == "in the Cotswolds"
    assert chip.text == "within 45 km of the middle of The Cotswolds"
    assert chip.note == "The Cotswolds taken as the circle of 45 km that holds its venues"
    (travel,) = read("an hour from Cornwall").chips
    assert "within 135 km of the middle of Cornwall (1 h by car" in travel.text


def test_a_state_that_is_a_town_too_is_asked_back_where_there_are_venues_in_both() -> None:
    towns = Place("Brooklyn", "New York", "US", 40.65, -73.95), Place("Hudson", "New York", "US", 42.25, -73.79)
    state = Place("New York", "", "US", 41.5, -73.9, radius_km=95)
    american = Context(Catalogue(towns=towns, regions=(state,), country="US"))
    for said, expected in (("in New York", [25, 95]), ("within 10 km of New York", [10, 105])):
        (question,) = read(said, american).questions
        assert [option.text for option in question.options] == [
            "New York City, New York, US",
            "New York, US, the region",
        ]
        assert [option.ask.km for option in question.options if isinstance(option.ask, PlaceAsk)] == expected
    (chip,) = read("in NY", american).chips
    assert chip.text == "within 95 km of the middle of New York", "a code is a state's"


def test_a_region_without_venues_is_no_town_far_away_but_one_at_home_is_meant() -> None:
    assert read("in Victoria").not_understood == ("Victoria",)
    (question,) = read("in Kent", Context(Catalogue(country="US"))).questions
    assert [option.text for option in question.options] == ["Kent, Washington, US", "Kent, Ohio, US"]
    (chip,) = read("in Victoria", Context(Catalogue(towns=(Place("Sooke", "", "CA", 48.37, -123.73),)))).chips
    assert chip.text == "within 25 km of Victoria"


@pytest.mark.parametrize(
    "said",
    ["like in Italy", "it feels like Italy", "we live in Italy", "our guests fly in from Italy", "near Italy",
     "two hours from Italy", "in Italy or by a lake", "Paris or Italy", "not in the south of Italy",
     "not only in Italy",
     "Italy is not our thing", "we don't want to get married in Italy", "not outside Italy", "Italy's lakes",
     "an hour from Nowhereville, Italy", "Italian food"],
)  # fmt: skip
def test_a_country_that_is_named_is_not_asked_for_where_it_may_not_be_meant(said: str) -> None:
    assert not [chip.text for chip in read(said).chips if chip.kind == "country"]


@pytest.mark.parametrize(
    ("said", "unread"),
    [("fine china", "china"), ("us only", "us only"), ("roast turkey", "turkey"), ("Jordan", "Jordan"),
     ("in South America", "South America"), ("in New Mexico", "New Mexico"),
     ("in Northern Ireland", "Northern Ireland"),
     ("in Scotland", "Scotland"), ("up to \u00a39k US", "US"), ("outside or in Italy", "Italy")],
)  # fmt: skip
def test_what_only_looks_like_a_country_is_said_to_be_not_understood(said: str, unread: str) -> None:
    found = read(said)
    assert not [chip for chip in found.chips if chip.kind == "country"]
    assert unread in " ".join(found.not_understood)


@pytest.mark.parametrize(
    ("said", "text", "strength"),
    [("in France, Spain, or Italy", "in France, Spain or Italy", "want"), ("US or UK only", UK_OR_US, "must"),
     ("in the US or the UK", UK_OR_US, "want"), ("in the Netherlands", "in the Netherlands", "want"),
     ("not in Spain, not in Italy", "not in Spain or Italy", "want"), ("in Spain, not in Italy", "in Spain", "want"),
     ("definitely not in Spain", "not in Spain", "want"), ("im S\u00fcden von Frankreich", "in France", "want"),
     ("must be in Spain, Italy would be nice", "in Spain", "must"), ("maybe Spain. Not Italy", "not in Italy", "want")],
)  # fmt: skip
def test_countries_of_one_turn_are_one_ask(said: str, text: str, strength: str) -> None:
    (chip,) = read(said).chips
    assert (chip.text, chip.strength) == (text, strength)
    assert chip.said in said


def test_countries_that_cannot_be_asked_besides_others_are_said_to_be_not_understood() -> None:
    assert read("must be in Spain, Italy would be nice").not_understood == ("Italy",)
    assert read("ideally in Spain. Not Italy").not_understood == ("in Spain",)
    many = "France, Spain, Portugal, Italy, Greece, Malta, Cyprus, Croatia or Slovenia"
    assert read(f"in {many}").not_understood == (many,)


def test_a_country_s_name_that_is_a_town_s_at_home_is_asked_back() -> None:
    (chip,) = read("in Lebanon").chips
    assert chip.text == "in Lebanon"
    (question,) = read("in Lebanon", Context(Catalogue(country="US"))).questions
    assert [option.text for option in question.options][:2] == ["Lebanon, the country", "Lebanon, Tennessee, US"]
    assert read("within an hour of Lebanon").not_understood == ("Lebanon",)
    georgia = Context(Catalogue(regions=(Place("Georgia", "", "US", 33, -83.5, radius_km=200),), country="US"))
    assert [one.text for one in read("in Georgia", georgia).chips] == ["within 200 km of the middle of Georgia"]


def test_chips_quote_what_was_typed() -> None:
    said = "Wir suchen Platz für 120 Gäste \N{EN DASH} ohne Scheune"
    for chip in read(said).chips:
        assert chip.said
        assert chip.said in said


@given(ANYTHING)
@settings(max_examples=150, deadline=None)
def test_nothing_that_is_said_makes_it_fail_and_all_it_says_is_within_bounds(said: str) -> None:
    found = read(said)
    assert Interpretation.model_validate_json(found.model_dump_json()) == found
    refinement = found.refinement()
    assert Refinement.model_validate_json(refinement.model_dump_json()) == refinement
    assert found == read(said), "the same words, the same answer"


@pytest.mark.parametrize(
    ("said", "which"),
    [("near Birmingham", "Birmingham, England, GB; "), ("in Paris, Texas", "Paris, Texas, US; "), ("near Leeds", "")],
)
def test_of_several_towns_of_a_name_it_is_said_which_is_meant(said: str, which: str) -> None:
    (chip,) = read(said).chips
    assert chip.note.startswith(f"{which}“")


@pytest.mark.parametrize(
    "said",
    ["no " * 400, "1" * 500, "1,1" * 200, "between " * 100, "a " * 250, ", or " * 120, "not a very " * 60,
     "near " * 120, "100 " * 125, "more like " * 60, "rather a than " * 35, "not only " * 55,
     "no barn, a " * 45, "more x than " * 40, "is not a castle " * 31, "at least 9 but not more than " * 17,
     "within 2 hours of " * 40, "Italy, " * 70, "in Italy or " * 40, "not in Italy, " * 35, "in the northern " * 30,
     "£1-" * 160, "and " * 125, "'" * 500, "not near London or " * 26, "over £9 or " * 45, "not to be " * 50,
     "no a, b, " * 55, "no garden or " * 38, "we don't like the first one and " * 15, "at least 5 km from Leeds " * 20,
     "a dozen " * 62, "12 May " * 70],
)  # fmt: skip
def test_no_turn_takes_long(said: str) -> None:
    gazetteer()  # read on first use, once a process
    started = time.process_time()
    read(said)
    assert time.process_time() - started < 1.0


def test_only_so_much_of_a_turn_is_read() -> None:
    assert not read("x" * MAX_TEXT + " 120 guests").chips


@given(st.text(max_size=60))
def test_folding_keeps_the_way_back(said: str) -> None:
    plain = fold_text(said)
    assert len(plain.text) == len(plain.starts) == len(plain.ends)
    assert " ".join(plain.text.split()) == folded(said)
    if plain.text:
        assert plain.said(0, len(plain.text)) in said


def test_a_misspelling_has_one_neighbour_or_none() -> None:
    assert nearest_word("casltes", {"castles", "cables"}) == "castles"
    assert nearest_word("bars", {"barn"}) is None, "too short"
    assert nearest_word("planes", {"planet", "planer"}) is None, "two are as near"
    assert nearest_word("arden", {"garden"}) is None, "another beginning"


@given(st.text("abc", max_size=6), st.text("abc", max_size=6))
def test_distance_is_one_that_agrees_with_its_definition(one: str, other: str) -> None:
    exact = distance(one, other, 12)
    assert exact == distance(other, one, 12)
    assert (exact == 0) == (one == other)
    assert abs(len(one) - len(other)) <= exact <= max(len(one), len(other))
    assert distance(one, other, 1) == min(exact, 2)
