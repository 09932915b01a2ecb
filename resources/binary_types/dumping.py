"""Bytes that are a value in Postgres' own binary form already, as parameters of statements."""

from __future__ import annotations

from typing import Any

import psycopg
from psycopg.adapt import Buffer, Dumper
from psycopg.pq import Format


def send_as_they_are(connection: psycopg.Connection[Any], kind: type[bytes], oid: int) -> None:
    """Let this connection take bytes of this kind as parameters of the type with this object id."""
    dumper = type(f"{kind.__name__}Dumper", (_Dumper,), {"oid": oid})
    connection.adapters.register_dumper(kind, dumper)


class _Dumper(Dumper):
    format = Format.BINARY

    def dump(self, obj: bytes) -> Buffer:
        return bytes(obj)
