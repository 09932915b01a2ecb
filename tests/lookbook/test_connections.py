"""What the lookbook's two roles may do on the live schema, and what is said where they may not."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import URL, Engine, delete, text
from sqlalchemy.exc import DBAPIError

from lookbook.connections import Doors, open_doors
from lookbook.writing import (
    NotServedError,
    RatingRefusedError,
    keep_conversation,
    kept_conversation,
    rate,
    share_taste,
)
from resources.database import DatabaseUrls
from resources.errors import SetupError
from resources.privileges import APP_ROLE
from resources.schema import READER_ROLE, users
from resources.settings import Settings
from taste_assets.due_buckets import buckets_to_cluster
from tests.lookbook.world import World


@pytest.fixture
def doors(world: World, urls: DatabaseUrls, settings: Settings) -> Iterator[Doors]:
    doors = open_doors(urls, settings)
    yield doors
    doors.close()


def refused(engine: Engine, statement: str) -> None:
    with pytest.raises(DBAPIError, match=r"permission denied|read-only transaction"), engine.begin() as connection:
        connection.execute(text(statement))


def test_pages_are_read_from_serving_and_from_nowhere_else(doors: Doors, world: World) -> None:
    with world.engine.connect() as connection:
        tables = connection.scalars(text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")).all()
    assert "users" in tables
    for table in tables:
        refused(doors.reader, f"SELECT * FROM public.{table}")  # noqa: S608
    refused(doors.reader, "CREATE TEMP TABLE mine (x int)")
    refused(doors.reader, "SELECT serving.rate(gen_random_uuid(), 5, gen_random_uuid())")
    with doors.reader.connect() as connection:
        assert connection.scalar(text("SELECT current_user")) == READER_ROLE
        assert connection.scalar(text("SHOW transaction_isolation")) == "repeatable read"
        assert connection.scalar(text("SELECT count(*) FROM serving.people")) > 0


def test_the_writer_calls_its_functions_and_sees_nothing(doors: Doors) -> None:
    with doors.writer.connect() as connection:
        assert connection.scalar(text("SELECT current_user")) == APP_ROLE
    for statement in ("SELECT * FROM serving.people", "SELECT * FROM public.ratings", "DELETE FROM public.ratings",
                      "INSERT INTO public.ratings (user_id) VALUES (gen_random_uuid())"):  # fmt: skip
        refused(doors.writer, statement)


def test_everybody_else_may_not_call_the_functions(world: World) -> None:
    asked = """
        SELECT has_function_privilege('venue_taste_reader', oid, 'EXECUTE') FROM pg_proc
        WHERE pronamespace = 'serving'::regnamespace
    """
    with world.engine.connect() as connection:
        assert connection.scalars(text(asked)).all() == [False] * 4


def test_the_document_says_of_the_functions_what_the_database_says(world: World) -> None:
    live = text(
        "SELECT 'serving.' || proname || '(' || pg_get_function_identity_arguments(oid) || ')',"
        " obj_description(oid, 'pg_proc') FROM pg_proc WHERE pronamespace = 'serving'::regnamespace"
    )
    document = (Path(__file__).resolve().parents[2] / "docs" / "serving.md").read_text()
    with world.engine.connect() as connection:
        described = {row[0]: row[1] for row in connection.execute(live)}
    assert dict(re.findall(r"^\| `(serving\.\w+\(.+?\))` \| (.+) \|$", document, re.MULTILINE)) == described


def test_a_rating_makes_its_bucket_due_and_an_equal_one_does_not(doors: Doors, world: World) -> None:
    """As the sensor `board_changes` asks: the app's rating is clustered like one that came any other way."""
    bucket = 21
    gil = world.add_person("gil", bucket=bucket)

    def version() -> str | None:
        with world.engine.connect() as connection:
            due = buckets_to_cluster(connection, datetime.now(UTC))
        return next((one.version for one in due if one.bucket == bucket), None)

    seen = [version()]
    for stars in (5, 5, 4, None, None):
        rate(doors.writer, gil, stars, venue_id=world.venues["red-hall.test"])
        seen.append(version())
    new, rated, same, changed, taken, again = seen
    assert len({new, rated, changed, taken}) == 4
    assert (same, again) == (rated, taken)


