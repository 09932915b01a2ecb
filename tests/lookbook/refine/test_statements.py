"""Whatever is said, the statements are the known ones: fixed text, bound values, a LIMIT; and they use the index."""

from __future__ import annotations

import re
from functools import cache

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Dialect, make_url, text

from benchmarks.refine_accuracy import CATALOGUE, requests
from lookbook.refine import (
    AmenityAsk,
    Context,
    Conversation,
    LikeAsk,
    LookAsk,
    QueryEncoders,
    Refinement,
    SettingAsk,
    TasteAsk,
    WordsAsk,
    catalogue_of,
    refine,
    why_not,
)
from lookbook.refine import statements as known
from lookbook.refine import vector_statements as known_vector
from lookbook.refine.catalogue import catalogue_statement, shown_venues
from lookbook.refine.comparison import _NO_SPACE
from lookbook.refine.filters import filter_values, preference_values
from lookbook.refine.rules.interpreter import RuleInterpreter
from resources.binary_types.id_arrays import IdArray
from resources.encoders.lexical import LexicalEncoder
from resources.identity import user_id, venue_id
from resources.schema import venue_photos
from resources.spaces import EmbeddingSpace
from resources.vector_index import IndexPolicy, maintain_index
from tests.lookbook.refine.conftest import reading, recorded
from tests.taste_assets.list_lineage import IMAGE, Lists, near

ANN = user_id("ann")
PSYCOPG: Dialect = make_url("postgresql+psycopg://").get_dialect()()
MOST_QUERIES = 40
PARKING = AmenityAsk(word="parking", strength="prefer")
EITHER = [(True, True), (True, False), (False, True), (False, False)]
WRITTEN = st.sampled_from([str(request["says"]) for request in requests()])
SQL = st.sampled_from(["'; DROP TABLE venues --", '" OR 1=1', "$1", "%(x)s", ":name", "\\x00", "1);--", "NULL", "{}"])
TURNS = st.lists(st.text(max_size=40) | WRITTEN | SQL | st.tuples(WRITTEN, SQL).map(" ".join), max_size=4)


@cache  # of the dialect alone: compiling them all takes half a second
def shapes(dialect: Dialect) -> frozenset[str]:
    """The text of every statement there is, for the spaces of these tests."""
    queries = near(0)
    words = LexicalEncoder().encode_queries(["a"])
    text_space = LexicalEncoder.space
    without_space = [
        known.bounds(), known.index_scan(), known.current_spaces(), known.tastes(), known.preference_text(),
        known.refused(), known.stored_list(), known_vector.example_vectors(), known.fitting(), known.fitting_count(),
        known.venue_facts(), catalogue_statement(),
    ]  # fmt: skip
    of_space = [
        *((known_vector.photo_similarities(number, IMAGE), IMAGE) for number in range(1, MOST_QUERIES)),
        (known_vector.photo_similarities(0, IMAGE), IMAGE),
        (known_vector.photo_similarities(0, _NO_SPACE), _NO_SPACE),
        *((known_vector.shown_photos(number, IMAGE), IMAGE) for number in range(1, MOST_QUERIES)),
        (known_vector.summary_similarities(words, text_space), text_space),
        *((known_vector.nearest_photos(queries, IMAGE, among_all=one, stating=two), IMAGE) for one, two in EITHER),
        *((known_vector.nearest_summaries(words, text_space, among_all=one, stating=two), text_space)
          for one, two in EITHER),
    ]  # fmt: skip
    return frozenset({
        "SET LOCAL ROLE venue_taste_reader",
        *(str(one.compile(dialect=dialect)) for one in without_space),
        *(in_space_text(one.compile(dialect=dialect), space) for one, space in of_space),
    })  # fmt: skip


def in_space_text(compiled: object, space: EmbeddingSpace) -> str:
    """The text as it is sent: the space's id is written into it."""
    return str(compiled).replace("__[POSTCOMPILE_space_id]", f"'{space.space_id}'")


@pytest.fixture
def indexed(catalogue: Lists, monkeypatch: pytest.MonkeyPatch) -> Lists:
    """The catalogue with an index that is used however few fit."""
    maintain_index(catalogue.engine, IMAGE, IndexPolicy(min_rows=1, queries=5))
    monkeypatch.setattr("lookbook.refine.search.EXACT_VENUES", 2)
    monkeypatch.setattr("lookbook.refine.candidates.FEW_STATING", 0)
    return catalogue


