"""Vectors go into the database and come out as they were; what is no unit vector of its space is refused."""

from __future__ import annotations

import uuid
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, Engine, Text, cast, insert, select, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from resources.errors import SetupError
from resources.identity import VENUE_BUCKETS, content_id
from resources.schema import photo_embedding_failures, photo_embeddings, summary_embeddings, venues
from resources.vectors import (
    SummaryKey,
    delete_summary_vectors,
    ensure_space,
    missing_photo_ids,
    photo_vectors,
    record_photo_failures,
    store_photo_vectors,
    store_summary_vectors,
    stored_summary_hashes,
    vector_blocks,
    venue_photo_vectors,
)
from tests.resources.vector_rows import IMAGE, OTHER_IMAGE, TEXT, add_photos, add_venues, photo_ids, show_photos, units

EVERY_BUCKET = range(VENUE_BUCKETS)


@pytest.fixture
def stored(engine: Engine) -> Engine:
    """20 photos without vectors, and three spaces."""
    with engine.begin() as connection:
        add_photos(connection, photo_ids(20))
        for space in (IMAGE, OTHER_IMAGE, TEXT):
            ensure_space(connection, space)
    return engine


def test_a_space_is_registered_once_and_never_for_another_model(engine: Engine) -> None:
    with engine.begin() as connection:
        ensure_space(connection, IMAGE)
        ensure_space(connection, IMAGE)
        for other in (replace(IMAGE, model="z"), replace(IMAGE, revision="2"), replace(IMAGE, dim=9)):
            with pytest.raises(SetupError, match="IMAGE_ENCODER"):
                ensure_space(connection, other)


# Sizes around the blocks in which rows are copied (4,096) would be slow here; small ones show the rest.
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(count=st.integers(0, 20), dim=st.integers(1, 40), seed=st.integers(0, 2**32 - 1))
def test_what_was_stored_is_read_back_bit_by_bit(stored: Engine, count: int, dim: int, seed: int) -> None:
    space = replace(IMAGE, space_id=f"image:{dim}", dim=dim)
    ids, vectors = photo_ids(count), units(seed, count, dim)
    with stored.connect() as connection:
        ensure_space(connection, space)
        assert store_photo_vectors(connection, space, ids, vectors) == count
        assert store_photo_vectors(connection, space, ids, vectors) == 0
        everything = photo_vectors(connection, space.space_id)
        some = photo_vectors(connection, space.space_id, [*ids[::2], content_id(b"unknown")])
        connection.rollback()
    order = np.argsort(ids)
    assert everything.photo_ids == sorted(ids)
    assert everything.matrix.dtype == np.float32
    assert everything.matrix.tobytes() == vectors[order].tobytes()
    assert some.photo_ids == sorted(ids[::2])
    assert {one: row.tobytes() for one, row in zip(some.photo_ids, some.matrix, strict=True)} == {
        one: row.tobytes() for one, row in zip(ids[::2], vectors[::2], strict=True)
    }


