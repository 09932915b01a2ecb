"""What the database itself refuses, and what goes when a person or a venue goes."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, Engine, Table, func, insert, select, text
from sqlalchemy.exc import DBAPIError, StatementError

from resources import schema
from resources.identity import content_id, user_bucket, user_id, venue_bucket, venue_id

NOW = datetime(2026, 1, 2, tzinfo=UTC)
SPACE = "image:test"
PHOTO = content_id(b"photo")
VENUE = venue_id("example.com")
ANN, BOB = user_id("ann"), user_id("bob")


def unit(*values: float) -> list[float]:
    norm = sum(value * value for value in values) ** 0.5
    return [value / norm for value in values]


@pytest.fixture
def filled(engine: Engine) -> Engine:
    """A row in every table."""
    with engine.begin() as connection:
        fill(connection)
    return engine


def fill(connection: Connection) -> None:
    def add(table: Table, **values: object) -> None:
        connection.execute(insert(table).values(**values))

    add(schema.venues, venue_id=VENUE, site_url="https://example.com", bucket=venue_bucket(VENUE))
    add(schema.venue_pages, venue_id=VENUE, url="https://example.com", status=200, fetched_at=NOW)
    add(schema.photos, photo_id=PHOTO, mime="image/jpeg", width=1, height=1, bytes=5)
    add(schema.venue_photos, venue_id=VENUE, photo_id=PHOTO, source_url="s", page_url="p", position=0)
    add(schema.venue_photo_files, venue_id=VENUE, source_url="s", photo_id=PHOTO, memory={"url": "s"})
    add(schema.venue_summaries, venue_id=VENUE, summariser="extractive", source_hash="h")
    add(schema.venue_facts, venue_id=VENUE, capacity_max=80, summariser="extractive", source_hash="h")
    add(schema.site_readings, venue_id=VENUE, summariser="extractive", source_hash="a" * 64, result={}, read_at=NOW)
    add(schema.embedding_spaces, space_id=SPACE, modality="image", model="m", revision="r", dim=3)
    add(schema.current_spaces, modality="image", space_id=SPACE)
    add(schema.photo_embeddings, photo_id=PHOTO, space_id=SPACE, dim=3, embedding=unit(1, 2, 3))
    add(schema.photo_embedding_failures, photo_id=PHOTO, space_id=SPACE, reason="truncated", failed_at=NOW)
    vibe = {"field": "vibe", "text_sha256": "b" * 64}
    add(schema.summary_embeddings, venue_id=VENUE, **vibe, space_id=SPACE, dim=3, embedding=unit(1, 0, 0))
    add(schema.venue_centroids, venue_id=VENUE, space_id=SPACE, dim=3, embedding=unit(1, 0, 0), photo_count=1)
    add(schema.index_settings, space_id=SPACE, kind="hnsw", rows=1, built_at=NOW)
    for person, name in ((ANN, "ann"), (BOB, "bob")):
        add(schema.users, user_id=person, handle=name, bucket=user_bucket(person))
        add(schema.boards, user_id=person, board_id="shared", pin_count=1)
        add(schema.pins, user_id=person, pin_id="1", board_id="shared", photo_id=PHOTO, pinned_at=NOW)
        add(schema.ratings, user_id=person, venue_id=VENUE, rating=5, rated_at=NOW)
        cluster = uuid.uuid4()
        add(
            schema.taste_clusters, cluster_id=cluster, user_id=person, cluster_index=0, polarity="positive",
            space_id=SPACE, dim=3, medoid_vector=unit(1, 0, 0), centroid_vector=unit(1, 0, 0), weight=1, pin_count=1,
        )  # fmt: skip
        add(schema.taste_cluster_members, cluster_id=cluster, photo_id=PHOTO, pin_id="1", weight=1, added_at=NOW)
        add(
            schema.taste_states, user_id=person, taste_version=1, space_id=SPACE, inputs_hash="h", method="kmeans",
            treatment="cold_start", cluster_count=1, pin_count=1, run_id="r", clustered_at=NOW,
        )  # fmt: skip
        add(
            schema.taste_history, cluster_id=cluster, recorded_at=NOW, user_id=person, polarity="positive", weight=1,
            pin_count=1,
        )  # fmt: skip
        add(
            schema.pinterest_accounts, user_id=person, account_id=name, access_token=b"a", refresh_token=b"r",
            access_expires_at=NOW, refresh_expires_at=NOW, poll_due_at=NOW,
        )  # fmt: skip
        made = {
            "strategy": "weighted_max_sim",
            "space_id": SPACE,
            "inputs_hash": "h",
            "run_id": "r",
            "generated_at": NOW,
        }
        add(schema.recommendations, user_id=person, rank=1, venue_id=VENUE, score=0.5, **made)
        state = {name: made[name] for name in ("space_id", "inputs_hash", "run_id", "generated_at")}
        add(schema.recommendation_states, user_id=person, kind="taste", list_length=1, wishes_md5="m",
            catalogue_hash="c", **state)  # fmt: skip
        add(schema.taste_match_states, user_id=person, list_length=1, **state)
        add(schema.refine_conversations, user_id=person, conversation={"said": "no castles"}, changed_at=NOW)
        other = BOB if person == ANN else ANN
        if person == BOB:
            add(schema.taste_matches, user_id=person, rank=1, other_user_id=other, score=0.5, **made)
            add(schema.taste_matches, user_id=other, rank=1, other_user_id=person, score=0.5, **made)


def counts(engine: Engine) -> dict[str, int]:
    with engine.connect() as connection:
        return {
            name: connection.scalar(select(func.count()).select_from(table)) or 0
            for name, table in schema.metadata.tables.items()
        }


def test_forgetting_a_person_leaves_nothing_of_theirs_and_all_of_others(filled: Engine) -> None:
    before = counts(filled)
    assert min(before.values()) > 0, "this test must look at every table"
    with filled.begin() as connection:
        connection.execute(schema.users.delete().where(schema.users.c.user_id == ANN))
        for name, table in schema.metadata.tables.items():
            for column in table.columns:
                if column.name.endswith("user_id"):
                    left = connection.scalar(select(func.count()).select_from(table).where(column == ANN))
                    assert left == 0, f"{name}.{column.name}"
    after = counts(filled)
    assert after["taste_matches"] == 0, "a match is about two people"
    for name in ("users", "boards", "pins", "ratings", "taste_clusters", "taste_cluster_members", "taste_states",
                 "taste_history", "pinterest_accounts", "recommendations", "recommendation_states",
                 "taste_match_states", "refine_conversations"):  # fmt: skip
        assert (before[name], after[name]) == (2, 1)


def test_forgetting_a_venue_leaves_photos_and_people(filled: Engine) -> None:
    with filled.begin() as connection:
        connection.execute(schema.venues.delete())
    after = counts(filled)
    gone = {"venues", "venue_pages", "venue_photos", "venue_photo_files", "site_readings", "venue_summaries",
            "venue_facts", "summary_embeddings", "venue_centroids", "ratings", "recommendations"}  # fmt: skip
    assert {name for name, count in after.items() if count == 0} == gone


@pytest.mark.parametrize(
    ("change", "counted"),
    [
        ("INSERT INTO pins (user_id, pin_id, board_id, pinned_at) SELECT user_id, n, 'shared', now() "
         "FROM users, generate_series(2, 9) n WHERE handle = 'ann'", {"ann"}),
        ("DELETE FROM pins WHERE user_id = (SELECT user_id FROM users WHERE handle = 'bob')", {"bob"}),
        ("DELETE FROM boards", {"ann", "bob"}),
        ("UPDATE ratings SET rating = 1", {"ann", "bob"}),
        ("UPDATE users SET preference_text = 'by the sea' WHERE handle = 'ann'", {"ann"}),
        ("UPDATE users SET rating_tau = 3 WHERE handle = 'ann'", {"ann"}),
        ("UPDATE users SET preference_text = preference_text, preferences = '{\"guests\": 5}'", set()),
        ("UPDATE boards SET pin_count = 7", set()),
        ("UPDATE pins SET pin_id = pin_id WHERE false", set()),
    ],
)  # fmt: skip
def test_a_change_of_what_tastes_are_made_of_is_counted_once(filled: Engine, change: str, counted: set[str]) -> None:
    versions = select(schema.users.c.handle, schema.users.c.taste_version)
    with filled.begin() as connection:
        before = dict(connection.execute(versions).all())
        connection.execute(text(change))
        after = dict(connection.execute(versions).all())
    assert {name: after[name] - before[name] for name in after if after[name] != before[name]} == dict.fromkeys(
        counted, 1
    )


BAD_VECTORS: Sequence[tuple[str, list[float], str]] = (
    ("wrong dimension", unit(1, 2), "embedding_dim"),
    ("zero", [0.0, 0.0, 0.0], "embedding_unit"),
    ("too long", [1.0, 1.0, 1.0], "embedding_unit"),
    ("not a number", [float("nan"), 0.0, 1.0], "NaN not allowed"),
    ("infinite", [float("inf"), 0.0, 0.0], "infinite value not allowed"),
)


@pytest.mark.parametrize(("kind", "vector", "refusal"), BAD_VECTORS, ids=[row[0] for row in BAD_VECTORS])
def test_bad_vectors_are_refused(filled: Engine, kind: str, vector: list[float], refusal: str) -> None:
    literal = str(vector).replace("inf", "Infinity")
    with pytest.raises(DBAPIError, match=refusal), filled.begin() as connection:
        connection.execute(text("UPDATE photo_embeddings SET embedding = CAST(:v AS vector)"), {"v": literal})


def test_a_row_cannot_lie_about_its_space(filled: Engine) -> None:
    with pytest.raises(DBAPIError, match="foreign key"), filled.begin() as connection:
        connection.execute(text("UPDATE photo_embeddings SET dim = 2, embedding = '[1,0]'"))


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(vector=st.lists(st.floats(-1, 1, width=32), min_size=3, max_size=3).filter(lambda v: sum(map(abs, v)) > 0.01))
def test_any_unit_vector_is_taken_and_comes_back(filled: Engine, vector: list[float]) -> None:
    with filled.begin() as connection:
        connection.execute(schema.photo_embeddings.update().values(embedding=unit(*vector)))
        back = connection.scalar(select(schema.photo_embeddings.c.embedding))
    assert back is not None
    assert [float(value) for value in back] == pytest.approx(unit(*vector), abs=1e-6)


@pytest.mark.parametrize(
    ("statement", "constraint"),
    [
        ("UPDATE venues SET bucket = 16", "bucket_range"),
        ("UPDATE venues SET lat = 91, lon = 0", "lat_range"),
        ("UPDATE venues SET lat = 1", "lat_with_lon"),
        ("UPDATE venues SET status = 'lost'", "status_known"),
        ("UPDATE venue_photo_files SET photo_id = NULL", "photo_or_reason"),
        ("UPDATE venue_facts SET capacity_min = 90", "capacity_range"),
        ("UPDATE venue_facts SET capacity_min = 0", "capacity_min_positive"),
        ("UPDATE venue_facts SET price_max = -1", "price_range"),
        ("UPDATE venue_facts SET currency = '$'", "currency_iso4217"),
        ("UPDATE venue_facts SET setting = 'garden'", "setting_known"),
        ("UPDATE venue_facts SET price_unit = 'week'", "price_unit_known"),
        ("UPDATE venue_facts SET seated_max = 0", "seated_max_positive"),
        ("UPDATE site_readings SET failure = 'no answer'", "result_or_failure"),
        ("UPDATE photos SET width = 0", "size_positive"),
        ("INSERT INTO photos VALUES ('../../etc/passwd', 'image/png', 1, 1, NULL, 1)", "photo_id_sha256"),
        ("UPDATE ratings SET rating = 6", "rating_range"),
        ("UPDATE ratings SET venue_id = NULL", "one_subject"),
        ("INSERT INTO ratings SELECT * FROM ratings", "uq_ratings"),
        ("UPDATE taste_clusters SET weight = 1.5", "weight_range"),
        ("UPDATE taste_clusters SET polarity = 'meh'", "polarity_known"),
        ("UPDATE taste_matches SET other_user_id = user_id", "not_oneself"),
        ("UPDATE recommendations SET rank = 0", "rank_from_one"),
        ("UPDATE recommendation_states SET kind = 'guessed'", "kind_known"),
        ("UPDATE taste_match_states SET list_length = -1", "list_length_not_negative"),
        ("UPDATE index_settings SET measured_recall = 1.01", "measured_recall_range"),
    ],
)
def test_what_cannot_be_true_is_refused(filled: Engine, statement: str, constraint: str) -> None:
    with pytest.raises((DBAPIError, StatementError), match=constraint), filled.begin() as connection:
        connection.execute(text(statement))
