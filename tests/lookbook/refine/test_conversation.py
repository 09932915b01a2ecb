"""Turns accumulate, are undone, edited and answered, and survive JSON."""

from __future__ import annotations

import uuid

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.refine_accuracy import CATALOGUE, SHOWN
from lookbook.refine import AmenityAsk, Context, Conversation, GuestsAsk, LikeAsk, profile_conversation
from lookbook.refine.conversation import MAX_EVENTS
from lookbook.refine.rules.interpreter import RuleInterpreter


def saying(*turns: str, talk: Conversation | None = None) -> Conversation:
    talk = talk or Conversation()
    for turn in turns:
        talk = talk.said(turn, RuleInterpreter().read(turn, Context(CATALOGUE, SHOWN, talk.refinement())))
    return talk


def texts(talk: Conversation) -> list[str]:
    return [chip.text for chip in talk.chips()]


def test_turns_accumulate_and_a_later_one_about_the_same_replaces_the_earlier() -> None:
    talk = saying("for 120, outdoors", "under £10k", "actually 90 guests")
    assert texts(talk) == ["outdoors", "up to £10,000", "90 guests"]
    assert talk.refinement().guests == GuestsAsk(least=90, most=90)


def test_a_country_replaces_another_and_goes_where_anywhere_will_do() -> None:
    talk = saying("in Italy or Spain, with a pool", "in Portugal only")
    assert texts(talk) == ["pool", "in Portugal"]
    assert talk.chips()[1].must
    assert texts(saying("anywhere", talk=talk)) == ["pool"]
    assert texts(saying("any country is fine", talk=talk)) == ["pool"]
    assert texts(saying("forget Portugal, show me Malta", talk=talk)) == ["pool", "in Malta"]


def test_more_guests_and_fewer_are_counted_from_what_stands() -> None:
    talk = saying("80 to 100 guests", "20 more guests")
    assert texts(talk) == ["100 to 120 guests"]
    assert talk.chips()[0].note == "100 before"
    assert texts(saying("50 fewer people", talk=talk)) == ["50 to 70 guests"]
    nobody = saying("99 fewer guests", "500 fewer guests", talk=talk)
    assert texts(nobody) == ["1 to 21 guests"]
    assert nobody.not_understood()


def test_no_range_ends_before_it_begins() -> None:
    with pytest.raises(ValueError, match="at least more guests than at most"):
        GuestsAsk(least=300, most=100)


def test_undo_takes_back_the_last_thing_whatever_it_was() -> None:
    talk = saying("for 120", "with a pool")
    chip = talk.chips()[1]
    assert texts(talk.without(chip.id)) == ["120 guests"]
    assert talk.without(chip.id).undo() == talk
    assert texts(saying("undo", talk=talk)) == ["120 guests"]
    assert Conversation().undo() == Conversation()


def test_what_is_dropped_in_words_goes_and_comes_back_with_undo() -> None:
    talk = saying("under £10k", "with parking and a pool", "parking isn't needed")
    assert texts(talk) == ["up to £10,000", "pool"]
    talk = saying("any price is fine", talk=talk)
    assert texts(talk) == ["pool"]
    assert texts(talk.undo()) == ["up to £10,000", "pool"]
    assert texts(saying("start over", talk=talk)) == []


def test_a_chip_is_edited_in_place_and_made_firmer() -> None:
    talk = saying("for 120, with a pool")
    guests, pool = talk.chips()
    talk = talk.changed(guests.id, GuestsAsk(least=80, most=80)).with_strength(pool.id, "must")
    assert [(chip.id, chip.text, chip.must) for chip in talk.chips()] == [
        (guests.id, "80 guests", False), (pool.id, "pool", True),
    ]  # fmt: skip
    assert talk.with_strength("9.9", "must") == talk == talk.without("9.9")


def test_a_question_is_answered_once_or_put_aside() -> None:
    talk = saying("near Springfield")
    (question,) = talk.questions()
    answered = talk.answered(question.id, 0)
    assert [chip.ask for chip in answered.chips()] == [question.options[0].ask]
    assert answered.questions() == () == talk.answered(question.id, None).questions()
    assert talk.answered(question.id, 99) == talk == talk.answered("7.q7", 0)


def test_asking_by_hand_is_a_chip_like_any_other() -> None:
    like = LikeAsk(venue_id=uuid.UUID(int=1), name="The Old Barn")
    talk = saying("for 80").asking(like)
    assert texts(talk) == ["80 guests", "more like The Old Barn"]
    assert texts(talk.asking(like.model_copy(update={"more": False}))) == ["80 guests", "less like The Old Barn"]


def test_stored_preferences_begin_a_conversation() -> None:
    talk = profile_conversation(
        {"guests": 90, "budget_max": 9000, "currency": "GBP", "near": "Leeds", "lat": 53.8, "lon": -1.5,
         "max_distance_km": 50, "setting": "outdoor", "amenities": ["parking"], "must": ["guests"]}
    )  # fmt: skip
    assert texts(talk) == ["90 guests", "up to £9,000", "within 50 km of Leeds", "outdoors", "parking"]
    assert [chip.must for chip in talk.chips()] == [True, False, False, False, False]
    assert profile_conversation({"guests": "many"}) == Conversation()


def test_a_long_conversation_forgets_how_it_came_about_but_not_what_stands() -> None:
    talk = Conversation()
    for number in range(MAX_EVENTS + 5):
        talk = talk.asking(AmenityAsk(word=f"w{number % 7}"))
    assert len(talk.events) <= MAX_EVENTS
    assert len(talk.chips()) == 7
    assert len({chip.id for chip in talk.chips()}) == 7


@given(st.lists(st.sampled_from(
    ["for 120", "under £9k", "no barns", "more like the first one", "undo", "near Springfield", "forget the budget",
     "with a pool", "start over", "asdf", "indoors", "less castle"]
), max_size=8))  # fmt: skip
@settings(max_examples=40, deadline=None)
def test_any_conversation_survives_json_and_undoing_it_all_leaves_nothing(turns: list[str]) -> None:
    talk = saying(*turns)
    assert Conversation.model_validate_json(talk.model_dump_json()) == talk
    assert len({chip.ask.slot for chip in talk.chips()}) == len(talk.chips())
    for _ in range(len(turns)):
        talk = talk.undo()
    assert talk == Conversation()