@given(TURNS, st.booleans(), st.lists(st.text(min_size=1, max_size=30), max_size=2))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_words_make_another_statement_than_the_known_ones(
    indexed: Lists, encoders: QueryEncoders, turns: list[str], knows_somebody: bool, free: list[str]
) -> None:
    talk = Conversation()
    shown = shown_venues(CATALOGUE, [venue_id(f"v{number}.test") for number in range(5)])
    for turn in turns:
        talk = talk.said(turn, RuleInterpreter().read(turn, Context(CATALOGUE, shown, talk.refinement())))
    for words in free:
        talk = talk.asking(LookAsk(words=words, amount="less")) if words.strip() else talk
        talk = talk.asking(WordsAsk(words=words)) if words.strip() else talk
    with recorded(indexed.engine) as sent, reading(indexed.engine) as connection:
        refine(connection, ANN if knows_somebody else user_id("nobody"), talk.refinement(), encoders)
    assert set(sent) <= shapes(PSYCOPG)


def test_every_kind_of_ask_uses_the_known_statements_and_every_statement_is_used(
    indexed: Lists, encoders: QueryEncoders
) -> None:
    asked = [
        Refinement(), Refinement(looks=(LookAsk(words="garden", style="garden"),), words=(WordsAsk(words="quiet"),)),
        Refinement(likes=(LikeAsk(venue_id=venue_id("v1.test"), name="v1"),)),
        Refinement(tastes=(TasteAsk(cluster_id=ANN, factor=0),)),
        RuleInterpreter().read("for 200 indoors, must have a pool", Context(CATALOGUE)).refinement(),
        RuleInterpreter().read("not in Italy or Spain", Context(CATALOGUE)).refinement(),
        RuleInterpreter().read("for 120, quiet", Context(CATALOGUE)).refinement(),
        Refinement(amenities=(PARKING,), words=(WordsAsk(words="quiet"),)),
        Refinement(amenities=(PARKING,), setting=SettingAsk(setting="indoor"), words=(WordsAsk(words="quiet"),)),
    ]  # fmt: skip
    with recorded(indexed.engine) as sent, reading(indexed.engine) as connection:
        for one in asked:
            refine(connection, ANN, one, encoders)
            refine(connection, user_id("nobody"), one, encoders)
        why_not(connection, Refinement(), venue_id("v1.test"))
        catalogue_of(connection)
    unused = shapes(PSYCOPG) - set(sent)
    # Descriptions alone before any photograph has a vector, and other numbers of queries.
    assert all("AS products" in statement for statement in unused)


def test_each_statement_has_a_limit_and_no_value_in_its_text() -> None:
    for statement in shapes(PSYCOPG) - {"SET LOCAL ROLE venue_taste_reader"}:
        assert re.search(r"LIMIT %\(\w+\)s::INTEGER\s*$", statement), statement
        literals = set(re.findall(r"'([^']*)'", statement))
        assert literals <= {IMAGE.space_id, LexicalEncoder.space.space_id, ""}, statement


def test_what_is_bound_is_of_the_known_names_whatever_is_asked() -> None:
    names = {**filter_values(Refinement()), **preference_values(Refinement())}.keys()
    for request in requests():
        refinement = RuleInterpreter().read(str(request["says"]), Context(CATALOGUE)).refinement()
        assert {**filter_values(refinement), **preference_values(refinement)}.keys() == names


def test_the_reader_s_search_uses_the_index_of_the_table_beneath_the_view(lists: Lists) -> None:
    some = [lists.venue(f"v{number}.test", near(number % 8, 0.4, seed=number, count=10)) for number in range(40)]
    maintain_index(lists.engine, IMAGE, IndexPolicy(min_rows=1, queries=5))
    asked = {"nearest": 10, "furthest": 20, "nearest_stating": 5, "fitting": IdArray.of(some[:30]),
             "stating": IdArray.of(some[:10])}  # fmt: skip
    for among_all, stating in EITHER:
        statement = known_vector.nearest_photos(near(0), IMAGE, among_all=among_all, stating=stating)
        with reading(lists.engine) as connection:
            connection.execute(known.index_scan(), {"ef_search": "40", "sort": "off"})
            compiled = statement.compile(dialect=connection.dialect)
            values = {name: value for name, value in (compiled.params | asked).items() if name in compiled.params}
            text_sent = in_space_text(compiled, IMAGE)
            plan = connection.exec_driver_sql(f"EXPLAIN {text_sent}", values).scalars().all()
        assert any(re.search(r"Index Scan using hnsw_\w+ on photo_embeddings", line) for line in plan), plan
        assert not any("Sort" in line for line in plan), plan


def test_a_pin_s_vector_is_nobody_else_s_business(catalogue: Lists) -> None:
    with catalogue.engine.begin() as connection:
        shown = connection.scalar(text("SELECT count(*) FROM serving.photo_embeddings"))
        connection.execute(venue_photos.delete())
        assert connection.scalar(text("SELECT count(*) FROM photo_embeddings")) == shown == 24 * 3
        assert connection.scalar(text("SELECT count(*) FROM serving.photo_embeddings")) == 0
