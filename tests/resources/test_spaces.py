"""Two models side by side: readers keep the old space until the new one is complete, then change in one step."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import Connection, Engine, func, insert, select, update

from resources.errors import SetupError
from resources.identity import content_id, user_bucket, user_id
from resources.schema import (
    boards,
    current_spaces,
    embedding_spaces,
    index_settings,
    photo_embedding_failures,
    photo_embeddings,
    pins,
    users,
    venue_centroids,
    venue_summaries,
    venues,
)
from resources.search import nearest_photos
from resources.spaces import (
    adopt_first_space,
    current_space,
    registered_space,
    registered_spaces,
    space_state,
    use_space,
)
from resources.vector_index import IndexPolicy, indexes_of, maintain_index, prune_space
from resources.vectors import (
    SummaryKey,
    ensure_space,
    missing_photo_ids,
    record_photo_failures,
    store_photo_vectors,
    store_summary_vectors,
)
from tests.resources.vector_rows import (
    IMAGE,
    OTHER_IMAGE,
    TEXT,
    add_photos,
    add_venues,
    photo_ids,
    show_photos,
    units,
)

PHOTOS = photo_ids(6)


@pytest.fixture
def shown(engine: Engine) -> Engine:
    """Two venues that show four photos, a retired one that shows the fifth, and a sixth that nobody shows."""
    with engine.begin() as connection:
        first, second, retired = add_venues(connection, 3)
        add_photos(connection, PHOTOS)
        show_photos(connection, first, PHOTOS[:2])
        show_photos(connection, second, PHOTOS[2:4])
        show_photos(connection, retired, PHOTOS[4:5])
        connection.execute(update(venues).where(venues.c.venue_id == retired).values(status="retired"))
        for space in (IMAGE, OTHER_IMAGE, TEXT):
            ensure_space(connection, space)
    return engine


def pin(connection: Connection, photo: str) -> None:
    ann = user_id("ann")
    connection.execute(insert(users).values(user_id=ann, handle="ann", bucket=user_bucket(ann)))
    connection.execute(insert(boards).values(user_id=ann, board_id="b"))
    pinned_at = datetime(2026, 1, 2, tzinfo=UTC)
    connection.execute(insert(pins).values(user_id=ann, board_id="b", pin_id="1", photo_id=photo, pinned_at=pinned_at))


def test_the_first_space_becomes_current_when_it_is_complete_and_not_before(shown: Engine) -> None:
    with shown.begin() as connection:
        assert not adopt_first_space(connection, IMAGE), "it has no vectors"
        store_photo_vectors(connection, IMAGE, PHOTOS[:3], units(1, 3))
        assert space_state(connection, IMAGE).missing == 1
        assert not adopt_first_space(connection, IMAGE)
        assert current_space(connection, "image") is None
        record_photo_failures(connection, IMAGE.space_id, {PHOTOS[3]: "truncated"})
        assert adopt_first_space(connection, IMAGE)
        assert current_space(connection, "image") == IMAGE
        assert not adopt_first_space(connection, IMAGE), "nothing is left to do"
        store_photo_vectors(connection, OTHER_IMAGE, PHOTOS[:4], units(1, 4))
        assert not adopt_first_space(connection, OTHER_IMAGE), "a later change is an operator's decision"
        assert current_space(connection, "text") is None


def test_readers_keep_the_old_space_until_the_new_one_is_complete(shown: Engine) -> None:
    query = units(9, 1)
    with shown.begin() as connection:
        store_photo_vectors(connection, IMAGE, PHOTOS[:4], units(1, 4))
        adopt_first_space(connection, IMAGE)
    with shown.begin() as writer, shown.connect() as reader:
        store_photo_vectors(writer, OTHER_IMAGE, PHOTOS[:2], units(2, 2))
        with pytest.raises(SetupError, match="lacks 2 of the vectors"):
            use_space(writer, OTHER_IMAGE.space_id)
        store_photo_vectors(writer, OTHER_IMAGE, PHOTOS[2:4], units(3, 2))
        use_space(writer, OTHER_IMAGE.space_id)
        before = current_space(reader, "image")
        assert before == IMAGE, "until the commit"
        assert len(nearest_photos(reader, query, 9, before)[0]) == 4
    with shown.connect() as reader:
        after = current_space(reader, "image")
        assert after == OTHER_IMAGE
        assert len(nearest_photos(reader, query, 9, after)[0]) == 4
        switched = reader.scalar(select(current_spaces.c.switched_at))
    with shown.begin() as connection:
        use_space(connection, OTHER_IMAGE.space_id)
        assert connection.scalar(select(current_spaces.c.switched_at)) == switched, "no change, no write"
        assert missing_photo_ids(connection, OTHER_IMAGE.space_id, range(16)) == []


def test_an_incomplete_space_can_be_forced(shown: Engine) -> None:
    with shown.begin() as connection:
        with pytest.raises(SetupError, match="has no vectors"):
            use_space(connection, IMAGE.space_id)
        assert use_space(connection, IMAGE.space_id, force=True).missing == 4
        assert current_space(connection, "image") == IMAGE
        with pytest.raises(SetupError, match="no embedding space"):
            use_space(connection, "unknown", force=True)


def test_pins_that_can_be_compared_today_must_be_comparable_tomorrow(shown: Engine) -> None:
    with shown.begin() as connection:
        pin(connection, PHOTOS[5])
        store_photo_vectors(connection, IMAGE, PHOTOS[:4], units(1, 4))
        assert adopt_first_space(connection, IMAGE), "pins have no part in the first space being complete"
        store_photo_vectors(connection, OTHER_IMAGE, PHOTOS[:4], units(2, 4))
        assert space_state(connection, OTHER_IMAGE).is_complete
        store_photo_vectors(connection, IMAGE, PHOTOS[5:], units(1, 1))
        state = space_state(connection, OTHER_IMAGE)
        assert (state.missing, state.missing_pins) == (1, 1)
        assert space_state(connection, IMAGE).is_complete
        with pytest.raises(SetupError, match=r"lacks 1 of the vectors.*1 of them of pins") as refused:
            use_space(connection, OTHER_IMAGE.space_id)
        assert "materialise pins and pin_embeddings with b as IMAGE_ENCODER" in refused.value.remedy
        store_photo_vectors(connection, OTHER_IMAGE, PHOTOS[5:], units(1, 1))
        assert space_state(connection, OTHER_IMAGE).is_complete
        use_space(connection, OTHER_IMAGE.space_id)


def test_a_photo_that_is_shown_and_pinned_is_missing_once(shown: Engine) -> None:
    with shown.begin() as connection:
        pin(connection, PHOTOS[0])
        store_photo_vectors(connection, IMAGE, PHOTOS[:4], units(1, 4))
        adopt_first_space(connection, IMAGE)
        state = space_state(connection, OTHER_IMAGE)
        assert (state.missing, state.missing_pins) == (4, 0)
        connection.execute(update(pins).values(photo_id=PHOTOS[4]))
        store_photo_vectors(connection, IMAGE, PHOTOS[4:5], units(1, 1))
        state = space_state(connection, OTHER_IMAGE)
        assert (state.missing, state.missing_pins) == (5, 1), "no run about venues brings a retired venue's photo"
        record_photo_failures(connection, OTHER_IMAGE.space_id, {PHOTOS[4]: "truncated"})
        assert space_state(connection, OTHER_IMAGE).missing_pins == 0


def test_a_text_space_is_complete_when_every_summary_has_a_vector(shown: Engine) -> None:
    with shown.begin() as connection:
        listed = connection.scalars(select(venues.c.venue_id).order_by(venues.c.site_url)).all()
        for venue in listed:
            connection.execute(
                insert(venue_summaries).values(
                    venue_id=venue, aesthetic="calm", factual="", summariser="test", source_hash="h"
                )
            )
        assert space_state(connection, TEXT).missing == 2, "an empty or missing text and a retired venue need none"
        keys = [SummaryKey(venue, "aesthetic", content_id(b"calm")) for venue in listed[:2]]
        store_summary_vectors(connection, TEXT, keys, units(1, 2))
        assert space_state(connection, TEXT).is_complete
        again = update(venue_summaries).where(venue_summaries.c.venue_id == listed[0])
        connection.execute(again.values(aesthetic="wild \N{EN DASH} é"))
        assert space_state(connection, TEXT).missing == 1, "the vector is that of another text"
        assert not adopt_first_space(connection, TEXT)
        with pytest.raises(SetupError, match="lacks 1") as refused:
            use_space(connection, TEXT.space_id)
        assert "materialise summary_embeddings with t as TEXT_ENCODER" in refused.value.remedy
        changed = SummaryKey(listed[0], "aesthetic", content_id("wild \N{EN DASH} é".encode()))
        store_summary_vectors(connection, TEXT, [changed], units(2, 1))
        assert adopt_first_space(connection, TEXT)
        assert current_space(connection, "text") == TEXT


def test_a_pruned_space_leaves_nothing_and_the_current_one_stays(shown: Engine) -> None:
    with shown.begin() as connection:
        for space in (IMAGE, OTHER_IMAGE):
            store_photo_vectors(connection, space, PHOTOS[:4], units(1, 4))
            record_photo_failures(connection, space.space_id, {PHOTOS[5]: "truncated"})
            vector = {"dim": space.dim, "embedding": units(1, 1)[0], "photo_count": 1}
            venue = connection.scalar(select(func.min(venues.c.site_url)))
            chosen = select(venues.c.venue_id).where(venues.c.site_url == venue).scalar_subquery()
            connection.execute(insert(venue_centroids).values(venue_id=chosen, space_id=space.space_id, **vector))
        use_space(connection, OTHER_IMAGE.space_id)
    for space in (IMAGE, OTHER_IMAGE):
        maintain_index(shown, space, IndexPolicy(min_rows=1, queries=4))
    with pytest.raises(SetupError, match="readers compare in"):
        prune_space(shown, OTHER_IMAGE.space_id)
    pruned = prune_space(shown, IMAGE.space_id)
    assert pruned.rows == {
        "photo_embeddings": 4, "summary_embeddings": 0, "venue_centroids": 1, "photo_embedding_failures": 1,
        "index_settings": 1,
    }  # fmt: skip
    assert pruned.forgotten
    assert len(pruned.indexes) == 1
    with shown.connect() as connection:
        for table in (photo_embeddings, venue_centroids, photo_embedding_failures, index_settings, embedding_spaces):
            left = set(connection.scalars(select(table.c.space_id)))
            assert left - {TEXT.space_id} == {OTHER_IMAGE.space_id}
        assert indexes_of(connection, IMAGE.space_id) == []
        assert [index.is_valid for index in indexes_of(connection, OTHER_IMAGE.space_id)] == [True]
        assert len(nearest_photos(connection, units(9, 1), 9, OTHER_IMAGE)[0]) == 4
    with pytest.raises(SetupError, match="no embedding space"):
        prune_space(shown, IMAGE.space_id)


def test_a_space_that_tastes_were_found_in_stays_registered(shown: Engine) -> None:
    from resources.schema import recommendations

    with shown.begin() as connection:
        pin(connection, PHOTOS[5])
        store_photo_vectors(connection, IMAGE, PHOTOS[:4], units(1, 4))
        made = {"strategy": "s", "inputs_hash": "h", "run_id": "r", "generated_at": datetime(2026, 1, 2, tzinfo=UTC)}
        venue = select(venues.c.venue_id).limit(1).scalar_subquery()
        connection.execute(
            insert(recommendations).values(
                user_id=user_id("ann"), rank=1, venue_id=venue, score=1, space_id=IMAGE.space_id, **made
            )
        )
    pruned = prune_space(shown, IMAGE.space_id)
    assert (pruned.rows["photo_embeddings"], pruned.forgotten) == (4, False)
    with shown.connect() as connection:
        assert registered_space(connection, IMAGE.space_id) == IMAGE
        assert registered_spaces(connection, "image") == [IMAGE, OTHER_IMAGE]
