"""Arrays of ids go to Postgres and back as they were."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, Engine, Uuid, bindparam, func, literal, select
from sqlalchemy.dialects.postgresql import ARRAY

from resources.binary_types.id_arrays import IdArray, IdArrayType, sent

IDS = st.lists(st.uuids(), max_size=50)


@pytest.fixture
def connection(engine: Engine) -> Iterator[Connection]:
    """Of an engine as the project makes them."""
    with engine.connect() as open_connection:
        yield open_connection


@given(IDS)
@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_is_made_here_is_what_postgres_sends(connection: Connection, ids: list[uuid.UUID]) -> None:
    bound = bindparam("ids", IdArray.of(ids), IdArrayType())
    unpacked, again = connection.execute(
        select(func.array(select(func.unnest(bound)).scalar_subquery()), sent(bound))
    ).one()
    assert unpacked == ids
    assert again == connection.scalar(select(sent(literal(ids, ARRAY(Uuid)))))
    assert again == IdArray.of(ids)


@given(IDS, st.integers(0, 60))
def test_its_first_ids_are_the_smallest(ids: list[uuid.UUID], most: int) -> None:
    found = IdArray.of(ids)
    assert found.length == len(ids)
    assert found.smallest(most) == tuple(sorted(ids)[:most])


def test_ids_that_begin_alike_are_told_apart_by_the_rest() -> None:
    ids = [uuid.UUID(int=number) for number in (5, 3, 1 << 64, 4, 2)]
    assert IdArray.of(ids).smallest(3) == tuple(sorted(ids)[:3])
