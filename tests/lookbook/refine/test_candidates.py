"""Which venues are compared: one scan of the index finds what is near, and of that more that state what is asked."""

from __future__ import annotations

import uuid

import numpy as np
import pytest
from sqlalchemy import Connection, event, text, update

from lookbook.refine import AmenityAsk, GuestsAsk, LookAsk, QueryEncoders, Refinement, refine, vector_statements
from lookbook.refine import statements as known
from lookbook.refine.filters import filter_values, preference_values, rules_out
from resources.binary_types.id_arrays import IdArray
from resources.identity import user_id, venue_id
from resources.schema import venues
from resources.vector_index import IndexPolicy, maintain_index
from resources.vectors import venue_photo_vectors
from tests.lookbook.refine.conftest import reading
from tests.taste_assets.list_lineage import IMAGE, Lists, near

ANN, NOBODY = user_id("ann"), user_id("nobody")
POOL = Refinement(amenities=(AmenityAsk(word="pool"),))
STATING = {venue_id(f"v{number}.test") for number in range(0, 120, 7)}


@pytest.fixture
def many(lists: Lists) -> Lists:
    """Venues of two photographs; every seventh states a pool, every other one how many it seats."""
    for number in range(120):
        facts = {"amenities": ["pool"]} if number % 7 == 0 else {"capacity_max": 10 * number}
        lists.venue(f"v{number}.test", near(number % 8, 0.4, seed=number, count=2), **facts)
    lists.person("ann", likes=[near(0), near(1)], dislikes=[near(3)])
    maintain_index(lists.engine, IMAGE, IndexPolicy(min_rows=1, queries=5))
    return lists


def by_hand(
    connection: Connection, fitting: set[uuid.UUID], nearest: int, furthest: int, nearest_stating: int
) -> set[uuid.UUID]:
    """The same from all vectors."""
    stored = venue_photo_vectors(connection, IMAGE.space_id)
    found: set[uuid.UUID] = set()
    for query in (near(0)[0], near(5)[0]):
        order = [stored.venue_ids[place] for place in np.argsort(-(stored.matrix @ query))]
        scanned = [one for one in order if one in fitting][:furthest]
        found.update(scanned[:nearest], [one for one in scanned if one in STATING][:nearest_stating])
    return found


def test_a_scan_finds_what_comparing_all_does(many: Lists) -> None:
    everything = [venue_id(f"v{number}.test") for number in range(120)]
    queries = np.concatenate([near(0), near(5)])
    for fitting in (everything, everything[::2]):
        for nearest, furthest, stating in ((5, 60, 4), (10, 10, 3), (20, 200, 20), (20, 60, 0)):
            values = {"nearest": nearest, "furthest": furthest, "nearest_stating": stating,
                      "fitting": IdArray.of(fitting), "stating": IdArray.of(STATING)}  # fmt: skip
            statement = vector_statements.nearest_photos(
                queries, IMAGE, among_all=fitting is everything, stating=stating > 0
            )
            with reading(many.engine) as connection:
                connection.execute(known.index_scan(), {"ef_search": "400", "sort": "off"})
                found = set(connection.scalars(statement, values))
            with many.engine.connect() as connection:
                assert found == by_hand(connection, set(fitting), nearest, furthest, stating)


def test_what_is_asked_comes_first_for_whom_there_is_nothing_to_compare_by(
    many: Lists, encoders: QueryEncoders, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lookbook.refine.candidates.SAMPLE", 10)
    with reading(many.engine) as connection:
        found = refine(connection, NOBODY, POOL, encoders, limit=30)
    assert found.how.search == "stored"
    assert {row.venue_id for row in found.rows[: len(STATING)]} == STATING
    assert len(found.rows) > len(STATING)


def test_those_that_state_it_are_there_where_there_is_only_something_to_avoid(
    many: Lists, encoders: QueryEncoders, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lookbook.refine.search.EXACT_VENUES", 2)
    monkeypatch.setattr("lookbook.refine.candidates.SAMPLE", 10)
    monkeypatch.setattr("lookbook.refine.candidates.FEW_STATING", 12)
    away = POOL.model_copy(update={"looks": (LookAsk(words="garden", amount="less"),)})
    with reading(many.engine) as connection:
        found = refine(connection, NOBODY, away, encoders, limit=100)
    assert found.how.search == "index"
    assert {row.venue_id for row in found.rows} >= set(sorted(STATING)[:12])
    assert len(found.rows) <= 10 + 12


def test_a_venue_that_goes_while_a_list_is_made_is_left_out(many: Lists, encoders: QueryEncoders) -> None:
    with reading(many.engine) as connection:
        first, second = (row.venue_id for row in refine(connection, ANN, Refinement(), encoders, limit=2).rows)

    def retire(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if "AS photo_ids" in statement:
            with many.engine.begin() as other:
                other.execute(update(venues).where(venues.c.venue_id == first).values(status="retired"))

    with many.engine.begin() as connection:  # reads what is committed by the time of each statement
        connection.execute(text("SET LOCAL ROLE venue_taste_reader"))
        event.listen(connection, "before_cursor_execute", retire)
        found = refine(connection, ANN, Refinement(), encoders, limit=5)
    assert [row.rank for row in found.rows] == [1, 2, 3, 4]
    assert found.rows[0].venue_id == second


def test_what_rules_nothing_out_leaves_all_to_be_searched() -> None:
    assert not rules_out(Refinement(guests=GuestsAsk(least=80, most=80, strength="prefer")))
    assert not rules_out(POOL)
    assert rules_out(Refinement(guests=GuestsAsk(least=80, most=80)))
    assert rules_out(Refinement(amenities=(AmenityAsk(word="pool", wanted=False),)))
    assert filter_values(POOL).keys().isdisjoint(preference_values(POOL))
