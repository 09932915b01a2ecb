"""Making the rows of a table equal to wanted rows by writing only what differs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, RowMapping, Table, and_, delete, insert, select, update

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Written:
    """How many rows were touched; all zero when table and wish agreed already."""

    inserted: int = 0
    updated: int = 0
    deleted: int = 0

    def __add__(self, other: Written) -> Written:
        return Written(self.inserted + other.inserted, self.updated + other.updated, self.deleted + other.deleted)

    def __bool__(self) -> bool:
        return bool(self.inserted or self.updated or self.deleted)


def sync_rows(
    connection: Connection,
    table: Table,
    scope: ColumnElement[bool],
    wanted: Iterable[Row],
    *,
    ignore: frozenset[str] = frozenset(),
) -> Written:
    """Within `scope`, insert the wanted rows that are missing, update those that differ, delete the others.

    Rows are told apart by the primary key. The caller holds the transaction, and whatever lock makes two callers of
    one scope wait for each other.

    Args:
        connection: inside a transaction.
        table: has a primary key.
        scope: which rows are compared; every wanted row must lie in it.
        wanted: complete rows, each with the same columns.
        ignore: columns that are written but make no difference by themselves (times of observation).
    """
    keys = [column.name for column in table.primary_key]
    have = {_key(row, keys): row for row in connection.execute(select(table).where(scope)).mappings()}
    want = {_key(row, keys): row for row in wanted}
    missing = [dict(row) for key, row in want.items() if key not in have]
    differing = {
        key: row
        for key, row in want.items()
        if key in have and any(have[key][name] != value for name, value in row.items() if name not in ignore)
    }
    surplus = [key for key in have if key not in want]
    if missing:
        connection.execute(insert(table), missing)
    for key, row in differing.items():
        connection.execute(update(table).where(_is(table, keys, key)).values(**row))
    for key in surplus:
        connection.execute(delete(table).where(_is(table, keys, key)))
    return Written(len(missing), len(differing), len(surplus))


def _key(row: Row | RowMapping, keys: list[str]) -> tuple[Any, ...]:
    return tuple(row[name] for name in keys)


def _is(table: Table, keys: list[str], key: tuple[Any, ...]) -> ColumnElement[bool]:
    return and_(*(table.c[name] == value for name, value in zip(keys, key, strict=True)))