@pytest.mark.parametrize("count", [4095, 4096, 4097, 8192])
def test_blocks_of_any_size_make_up_the_whole(engine: Engine, count: int) -> None:
    space = replace(IMAGE, dim=2)
    ids, vectors = photo_ids(count), units(1, count, 2)
    with engine.begin() as connection:
        add_photos(connection, ids)
        ensure_space(connection, space)
        store_photo_vectors(connection, space, ids, vectors)
        assert np.array_equal(photo_vectors(connection, space.space_id).matrix, vectors[np.argsort(ids)])
        blocks = list(vector_blocks(connection, space))
    together = np.concatenate(blocks)
    assert len(blocks) == -(-count // 4096)
    assert {row.tobytes() for row in together} == {row.tobytes() for row in vectors}


def test_another_program_reads_the_same_numbers(stored: Engine) -> None:
    """Postgres' own text output and pgvector's adapter agree with what was sent as binary."""
    ids, vectors = photo_ids(3), units(2, 3)
    with stored.begin() as connection:
        store_photo_vectors(connection, IMAGE, ids, vectors)
        embedded = photo_embeddings.c
        shown_text = cast(embedded.embedding, Text).label("shown")
        rows = connection.execute(select(embedded.photo_id, embedded.embedding, shown_text)).all()
    adapted = {row.photo_id: row.embedding for row in rows}
    shown = {row.photo_id: row.shown for row in rows}
    for one, vector in zip(ids, vectors, strict=True):
        assert np.array_equal(np.array(shown[one].strip("[]").split(","), dtype=np.float32), vector)
        assert np.array_equal(np.asarray(adapted[one], dtype=np.float32), vector)


def spoiled(change: str) -> np.ndarray[tuple[int, ...], np.dtype[np.generic]]:
    vectors: np.ndarray[tuple[int, ...], np.dtype[np.generic]] = units(3, 3)
    if change == "float64":
        return vectors.astype(np.float64)
    if change == "dimension":
        return units(3, 3, 9)
    if change == "count":
        return vectors[:2]
    vectors[1] = {"nan": np.nan, "infinite": np.inf, "zero": 0.0, "long": vectors[1] * 1.01}[change]
    return vectors


@pytest.mark.parametrize("change", ["float64", "dimension", "count", "nan", "infinite", "zero", "long"])
def test_what_is_no_unit_vector_of_the_space_is_refused_before_it_is_sent(stored: Engine, change: str) -> None:
    with stored.begin() as connection, pytest.raises(ValueError, match=r"vectors of image:a@1-8"):
        store_photo_vectors(connection, IMAGE, photo_ids(3), spoiled(change))  # type: ignore[arg-type]
    with stored.connect() as connection:
        assert photo_vectors(connection, IMAGE.space_id).photo_ids == []


@pytest.mark.parametrize(
    "vector", ["[1,0,0]", "[NaN,0,0,0,0,0,0,0]", "[Infinity,0,0,0,0,0,0,0]", "[0,0,0,0,0,0,0,0]", "[1,1,0,0,0,0,0,0]"]
)
def test_the_database_refuses_it_from_any_other_writer(stored: Engine, vector: str) -> None:
    statement = text("INSERT INTO photo_embeddings VALUES (:photo_id, :space_id, 8, CAST(:vector AS vector))")
    with stored.connect() as connection, pytest.raises(DBAPIError):
        connection.execute(statement, {"photo_id": photo_ids(1)[0], "space_id": IMAGE.space_id, "vector": vector})


def test_an_unknown_photo_or_space_stores_nothing(stored: Engine) -> None:
    with pytest.raises(IntegrityError), stored.begin() as connection:
        store_photo_vectors(connection, IMAGE, [photo_ids(1)[0], content_id(b"unknown")], units(1, 2))
    with pytest.raises(IntegrityError), stored.begin() as connection:
        store_photo_vectors(connection, replace(IMAGE, space_id="unknown"), photo_ids(1), units(1, 1))
    with pytest.raises(ValueError, match="64 hexadecimal digits"), stored.begin() as connection:
        store_photo_vectors(connection, IMAGE, ["short"], units(1, 1))
    with stored.connect() as connection:
        assert connection.execute(select(photo_embeddings)).all() == []


def test_a_photo_is_missing_until_it_has_a_vector_or_a_reason(stored: Engine) -> None:
    ids = photo_ids(6)
    with stored.begin() as connection:
        first, second, retired = add_venues(connection, 3)
        show_photos(connection, first, ids[:3])
        show_photos(connection, second, ids[2:5])
        show_photos(connection, retired, ids[5:])
        connection.execute(update(venues).where(venues.c.venue_id == retired).values(status="retired"))
        assert missing_photo_ids(connection, IMAGE.space_id, EVERY_BUCKET) == sorted(ids[:5])
        assert missing_photo_ids(connection, IMAGE.space_id, [0]) == sorted(ids[:3])
        assert missing_photo_ids(connection, IMAGE.space_id, []) == []
        store_photo_vectors(connection, IMAGE, ids[:2], units(1, 2))
        assert record_photo_failures(connection, IMAGE.space_id, {ids[2]: "truncated"}) == 1
        assert missing_photo_ids(connection, IMAGE.space_id, EVERY_BUCKET) == sorted(ids[3:5])
        assert missing_photo_ids(connection, OTHER_IMAGE.space_id, EVERY_BUCKET) == sorted(ids[:5])


def test_a_failure_is_written_once_and_forgotten_with_the_first_vector(stored: Engine) -> None:
    photo, other = photo_ids(2)

    def reasons(connection: Connection) -> dict[str, str]:
        failed = photo_embedding_failures.c
        return {row.photo_id: row.reason for row in connection.execute(select(failed.photo_id, failed.reason))}

    with stored.begin() as connection:
        assert record_photo_failures(connection, IMAGE.space_id, {}) == 0
        assert record_photo_failures(connection, IMAGE.space_id, {photo: "truncated", other: "gone"}) == 2
        assert record_photo_failures(connection, IMAGE.space_id, {photo: "truncated", other: "gone"}) == 0
        assert record_photo_failures(connection, IMAGE.space_id, {photo: "no JPEG"}) == 1
        assert reasons(connection) == {photo: "no JPEG", other: "gone"}
        store_photo_vectors(connection, IMAGE, [photo], units(1, 1))
        assert reasons(connection) == {other: "gone"}


def test_venues_come_with_the_vectors_of_what_they_show(stored: Engine) -> None:
    ids, vectors = photo_ids(5), units(4, 5)
    by_id = dict(zip(ids, vectors, strict=True))
    with stored.begin() as connection:
        first, second, retired = add_venues(connection, 3)
        show_photos(connection, first, ids[:3])
        show_photos(connection, second, ids[2:4])
        show_photos(connection, retired, ids[4:])
        connection.execute(update(venues).where(venues.c.venue_id == retired).values(status="retired"))
        store_photo_vectors(connection, IMAGE, ids, vectors)
        found = venue_photo_vectors(connection, IMAGE.space_id)
        of_first = venue_photo_vectors(connection, IMAGE.space_id, buckets=[0])
        with_retired = venue_photo_vectors(connection, IMAGE.space_id, retired=True)
        with pytest.raises(KeyError):
            venue_photo_vectors(connection, "unknown")
    pairs = sorted([(first, one) for one in ids[:3]] + [(second, one) for one in ids[2:4]])
    assert list(zip(found.venue_ids, found.photo_ids, strict=True)) == pairs
    assert all(np.array_equal(row, by_id[one]) for one, row in zip(found.photo_ids, found.matrix, strict=True))
    assert set(of_first.venue_ids) == {first}
    assert len(with_retired.venue_ids) == len(pairs) + 1


def test_a_summary_vector_is_replaced_when_its_text_is_another(stored: Engine) -> None:
    def key(venue: uuid.UUID, field: str, said: str) -> SummaryKey:
        return SummaryKey(venue, field, content_id(said.encode()))

    vectors = units(5, 4)
    with stored.begin() as connection:
        venue, other = add_venues(connection, 2)
        keys = [key(venue, "vibe", "calm"), key(venue, "factual", "80 guests"), key(other, "vibe", "loud")]
        assert store_summary_vectors(connection, TEXT, keys, vectors[:3]) == 3
        assert store_summary_vectors(connection, TEXT, keys, vectors[1:]) == 0, "same texts: nothing is written"
        changed = [key(venue, "vibe", "wild"), keys[1]]
        assert store_summary_vectors(connection, TEXT, changed, vectors[2:]) == 1
        hashes = stored_summary_hashes(connection, TEXT.space_id, EVERY_BUCKET)
        assert hashes == {(one.venue_id, one.field): one.text_sha256 for one in (*changed, keys[2])}
        embedded = connection.scalar(
            select(summary_embeddings.c.embedding).where(
                summary_embeddings.c.venue_id == venue, summary_embeddings.c.field == "vibe"
            )
        )
        assert np.array_equal(np.asarray(embedded, dtype=np.float32), vectors[2])
        assert delete_summary_vectors(connection, TEXT.space_id, []) == 0
        assert delete_summary_vectors(connection, TEXT.space_id, [(venue, "vibe"), (venue, "aesthetic")]) == 1
        left = stored_summary_hashes(connection, TEXT.space_id, EVERY_BUCKET)
        assert left.keys() == {(venue, "factual"), (other, "vibe")}
        assert stored_summary_hashes(connection, TEXT.space_id, [1]).keys() == {(other, "vibe")}


def test_dimensions_of_two_spaces_cannot_be_mixed_up(stored: Engine) -> None:
    with stored.connect() as connection, pytest.raises(IntegrityError):
        connection.execute(
            insert(photo_embeddings).values(
                photo_id=photo_ids(1)[0], space_id=IMAGE.space_id, dim=4, embedding=units(1, 1, 4)[0]
            )
        )