def test_what_cannot_be_rated_is_refused_by_the_database(doors: Doors, world: World) -> None:
    ann, venue = world.people["ann"], world.venues["red-hall.test"]
    with pytest.raises(RatingRefusedError, match="0 to 5"):
        rate(doors.writer, ann, 6, venue_id=venue)
    with pytest.raises(RatingRefusedError, match="one of them"):
        rate(doors.writer, ann, 3)
    with pytest.raises(RatingRefusedError, match="one of them"):
        rate(doors.writer, ann, 3, venue_id=venue, photo_id="0" * 64)
    with pytest.raises(NotServedError, match="venue or photo"):
        rate(doors.writer, ann, 3, photo_id="0" * 64)
    with pytest.raises(NotServedError, match="person"):
        rate(doors.writer, venue, 3, venue_id=venue)
    with pytest.raises(NotServedError, match="person"):
        share_taste(doors.writer, venue, shares=True)


def test_a_conversation_is_kept_as_it_was_said_until_it_ends_or_the_person_goes(doors: Doors, world: World) -> None:
    una = world.add_person("una")
    said = json.dumps({"said": ["\x00 castles", "\ud800", 1.5, "\\u0000"]})
    assert kept_conversation(doors.writer, una) is None
    keep_conversation(doors.writer, una, said)
    assert kept_conversation(doors.writer, una) == said
    keep_conversation(doors.writer, una, None)
    assert kept_conversation(doors.writer, una) is None
    keep_conversation(doors.writer, una, said)
    with world.engine.begin() as connection:
        connection.execute(delete(users).where(users.c.user_id == world.people.pop("una")))
    assert kept_conversation(doors.writer, una) is None
    with pytest.raises(NotServedError, match="person"):
        keep_conversation(doors.writer, una, said)


def test_a_conversation_has_an_end(doors: Doors, world: World) -> None:
    too_long = text("SELECT serving.keep_conversation(:ann, to_json(repeat('a', 10000000)))")
    with pytest.raises(DBAPIError, match="at most ten megabytes"), doors.writer.begin() as connection:
        connection.execute(too_long, {"ann": world.people["ann"]})


def test_a_callers_own_objects_are_not_met_with_the_functions_rights(doors: Doors, world: World) -> None:
    """The functions' search_path is pinned: a temporary `users` or `ratings` of the caller is not what they use."""
    with world.engine.connect() as connection:
        configured = connection.scalars(
            text("SELECT proconfig[1] FROM pg_proc WHERE pronamespace = 'serving'::regnamespace AND prosecdef")
        ).all()
    assert configured == ["search_path=pg_catalog, public, pg_temp"] * 4


def test_a_login_of_its_own_with_the_two_roles_is_enough(
    world: World, login: str, urls: DatabaseUrls, settings: Settings, tables: URL
) -> None:
    own = tables.set(username=login).render_as_string(hide_password=False)
    given = Settings.model_validate({**settings.model_dump(), "lookbook_database_url": own})
    with pytest.raises(SetupError, match="LOOKBOOK_DATABASE_URL") as caught:
        open_doors(urls, given)
    prescribed = caught.value.remedy.partition(": ")[2].partition(";")[0]
    assert prescribed == f'GRANT {READER_ROLE}, {APP_ROLE} TO "{login}"'
    with world.engine.begin() as connection:
        connection.execute(text(prescribed))
    doors = open_doors(urls, given)
    with doors.reader.connect() as connection:
        assert connection.scalar(text("SELECT session_user")) == login
        assert connection.execute(text("SELECT * FROM serving.venues")).all()
    doors.close()


@pytest.mark.parametrize("address", ["nonsense", "mysql://x/y"])
def test_an_address_that_is_none_is_named(world: World, urls: DatabaseUrls, settings: Settings, address: str) -> None:
    given = Settings.model_validate({**settings.model_dump(), "lookbook_database_url": address})
    with pytest.raises(SetupError, match="LOOKBOOK_DATABASE_URL"):
        open_doors(urls, given)
