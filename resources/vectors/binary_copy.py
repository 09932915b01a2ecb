"""Postgres' binary COPY format for rows of fixed width, as numpy structured arrays.

A row of ids and one vector is always equally long, so a whole table is one array and no value is handled by Python.
Format: PostgreSQL documentation, COPY, "Binary Format"; a vector is int16 dim, int16 zero, dim float4, big-endian
(pgvector, `vector_send`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import psycopg
from psycopg import sql
from sqlalchemy import Connection

_HEADER: Final = b"PGCOPY\n\xff\r\n\0" + bytes(8)
_TRAILER: Final = b"\xff\xff"
_ROWS_PER_BLOCK: Final = 4096  # 9 MB at 512 dimensions

Columns = Mapping[str, int]
"""Name and width in bytes of each column before the vector: 64 for a photo id, 16 for a UUID."""


def driver_connection(connection: Connection) -> psycopg.Connection[Any]:
    """The psycopg connection below `connection`, in the same transaction."""
    found = connection.connection.driver_connection
    if not isinstance(found, psycopg.Connection):
        raise TypeError(f"vectors are copied through psycopg 3, and this connection is a {type(found).__name__}")
    return found


def _row_type(columns: Columns, dim: int) -> np.dtype[np.void]:
    fields: list[tuple[Any, ...]] = [("_fields", ">i2")]
    for name, width in columns.items():
        fields += [(f"_{name}_length", ">i4"), (name, f"V{width}")]
    fields += [("_vector_length", ">i4"), ("_dim", ">i2"), ("_zero", ">i2"), ("vector", ">f4", (dim,))]
    return np.dtype(fields)


def copy_in(
    connection: Connection, table: str, columns: Columns, values: Mapping[str, bytes], vectors: npt.NDArray[np.float32]
) -> None:
    """COPY rows of ids and vectors into `table`, whose columns are those named, in that order, then the vector.

    Args:
        connection: inside a transaction.
        table: its columns have types whose binary form is the bytes given (text, uuid) and `vector`.
        columns: names and widths.
        values: for each column the values of all rows, one after another: n * width bytes.
        vectors: (n, dim).
    """
    count, dim = vectors.shape
    statement = sql.SQL("COPY {} FROM STDIN WITH (FORMAT binary)").format(sql.Identifier(table))
    row_type = _row_type(columns, dim)
    ids = {name: np.frombuffer(values[name], dtype=f"V{width}") for name, width in columns.items()}
    with driver_connection(connection).cursor() as cursor, cursor.copy(statement) as copy:
        copy.write(_HEADER)
        for start in range(0, count, _ROWS_PER_BLOCK):
            part = slice(start, min(start + _ROWS_PER_BLOCK, count))
            rows = np.zeros(part.stop - start, dtype=row_type)
            rows["_fields"] = len(columns) + 1
            for name, width in columns.items():
                rows[f"_{name}_length"] = width
                rows[name] = ids[name][part]
            rows["_vector_length"] = 4 + 4 * dim
            rows["_dim"] = dim
            rows["vector"] = vectors[part]
            copy.write(rows.tobytes())
        copy.write(_TRAILER)


def copy_out(
    connection: Connection, query: sql.Composable, parameters: Mapping[str, Any], columns: Columns, dim: int
) -> tuple[dict[str, bytes], npt.NDArray[np.float32]]:
    """COPY the rows of `query` out: for each id column all values one after another, and the vectors (n, dim).

    Arguments and errors as `copy_out_blocks`.
    """
    blocks = list(copy_out_blocks(connection, query, parameters, columns, dim))
    ids = {name: b"".join(block[name] for block, _ in blocks) for name in columns}
    empty = np.empty((0, dim), dtype=np.float32)
    return ids, np.concatenate([matrix for _, matrix in blocks]) if blocks else empty


def copy_out_blocks(
    connection: Connection, query: sql.Composable, parameters: Mapping[str, Any], columns: Columns, dim: int
) -> Iterator[tuple[dict[str, bytes], npt.NDArray[np.float32]]]:
    """The rows of `query` in blocks of some thousand, so that a table need not fit into memory.

    Args:
        connection: whose transaction's snapshot is read.
        query: selects the columns named, then a vector of `dim`; nothing null.
        parameters: of the query, named.
        columns: names and widths.
        dim: dimensions of every vector selected.

    Yields:
        For each id column the block's values one after another, and its vectors (n, dim).

    Raises:
        ValueError: the query's rows are not of that shape.
    """
    statement = sql.SQL("COPY ({}) TO STDOUT WITH (FORMAT binary)").format(query)
    row_type = _row_type(columns, dim)
    with driver_connection(connection).cursor() as cursor, cursor.copy(statement, parameters) as copy:
        for body in _blocks(copy, row_type.itemsize * _ROWS_PER_BLOCK):
            if len(body) % row_type.itemsize:
                raise ValueError(f"the rows copied are not all {row_type.itemsize} bytes long")
            rows = np.frombuffer(body, dtype=row_type)
            if not np.all(rows["_dim"] == dim):
                raise ValueError(f"the vectors copied do not all have {dim} dimensions")
            ids = {name: rows[name].tobytes() for name in columns}
            yield ids, np.ascontiguousarray(rows["vector"], dtype=np.float32)


def _blocks(copy: psycopg.Copy, size: int) -> Iterator[bytes]:
    """The rows' bytes without header and trailer, `size` at a time; the last block is what is left."""
    received = bytearray()
    start = len(_HEADER)
    for message in copy:
        received += message
        # The trailer comes last: as long as more than `size` is there, `size` bytes of it are rows.
        if len(received) >= start + size + len(_TRAILER):
            yield bytes(received[start : start + size])
            del received[: start + size]
            start = 0
    rest = bytes(received[start : -len(_TRAILER)])
    if rest:
        yield rest


def split(values: bytes, width: int) -> Iterator[bytes]:
    """Values of `width` bytes each, apart again."""
    for start in range(0, len(values), width):
        yield values[start : start + width]
