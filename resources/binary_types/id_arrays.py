"""Arrays of ids in Postgres' own binary form: ten thousand come and go back without being taken apart."""

from __future__ import annotations

import struct
from collections.abc import Collection
from typing import Any, Final
from uuid import UUID

import numpy as np
import psycopg
from sqlalchemy import ColumnElement, LargeBinary, func
from sqlalchemy.types import UserDefinedType

from resources.binary_types.dumping import send_as_they_are

_UUID: Final = psycopg.postgres.types["uuid"]
_HEADER_BYTES: Final = 20
_ELEMENT: Final = np.dtype([("length", ">i4"), ("high", ">u8"), ("low", ">u8")])


class IdArray(bytes):
    """A `uuid[]` as `array_send` writes it. Engines of `resources.database.connect` take it as a parameter."""

    __slots__ = ()

    @classmethod
    def of(cls, ids: Collection[UUID]) -> IdArray:
        """These ids. Of an array of one dimension the header is: dimensions, nulls, type; length, first subscript."""
        shape = struct.pack("!ii", len(ids), 1) if ids else b""
        header = struct.pack("!iiI", 1 if ids else 0, 0, _UUID.oid)
        length = struct.pack("!i", 16)
        return cls(header + shape + b"".join(length + one.bytes for one in ids))

    @property
    def length(self) -> int:
        """How many ids it has."""
        return max(len(self) - _HEADER_BYTES, 0) // _ELEMENT.itemsize

    def smallest(self, most: int) -> tuple[UUID, ...]:
        """Its first ids in their order, up to so many."""
        ids = np.frombuffer(self, _ELEMENT, self.length, _HEADER_BYTES if self.length else 0)
        if most < len(ids):
            # All of those that may be among the first by half of their digits; the rest need not be sorted.
            high = ids["high"].astype(np.uint64)
            ids = ids[high <= np.partition(high, most)[most]]
        order = np.lexsort((ids["low"], ids["high"]))[:most]
        return tuple(UUID(bytes=ids[place].tobytes()[4:]) for place in order)


class IdArrayType(UserDefinedType[IdArray]):
    """Of a bound `IdArray`."""

    cache_ok = True
    render_bind_cast = True

    def get_col_spec(self, **_kw: object) -> str:
        """The type that Postgres reads it as."""
        return "UUID[]"


def sent(ids: ColumnElement[Any]) -> ColumnElement[bytes]:
    """An array of ids as the bytes of an `IdArray`."""
    return func.array_send(ids, type_=LargeBinary)


def register_id_arrays(connection: psycopg.Connection[Any]) -> None:
    """Let this connection take an `IdArray` as a parameter."""
    send_as_they_are(connection, IdArray, _UUID.array_oid)
