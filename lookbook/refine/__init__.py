"""Refining a list of venues in plain words: a conversation becomes filters and re-weighted searches.

What an app does with it:

    from lookbook.refine import (
        Context, Conversation, QueryEncoders, catalogue_of, interpreter_from_settings, profile_conversation, refine,
        shown_venues, why_not,
    )

    settings = load_settings()
    engine = connect(url)                                  # of resources.database, as a login with venue_taste_reader
    interpreter = interpreter_from_settings(settings)      # once; rules, or LANGUAGE_MODEL; usable from any thread
    encoders = QueryEncoders(settings)                     # once; loads weights on the first look or description
    with engine.connect() as connection:
        catalogue = catalogue_of(connection)               # once in a while (10,000 venues: under half a second)

    talk = Conversation()                                  # or profile_conversation(preferences): the stored wishes
    context = Context(catalogue, shown_venues(catalogue, venue_ids), talk.refinement())
    talk = talk.said(text, interpreter.read(text, context))

    talk.chips()              # Chip: .id .text .kind .strength .must .said .note .ask
    talk.not_understood()     # words of the last turn that mean nothing to us
    talk.questions()          # Question: .id .text .options (Option: .text .ask)
    talk = talk.answered(question_id, 0)                   # None instead of 0 puts the question aside
    talk = talk.without(chip_id)
    talk = talk.with_strength(chip_id, "must")             # must, want or prefer
    talk = talk.changed(chip_id, GuestsAsk(least=80, most=80))
    talk = talk.asking(LikeAsk(venue_id=..., name="The Old Barn"))     # a button instead of words
    talk = talk.asking(TasteAsk(cluster_id=..., label="castle", factor=0.5))
    talk = talk.undo()
    kept = talk.model_dump_json(); talk = Conversation.model_validate_json(kept)

    with engine.connect() as connection:                   # one transaction for each call; it only reads
        answer = refine(connection, user_id, talk.refinement(), encoders, limit=20)
    answer.rows               # RefinedVenue: .rank .venue_id .score .reasons .wishes .distance_km
    answer.fitting, answer.tastes, answer.relaxations, answer.how      # see `results`
    why_not(connection, refinement, venue_id)              # WishOutcome for each thing asked, of any venue

`Interpretation.trouble` is not empty where a language model gave nothing usable: then nothing was understood.
An empty refinement is allowed: all venues in the order of the tastes.

    asks, refinement, wording             what can be asked: typed, bounded; its merging; its text on a chip
    conversation                          turns, chips, questions, undo
    context, catalogue                    what an interpreter knows: the list on screen, venues
    locating, countries                   which place is meant; which countries are named
    interpreters                          the protocol and the choice
    rules/                                the interpreter without a model; its words are data
    model_interpreter, model_answer       the interpreter with one, and what of its answer is believed
    views, fact_columns, filters          the views of `serving`; facts against what is asked, as conditions of SQL
    judging                               the same of one venue's facts, in words
    statements, vector_statements         every SQL statement there is, with `catalogue`
    profile, encoding, probes             a person's tastes, texts to vectors, and all that is asked with
    candidates, comparison                which venues are compared; how near each is to everything asked
    scoring, evidence                     the pure arithmetic of the order; the reasons
    search                                `refine` itself
    results                               what comes back
"""

from __future__ import annotations

from lookbook.refine.asks import (
    AmenityAsk,
    Ask,
    BudgetAsk,
    CountryAsk,
    GuestsAsk,
    Kind,
    LikeAsk,
    LookAsk,
    PlaceAsk,
    SettingAsk,
    Strength,
    TasteAsk,
    WordsAsk,
)
from lookbook.refine.catalogue import catalogue_of, shown_venues
from lookbook.refine.context import Catalogue, Context, ShownVenue
from lookbook.refine.conversation import Chip, Conversation, Interpretation, Option, Question
from lookbook.refine.encoding import QueryEncoders
from lookbook.refine.interpreters import Interpreter, interpreter_from_settings
from lookbook.refine.preferences import profile_conversation
from lookbook.refine.refinement import Refinement
from lookbook.refine.results import (
    HowSearched,
    Reason,
    Refined,
    RefinedVenue,
    Relaxation,
    TasteWeight,
    WishOutcome,
)
from lookbook.refine.search import refine, why_not
from resources.gazetteer import Place

__all__ = [
    "AmenityAsk",
    "Ask",
    "BudgetAsk",
    "Catalogue",
    "Chip",
    "Context",
    "Conversation",
    "CountryAsk",
    "GuestsAsk",
    "HowSearched",
    "Interpretation",
    "Interpreter",
    "Kind",
    "LikeAsk",
    "LookAsk",
    "Option",
    "Place",
    "PlaceAsk",
    "QueryEncoders",
    "Question",
    "Reason",
    "Refined",
    "RefinedVenue",
    "Refinement",
    "Relaxation",
    "SettingAsk",
    "ShownVenue",
    "Strength",
    "TasteAsk",
    "TasteWeight",
    "WishOutcome",
    "WordsAsk",
    "catalogue_of",
    "interpreter_from_settings",
    "profile_conversation",
    "refine",
    "shown_venues",
    "why_not",
]
