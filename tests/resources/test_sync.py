"""`sync_rows` writes exactly the difference between a table and a wish."""

from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, select

from resources.schema import photos
from resources.sync import Written, sync_rows

# photo ids that differ only in their last digit, so that wishes overlap
rows = st.dictionaries(st.sampled_from("0123456789abcdef"), st.tuples(st.integers(1, 3), st.integers(1, 2)))


def as_rows(wish: dict[str, tuple[int, int]]) -> list[dict[str, Any]]:
    return [
        {"photo_id": "0" * 63 + digit, "mime": "image/jpeg", "width": width, "height": 1, "phash": None, "bytes": size}
        for digit, (width, size) in wish.items()
    ]


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(before=rows, after=rows)
def test_the_table_becomes_the_wish_and_the_count_is_the_difference(
    engine: Engine, before: dict[str, tuple[int, int]], after: dict[str, tuple[int, int]]
) -> None:
    everything = photos.c.width > 0
    with engine.connect() as connection:
        sync_rows(connection, photos, everything, as_rows(before))
        written = sync_rows(connection, photos, everything, as_rows(after))
        table = connection.execute(select(photos)).mappings().all()
        again = sync_rows(connection, photos, everything, as_rows(after))
        connection.rollback()
    assert sorted(row["photo_id"] for row in table) == sorted(row["photo_id"] for row in as_rows(after))
    assert {row["photo_id"][-1]: (row["width"], row["bytes"]) for row in table} == after
    kept = before.keys() & after.keys()
    assert written == Written(
        inserted=len(after.keys() - before.keys()),
        updated=sum(before[key] != after[key] for key in kept),
        deleted=len(before.keys() - after.keys()),
    )
    assert not again


def test_rows_outside_the_scope_and_ignored_columns_are_left_alone(engine: Engine) -> None:
    with engine.begin() as connection:
        sync_rows(connection, photos, photos.c.width == 1, as_rows({"a": (1, 5)}))
        sync_rows(connection, photos, photos.c.width == 2, as_rows({"b": (2, 5)}))
        ignored = sync_rows(
            connection, photos, photos.c.width == 2, as_rows({"b": (2, 6)}), ignore=frozenset({"bytes"})
        )
        stored = {row.photo_id[-1]: row.bytes for row in connection.execute(select(photos))}
    assert not ignored
    assert stored == {"a": 5, "b": 5}
