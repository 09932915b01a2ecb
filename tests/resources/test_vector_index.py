"""An index is built when the policy wants one, measured, left alone while it holds, and replaced without a gap."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import psycopg
import pytest
from sqlalchemy import URL, Engine, delete, select, text

from resources.errors import SetupError
from resources.schema import index_settings, photo_embeddings
from resources.settings import Settings
from resources.vector_index import IndexPolicy, index_policy, indexes_of, maintain_index, stored_settings
from resources.vector_index.building import autocommit, only_maintainer
from resources.vector_index.measuring import climb, exact_thresholds, sample_queries
from resources.vector_index.policy import MAX_INDEXED_DIM
from resources.vectors import ensure_space, store_photo_vectors
from tests.resources.vector_rows import IMAGE, OTHER_IMAGE, add_photos, photo_ids, units

PROJECT = Path(__file__).resolve().parents[2]
ROWS = 600
POLICY = IndexPolicy(min_rows=500, queries=40)
IDS, VECTORS = photo_ids(ROWS), units(1, ROWS)


@pytest.fixture
def filled(engine: Engine) -> Engine:
    """600 photos in one space, 300 of them in another."""
    with engine.begin() as connection:
        add_photos(connection, IDS)
        for space, count in ((IMAGE, ROWS), (OTHER_IMAGE, ROWS // 2)):
            ensure_space(connection, space)
            store_photo_vectors(connection, space, IDS[:count], VECTORS[:count])
    return engine


def built(engine: Engine) -> dict[str, tuple[bool, int, int]]:
    with engine.connect() as connection:
        return {
            index.name: (index.is_valid, index.m, index.ef_construction)
            for index in indexes_of(connection, IMAGE.space_id)
        }


def test_a_small_space_is_scanned_and_says_so(filled: Engine) -> None:
    report = maintain_index(filled, OTHER_IMAGE, POLICY)
    with filled.connect() as connection:
        settings = stored_settings(connection, OTHER_IMAGE.space_id)
        assert indexes_of(connection, OTHER_IMAGE.space_id) == []
        built_at = connection.scalar(select(index_settings.c.built_at))
    assert settings == report.settings
    assert settings is not None
    assert (settings.kind, settings.rows, settings.measured_recall, settings.ef_search) == ("exact", 300, 1, None)
    assert maintain_index(filled, OTHER_IMAGE, POLICY).rows_written == 0
    with filled.connect() as connection:
        assert connection.scalar(select(index_settings.c.built_at)) == built_at


def test_a_large_space_gets_a_measured_index_once(filled: Engine) -> None:
    first = maintain_index(filled, IMAGE, POLICY)
    (name,) = built(filled)
    assert built(filled) == {name: (True, 16, 64)}
    assert first.build_seconds is not None
    with filled.connect() as connection:
        settings = stored_settings(connection, IMAGE.space_id)
        definition = connection.scalar(text("SELECT pg_get_indexdef(CAST(:name AS regclass))"), {"name": name})
        row = connection.execute(select(index_settings)).one()
    assert settings == first.settings
    assert settings is not None
    assert (settings.kind, settings.rows, settings.ef_search) == ("hnsw", ROWS, first.steps[-1].ef_search)
    assert settings.measured_recall >= settings.target_recall == 0.95
    assert settings.p95_ms is not None
    assert settings.p95_ms > 0
    assert "((embedding)::halfvec(8)) halfvec_cosine_ops" in str(definition)
    assert f"WHERE (space_id = '{IMAGE.space_id}'::text)" in str(definition)
    again = maintain_index(filled, IMAGE, POLICY)
    assert (again.build_seconds, again.steps, again.dropped, again.rows_written) == (None, (), (), 0)
    with filled.connect() as connection:
        assert connection.execute(select(index_settings)).one() == row


def test_the_recall_measured_is_that_of_brute_force(filled: Engine) -> None:
    maintain_index(filled, IMAGE, POLICY)
    with filled.begin() as connection:
        queries = sample_queries(connection, IMAGE, 40)
        thresholds = exact_thresholds(connection, IMAGE, queries)
        steps = list(climb(connection, IMAGE, queries, target=1.1, ladder=(20, 40, 600)))
    similarity = queries.astype(np.float64) @ VECTORS.astype(np.float64).T
    np.testing.assert_allclose(thresholds, np.sort(similarity, axis=1)[:, -20], atol=2e-6)
    np.testing.assert_allclose(np.linalg.norm(queries, axis=1), 1, atol=1e-6)
    nearest_row = similarity.max(axis=1)
    assert np.all(nearest_row > 0.94)
    assert np.all(nearest_row < 0.9999), "no query is a row of the table"
    assert [step.ef_search for step in steps] == [20, 40, 600]
    assert steps[-1].recall > 0.995, "an index that sees every row misses only what half precision confuses"
    assert steps[0].recall <= steps[-1].recall
    assert all(step.p50_ms <= step.p95_ms for step in steps)


def test_without_an_index_nothing_is_measured(filled: Engine) -> None:
    with filled.begin() as connection, pytest.raises(RuntimeError, match="the index is not used"):
        list(climb(connection, IMAGE, units(1, 3), target=0.9))


def test_other_parameters_make_another_index_before_the_old_one_goes(filled: Engine) -> None:
    maintain_index(filled, IMAGE, POLICY)
    (old,) = built(filled)
    report = maintain_index(filled, IMAGE, replace(POLICY, m=8, ef_construction=32))
    (new,) = built(filled)
    assert new != old
    assert built(filled)[new] == (True, 8, 32)
    assert report.dropped == (old,)
    assert report.steps


def test_a_build_that_fails_leaves_the_old_index_and_the_next_one_clears_up(filled: Engine) -> None:
    """A writer holds the table for longer than the build may wait, as when a build is killed half-way."""
    maintain_index(filled, IMAGE, POLICY)
    (old,) = built(filled)
    _set_lock_timeout(filled, "100ms")
    with filled.connect() as writer:
        writer.execute(delete(photo_embeddings).where(photo_embeddings.c.photo_id == IDS[0]))
        with pytest.raises(psycopg.errors.LockNotAvailable):
            maintain_index(filled, IMAGE, replace(POLICY, m=8))
        writer.rollback()
    _set_lock_timeout(filled, "0")
    left = built(filled)
    assert left.pop(old) == (True, 16, 64), "readers still have it"
    ((invalid, parameters),) = left.items()
    assert parameters == (False, 8, 64)
    report = maintain_index(filled, IMAGE, replace(POLICY, m=8))
    assert set(report.dropped) == {invalid, old}
    assert list(built(filled).values()) == [(True, 8, 64)]


def _set_lock_timeout(engine: Engine, value: str) -> None:
    with autocommit(engine) as connection:
        name = connection.scalar(text("SELECT quote_ident(current_database())"))
        connection.execute(text(f"ALTER DATABASE {name} SET lock_timeout = '{value}'"))
    engine.dispose()  # it is for new connections


def test_growth_is_measured_again_and_not_built_again(filled: Engine) -> None:
    maintain_index(filled, IMAGE, POLICY)
    (name,) = built(filled)
    more, vectors = photo_ids(150, "more"), units(2, 150)
    with filled.begin() as connection:
        add_photos(connection, more)
        store_photo_vectors(connection, IMAGE, more[:100], vectors[:100])
    assert maintain_index(filled, IMAGE, POLICY).steps == (), "a sixth more rows says little"
    with filled.begin() as connection:
        store_photo_vectors(connection, IMAGE, more, vectors)
    report = maintain_index(filled, IMAGE, POLICY)
    assert report.steps
    assert (report.build_seconds, report.settings.rows) == (None, 750)
    assert set(built(filled)) == {name}


def test_another_target_is_measured_and_an_unreachable_one_takes_the_best(filled: Engine) -> None:
    maintain_index(filled, IMAGE, POLICY)
    report = maintain_index(filled, IMAGE, replace(POLICY, target_recall=1.0))
    assert report.build_seconds is None
    assert report.settings.target_recall == 1.0
    assert report.settings.measured_recall == report.steps[-1].recall
    reached = [step.recall >= 1.0 for step in report.steps]
    assert reached[:-1] == [False] * (len(reached) - 1)
    assert reached[-1] or report.settings.ef_search == 1000


def test_a_space_that_shrinks_below_the_bound_loses_its_index(filled: Engine) -> None:
    maintain_index(filled, IMAGE, POLICY)
    (name,) = built(filled)
    with filled.begin() as connection:
        connection.execute(delete(photo_embeddings).where(photo_embeddings.c.photo_id.in_(IDS[:200])))
    report = maintain_index(filled, IMAGE, POLICY)
    assert (report.settings.kind, report.settings.rows, report.dropped) == ("exact", 400, (name,))
    assert built(filled) == {}
    with filled.connect() as connection:
        assert connection.scalars(select(index_settings.c.kind)).all() == ["exact"]


def test_two_spaces_have_an_index_each(filled: Engine) -> None:
    for space in (IMAGE, OTHER_IMAGE):
        maintain_index(filled, space, replace(POLICY, min_rows=1))
    with filled.connect() as connection:
        names = [{index.name for index in indexes_of(connection, one.space_id)} for one in (IMAGE, OTHER_IMAGE)]
    assert [len(each) for each in names] == [1, 1]
    assert names[0] != names[1]


def test_one_process_at_a_time_and_the_session_is_left_as_it_was(filled: Engine) -> None:
    with autocommit(filled) as connection, only_maintainer(connection, IMAGE.space_id):
        pid = connection.scalar(text("SELECT pg_backend_pid()"))
        with pytest.raises(SetupError, match=rf"being built .* {pid} \(venue-taste index\), at work") as busy:
            maintain_index(filled, IMAGE, replace(POLICY, patience_s=0))
        assert f"pg_terminate_backend({pid})" in busy.value.remedy
        maintain_index(filled, OTHER_IMAGE, POLICY)
    before = _session(filled)
    maintain_index(filled, IMAGE, POLICY)
    assert _session(filled) == before


def test_who_comes_second_waits_for_the_first(filled: Engine) -> None:
    with autocommit(filled) as first, ThreadPoolExecutor(1) as pool, only_maintainer(first, IMAGE.space_id):
        second = pool.submit(maintain_index, filled, IMAGE, POLICY)
        asking = (
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            " AND query LIKE '%pg_try_advisory_lock%' AND pid <> pg_backend_pid()"
        )
        wait_until(lambda: first.scalar(text(asking)) == 1)
        assert not second.done()
        with filled.connect() as connection:
            assert indexes_of(connection, IMAGE.space_id) == []
        first.execute(text("SELECT pg_advisory_unlock_all()"))
        assert second.result(60).build_seconds is not None


BUILDER = """
import sys
from sqlalchemy import make_url
from resources.database import connect
from resources.vector_index import IndexPolicy, maintain_index
from tests.resources.vector_rows import IMAGE
maintain_index(connect(make_url(sys.argv[1])), IMAGE, IndexPolicy(min_rows=1))
"""


def test_a_build_whose_client_was_killed_ends_by_itself_and_the_next_run_goes_on(
    filled: Engine, database_url: URL
) -> None:
    """A writer holds the build up for as long as it likes."""
    builds = text("SELECT count(*) FROM pg_stat_progress_create_index WHERE datname = current_database()")
    with filled.connect() as writer, autocommit(filled) as looking:
        writer.execute(delete(photo_embeddings).where(photo_embeddings.c.photo_id == IDS[0]))
        command = [sys.executable, "-c", BUILDER, database_url.render_as_string(hide_password=False)]
        builder = subprocess.Popen(command, cwd=PROJECT)
        wait_until(lambda: looking.scalar(builds) == 1)
        builder.kill()
        builder.wait()
        wait_until(lambda: looking.scalar(builds) == 0)
        writer.rollback()
    assert [valid for valid, _, _ in built(filled).values()] == [False]
    report = maintain_index(filled, IMAGE, replace(POLICY, patience_s=0))
    assert len(report.dropped) == 1
    assert list(built(filled).values()) == [(True, 16, 64)]


def wait_until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not holds():
        assert time.monotonic() < deadline, "it never came to that"
        time.sleep(0.02)


def _session(engine: Engine) -> set[tuple[object, ...]]:
    names = (
        "maintenance_work_mem", "max_parallel_maintenance_workers", "statement_timeout", "enable_seqscan",
        "application_name", "client_connection_check_interval",
    )  # fmt: skip
    query = select(*(text(f"current_setting('{name}')") for name in names))
    with engine.connect() as connection:
        return {tuple(connection.execute(query).one())}


def test_the_policy_bounds_memory_and_dimension() -> None:
    policy = index_policy(Settings(index_min_rows=70, index_build_memory_mb=300, index_target_recall=0.9))
    assert (policy.min_rows, policy.target_recall) == (70, 0.9)
    assert policy.maintenance_mb(100, 512) == 64
    assert 100 < policy.maintenance_mb(60_000, 512) < 300
    assert policy.maintenance_mb(10**7, 512) == 300
    assert policy.is_indexed(70, MAX_INDEXED_DIM)
    assert not policy.is_indexed(69, 512)
    assert not policy.is_indexed(10**6, MAX_INDEXED_DIM + 1)
