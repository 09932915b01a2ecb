"""Migrations: up, down, up again, agreeing with the schema, and refusing what they do not know."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator

import psycopg
import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import URL, Engine, text

from resources.database import connect
from resources.errors import SetupError
from resources.migrate import _config, downgrade, migration_state, prepare, upgrade
from resources.schema import READER_ROLE, metadata

# Constraints, defaults, column types and indexes as Postgres prints them; Alembic's comparison sees no CHECKs.
CATALOGUE = """
    SELECT 'constraint', conrelid::regclass::text, conname::text, pg_get_constraintdef(oid)
    FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND conrelid <> 0 AND contype <> 'n'
    UNION ALL
    SELECT 'index', tablename::text, indexname::text, indexdef FROM pg_indexes WHERE schemaname = 'public'
    UNION ALL
    SELECT 'column', table_name::text, column_name::text, concat_ws(' ', udt_name, is_nullable, column_default)
    FROM information_schema.columns WHERE table_schema = 'public'
"""


@pytest.fixture
def empty(empty_url: URL) -> Iterator[Engine]:
    engine = connect(empty_url)
    yield engine
    engine.dispose()


def catalogue(engine: Engine) -> set[tuple[str, ...]]:
    with engine.connect() as connection:
        rows = {tuple(row) for row in connection.execute(text(CATALOGUE))}
    return {row for row in rows if row[1] != "venue_taste_migrations"}


def test_migrations_make_exactly_the_schema(empty: Engine, engine: Engine) -> None:
    with empty.begin() as connection:
        connection.execute(text("CREATE EXTENSION vector"))
        metadata.create_all(connection)
    assert catalogue(engine) == catalogue(empty)
    assert len(catalogue(engine)) > 150
    with engine.connect() as connection:
        options = {"version_table": "venue_taste_migrations"}
        assert compare_metadata(MigrationContext.configure(connection, opts=options), metadata) == []


def test_down_to_nothing_and_up_again(engine: Engine) -> None:
    before = catalogue(engine)
    for revision in ("0002", "0001", "base"):
        downgrade(engine, revision)
        with engine.connect() as connection:
            assert connection.scalar(text("SELECT to_regnamespace('serving')")) is None
    assert catalogue(engine) == set()
    assert migration_state(engine).current is None
    _, state = upgrade(engine)
    assert state.is_current
    assert catalogue(engine) == before


def test_town_centres_go_back_to_what_sites_state_and_come_again(engine: Engine) -> None:
    rows = "INSERT INTO venues (venue_id, site_url, bucket, status, crawled_at, lat, lon, town_centre) VALUES "
    values = (
        "('00000000-0000-0000-0000-000000000001', 'https://a.test', 1, 'crawled', now(), 51, -2, NULL),"
        "('00000000-0000-0000-0000-000000000002', 'https://b.test', 2, 'crawled', now(), 52, -1, 'Bath, England, GB')"
    )
    columns = text("SELECT relname, attname, col_description(oid, attnum) FROM pg_class JOIN pg_attribute ON"
                   " attrelid = oid WHERE relnamespace = 'serving'::regnamespace")  # fmt: skip
    places = "SELECT lat, place_precision, place_evidence FROM serving.venues ORDER BY site_url"
    with engine.begin() as connection:
        connection.exec_driver_sql(rows + values)
        assert [tuple(row) for row in connection.exec_driver_sql(places)] == [
            (51, "stated", None), (52, "town", "town centre of Bath, England, GB (GeoNames)"),
        ]  # fmt: skip
        newest = {tuple(row) for row in connection.execute(columns)}
    downgrade(engine, "0010")
    with engine.begin() as connection:
        connection.execute(text(f"SET LOCAL ROLE {READER_ROLE}"))
        lats = [row.lat for row in connection.execute(text("SELECT * FROM serving.venues ORDER BY site_url"))]
        assert lats == [51, None], "what no site stated is gone"
        assert connection.execute(text("SELECT * FROM serving.recommendations")).all() == []
        gone = newest - {tuple(row) for row in connection.execute(columns)}
    later = {"text_score", "matches", "kind", "country_code", "country_evidence"}
    assert {name for _, name, _ in gone} == {"place_precision", "place_evidence"} | later
    upgrade(engine)
    with engine.begin() as connection:
        assert {tuple(row) for row in connection.execute(columns)} == newest
        assert [row.place_precision for row in connection.exec_driver_sql(places)] == ["stated", None]


def test_venues_that_are_there_get_their_country_and_lose_it_again(engine: Engine, empty: Engine) -> None:
    rows = (
        ("\u00d6sterreich", None, '{"town_rules": 2}'),
        (None, "Toronto, Ontario, CA", '{"town_rules": 2}'),
        ("England", "Bath, England, GB", '{"locality": {}}'),
        ("Atlantis", None, "{}"),
        (None, None, "{}"),
        ("\u00d6sterreich", None, "{}"),
    )
    insert = text(
        "INSERT INTO venues (venue_id, site_url, bucket, status, crawled_at, country, lat, lon, town_centre, identity)"
        " VALUES (gen_random_uuid(), :url, 1, 'crawled', now(), :country, 0, 0, :town, CAST(:identity AS jsonb))"
    )
    with empty.begin() as connection:
        command.upgrade(_config(connection), "0014")
        for number, (country, town, identity) in enumerate(rows):
            values = {"url": f"https://{number}.test", "country": country, "town": town, "identity": identity}
            connection.execute(insert, values)
    older = views(empty)
    upgrade(empty)
    assert views(empty) == views(engine) != older
    with empty.begin() as connection:
        connection.execute(text(f"SET LOCAL ROLE {READER_ROLE}"))
        filled = text("SELECT country_code, country_evidence FROM serving.venues ORDER BY site_url")
        assert [tuple(row) for row in connection.execute(filled)] == [
            ("AT", None), ("CA", "country of Toronto, Ontario, CA (GeoNames)"), ("GB", None), (None, None),
            (None, None), ("AT", None),
        ]  # fmt: skip
    downgrade(empty, "0014")
    assert views(empty) == older
    with empty.connect() as connection:
        identities = connection.scalars(text("SELECT identity FROM venues ORDER BY site_url")).all()
    assert identities == [{}, {}, {"locality": {}}, {}, {}, {}], "what is gone is looked up when it may come again"


def views(engine: Engine) -> list[tuple[str | None, ...]]:
    """What the views of `serving` and their columns are, say and allow."""
    query = text(
        """
        SELECT relname, attname, pg_get_viewdef(oid), relacl::text, obj_description(oid), col_description(oid, attnum)
        FROM pg_class JOIN pg_attribute ON attrelid = oid
        WHERE relnamespace = 'serving'::regnamespace AND relkind = 'v' ORDER BY relname, attnum
        """
    )
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(query)]


def test_upgrading_twice_does_nothing(engine: Engine) -> None:
    before, after = upgrade(engine)
    assert before == after
    assert after.is_current


def test_a_database_of_newer_code_is_refused(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("UPDATE venue_taste_migrations SET version_num = '9999'"))
    for attempt in (upgrade, migration_state):
        with pytest.raises(SetupError, match="'9999', which this code does not know") as caught:
            attempt(engine)
        assert "update venue-taste" in caught.value.remedy


def test_processes_that_migrate_at_once_do_it_once(empty_url: URL) -> None:
    script = (
        "import sys; from resources.database import connect; from resources.migrate import upgrade; "
        "from sqlalchemy import make_url; before, _ = upgrade(connect(make_url(sys.argv[1]))); print(before.current)"
    )
    command = [sys.executable, "-c", script, empty_url.render_as_string(hide_password=False)]
    migrators = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(3)]
    seen = sorted(migrator.communicate(timeout=60)[0].strip() for migrator in migrators)
    engine = connect(empty_url)
    newest = migration_state(engine).head
    engine.dispose()
    assert seen == [newest, newest, "None"]


def test_a_failing_step_leaves_the_database_as_it_was(empty: Engine) -> None:
    with empty.begin() as connection:
        connection.execute(text("CREATE TABLE taste_matches (in_the_way int)"))
    with pytest.raises(Exception, match="already exists"):
        upgrade(empty)
    with empty.connect() as connection:
        tables = connection.scalars(text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")).all()
    assert tables == ["taste_matches"]


def test_prepare_makes_both_databases(empty_url: URL, maintenance: psycopg.Connection[tuple[object, ...]]) -> None:
    from resources.database import DatabaseUrls

    tables = empty_url.set(database=f"{empty_url.database}_tables")
    dagster = empty_url.set(database=f"{empty_url.database}_dagster", drivername="postgresql+psycopg2")
    try:
        before, after = prepare(DatabaseUrls(tables, dagster))
        assert before.current is None
        assert after.is_current
        connect(dagster.set(drivername="postgresql+psycopg")).dispose()
    finally:
        for url in (tables, dagster):
            maintenance.execute(f"DROP DATABASE IF EXISTS {url.database}".encode())


def test_a_login_that_owns_its_database_migrates_it(login: str, empty: Engine, empty_url: URL) -> None:
    with empty.connect().execution_options(isolation_level="AUTOCOMMIT") as administrator:
        administrator.execute(text("CREATE EXTENSION vector"))
        administrator.execute(text(f"ALTER DATABASE {empty_url.database} OWNER TO {login}"))
    own = connect(empty_url.set(username=login))
    _, after = upgrade(own)
    assert after.is_current
    with own.begin() as connection:
        assert connection.scalar(text("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")) is False
        connection.execute(text("INSERT INTO embedding_spaces VALUES ('space', 'image', 'model', 'revision', 512)"))
    assert downgrade(own, "0003").current == "0003"
    assert upgrade(own)[1].is_current
    own.dispose()


def test_missing_rights_come_with_the_sql_that_gives_them(login: str, empty: Engine, empty_url: URL) -> None:
    own = connect(empty_url.set(username=login))
    with pytest.raises(SetupError, match="rights that a migration needs") as caught:
        upgrade(own)
    prescribed = caught.value.remedy.partition(": ")[2]
    assert "CREATE EXTENSION vector" in prescribed
    with empty.connect().execution_options(isolation_level="AUTOCOMMIT") as administrator:
        administrator.exec_driver_sql(prescribed)
    assert upgrade(own)[1].is_current
    own.dispose()


def test_a_login_that_does_not_own_the_tables_is_told_who_does(login: str, engine: Engine, database_url: URL) -> None:
    downgrade(engine, "0003")
    other = connect(database_url.set(username=login))
    remedy = f'the tables\' owner ."postgres".*TO "{login}"'
    with pytest.raises(SetupError, match=f"may not read the database's revision(.|\n)*{remedy}"):
        migration_state(other)
    with engine.begin() as connection:
        connection.execute(text(f"GRANT SELECT ON venue_taste_migrations TO {login}"))
    with pytest.raises(SetupError, match=f"may not migrate the database: must be owner(.|\n)*{remedy}"):
        upgrade(other)
    with pytest.raises(SetupError, match="may not migrate"):
        downgrade(other, "0001")
    other.dispose()


def test_the_reader_reads_serving_and_nothing_else(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("CREATE VIEW serving.made_later AS SELECT name FROM venues"))
    with engine.connect() as connection:
        connection.execute(text(f"SET ROLE {READER_ROLE}"))
        assert connection.execute(text("SELECT * FROM serving.made_later")).all() == []
        tables = connection.scalars(
            text("SELECT tablename FROM pg_tables WHERE has_table_privilege(schemaname || '.' || tablename, 'SELECT')"
                 " AND schemaname = 'public'")
        ).all()  # fmt: skip
        assert tables == []
        for statement in ("SELECT * FROM venues", "INSERT INTO serving.made_later VALUES ('x')",
                          "CREATE TABLE serving.mine ()", "CREATE TABLE mine ()"):  # fmt: skip
            with pytest.raises(Exception, match="permission denied"), connection.begin_nested():
                connection.execute(text(statement))
