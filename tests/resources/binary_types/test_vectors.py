"""Vectors go to Postgres and back as they were, and mean there what they mean as text."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from numpy.typing import NDArray
from pgvector.sqlalchemy import VECTOR
from sqlalchemy import REAL, ColumnElement, Connection, Engine, Text, cast, column, func, literal, select
from sqlalchemy.dialects.postgresql import ARRAY

from resources.binary_types.vectors import RealArray, SentVector, bound_vector
from resources.search.statement import vector_text

VECTORS = arrays.arrays(np.float32, st.integers(1, 40), elements=st.floats(-1e6, 1e6, width=32))


@pytest.fixture
def connection(engine: Engine) -> Iterator[Connection]:
    """Of an engine as the project makes them."""
    with engine.connect() as open_connection:
        yield open_connection


@given(VECTORS)
@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_vector_arrives_as_its_text_does_and_comes_back(connection: Connection, vector: NDArray[np.float32]) -> None:
    as_text = cast(literal(vector_text(vector), Text), VECTOR())
    sent = select(bound_vector("sent").label("vector"), (bound_vector("sent") == as_text).label("same")).subquery()
    columns: list[ColumnElement[Any]] = [column("vector", SentVector()), column("same")]
    again, same = connection.execute(select(*columns).select_from(sent), {"sent": RealArray.of(vector)}).one()
    assert same
    assert again.dtype == np.float32
    np.testing.assert_array_equal(again, vector)


def test_a_null_is_none(connection: Connection) -> None:
    nothing = select(cast(None, VECTOR()).label("vector")).subquery()
    assert connection.scalar(select(column("vector", SentVector())).select_from(nothing)) is None


def test_what_is_sent_is_what_postgres_itself_would_send(connection: Connection) -> None:
    sent = func.array_send(cast(literal("{1.5,-2}", Text), ARRAY(REAL)))
    assert connection.scalar(select(sent)) == bytes(RealArray.of(np.array([1.5, -2], np.float32)))
