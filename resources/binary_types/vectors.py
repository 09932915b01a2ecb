"""Single vectors to Postgres and back in binary form: as text, each costs a tenth of a millisecond on either side.

A vector is received as what `vector_send` writes (pgvector): int16 dim, int16 zero, dim float4, big-endian. It is sent
as an array of float4, whose binary form any server knows, and cast there.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from typing import Any, Final

import numpy as np
import psycopg
from numpy.typing import NDArray
from pgvector.sqlalchemy import VECTOR
from sqlalchemy import ColumnElement, Dialect, bindparam, cast, func
from sqlalchemy.types import UserDefinedType

from resources.binary_types.dumping import send_as_they_are

_FLOAT4: Final = psycopg.postgres.types["float4"]
_ELEMENT: Final = np.dtype([("length", ">i4"), ("value", ">f4")])
_DIM_BYTES: Final = 4


class SentVector(UserDefinedType[NDArray[np.float32]]):
    """Of a column of vectors that a statement reads: (dim,) float32."""

    cache_ok = True

    def get_col_spec(self, **_kw: object) -> str:
        """The column's own type."""
        return "VECTOR"

    def column_expression(self, column: ColumnElement[Any]) -> ColumnElement[Any]:
        """What a statement reads of it."""
        return func.vector_send(column, type_=self)

    def result_processor(self, _dialect: Dialect, _coltype: object) -> Callable[[bytes | None], Any]:
        """From what was read; None for a null."""
        return lambda sent: None if sent is None else np.frombuffer(sent, ">f4", offset=_DIM_BYTES).astype(np.float32)


class RealArray(bytes):
    """A `float4[]` as `array_recv` reads it. Engines of `resources.database.connect` take it as a parameter."""

    __slots__ = ()

    @classmethod
    def of(cls, vector: NDArray[np.float32]) -> RealArray:
        """These numbers. The header is: dimensions, nulls, type; length, first subscript."""
        elements = np.empty(len(vector), _ELEMENT)
        elements["length"], elements["value"] = 4, vector
        return cls(struct.pack("!iiIii", 1, 0, _FLOAT4.oid, len(vector), 1) + elements.tobytes())


def bound_vector(name: str) -> ColumnElement[Any]:
    """A bound `RealArray` as a vector."""
    return cast(bindparam(name, type_=_RealArrayType()), VECTOR())


class _RealArrayType(UserDefinedType[RealArray]):
    cache_ok = True
    render_bind_cast = True

    def get_col_spec(self, **_kw: object) -> str:
        return "REAL[]"


def register_real_arrays(connection: psycopg.Connection[Any]) -> None:
    """Let this connection take a `RealArray` as a parameter."""
    send_as_they_are(connection, RealArray, _FLOAT4.array_oid)
