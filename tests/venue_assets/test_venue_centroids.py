"""Centroids are the normalised mean of what a venue shows; the map shows who is like whom."""

from __future__ import annotations

import base64
import io
from collections.abc import Callable
from pathlib import Path

import dagster as dg
import numpy as np
import pytest
from PIL import Image
from sqlalchemy import URL, Engine, delete, insert, select, text

from resources.database_resource import DatabaseResource
from resources.photo_store import PhotoStore
from resources.photo_store_resource import PhotoStoreResource
from resources.schema import photos, venue_photos
from resources.schema import venue_centroids as centroids_table
from resources.spaces import use_space
from resources.vectors import ensure_space, store_photo_vectors
from tests.resources.vector_rows import (
    IMAGE,
    OTHER_IMAGE,
    Vectors,
    add_photos,
    add_venues,
    photo_ids,
    show_photos,
    units,
)
from venue_assets.venue_centroids import venue_centroids
from venue_assets.venue_map import principal_plane, venue_map

Run = Callable[[], dg.ExecuteInProcessResult]


@pytest.fixture
def run(database_url: URL, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    """Materialise `venue_centroids` for all buckets in one run."""
    monkeypatch.setenv("DATABASE_URL", database_url.render_as_string(hide_password=False))

    def materialize() -> dg.ExecuteInProcessResult:
        with dg.DagsterInstance.ephemeral(tempdir=str(tmp_path)) as instance:
            return dg.materialize(
                [venue_centroids], resources={"database": DatabaseResource()}, instance=instance,
                tags={"dagster/asset_partition_range_start": "00", "dagster/asset_partition_range_end": "15"},
            )  # fmt: skip

    return materialize


def written(result: dg.ExecuteInProcessResult) -> int:
    assert result.success
    events = [event.step_materialization_data.materialization for event in result.get_asset_materialization_events()]
    assert len(events) == 16, "one per bucket, each with its own counts"
    touched = [event.metadata["rows written"].value for event in events]
    assert all(isinstance(count, int) for count in touched)
    return sum(int(str(count)) for count in touched)


def unit_mean(vectors: Vectors) -> Vectors:
    mean = vectors.astype(np.float64).mean(axis=0)
    return np.asarray(mean / np.linalg.norm(mean), dtype=np.float32)


def test_a_centroid_follows_the_photographs_of_its_venue(engine: Engine, run: Run) -> None:
    ids, vectors = photo_ids(7), units(1, 7)
    vectors[6] = -vectors[5]
    with engine.begin() as connection:
        # The 17th has the bucket of the first.
        venues = add_venues(connection, 17)
        add_photos(connection, ids)
        for space, count in ((IMAGE, 7), (OTHER_IMAGE, 2)):
            ensure_space(connection, space)
            store_photo_vectors(connection, space, ids[:count], vectors[:count])
        show_photos(connection, venues[0], ids[:3])
        show_photos(connection, venues[16], ids[2:5])
        show_photos(connection, venues[1], ids[5:])  # opposite vectors: their mean has no direction
    assert written(run()) == 3
    expected = {
        (venues[0], IMAGE.space_id): (unit_mean(vectors[:3]), 3),
        (venues[16], IMAGE.space_id): (unit_mean(vectors[2:5]), 3),
        (venues[0], OTHER_IMAGE.space_id): (unit_mean(vectors[:2]), 2),
    }
    with engine.connect() as connection:
        rows = connection.execute(select(centroids_table, text("xmin::text AS version"))).all()
    assert {(row.venue_id, row.space_id) for row in rows} == expected.keys()
    for row in rows:
        mean, count = expected[row.venue_id, row.space_id]
        np.testing.assert_allclose(np.asarray(row.embedding), mean, atol=1e-6)
        assert row.photo_count == count

    assert written(run()) == 0
    with engine.connect() as connection:
        again = connection.execute(select(centroids_table, text("xmin::text AS version"))).all()
    assert sorted(map(str, again)) == sorted(map(str, rows)), "not even rewritten as it was"

    with engine.begin() as connection:
        gone = venue_photos.c
        connection.execute(delete(venue_photos).where(gone.venue_id == venues[0]))
        connection.execute(delete(venue_photos).where(gone.venue_id == venues[16], gone.photo_id == ids[4]))
    assert written(run()) == 3, "two go, one changes"
    with engine.connect() as connection:
        (left,) = connection.execute(select(centroids_table)).all()
    assert (left.venue_id, left.photo_count) == (venues[16], 2)
    np.testing.assert_allclose(np.asarray(left.embedding), unit_mean(vectors[2:4]), atol=1e-6)


def test_the_plane_is_that_of_scikit_learn_and_its_axes_do_not_flip() -> None:
    from sklearn.decomposition import PCA

    vectors = units(3, 40)
    places, share = principal_plane(vectors)
    analysis = PCA(2, svd_solver="full")
    theirs = analysis.fit_transform(vectors.astype(np.float64))
    np.testing.assert_allclose(np.abs(places), np.abs(theirs), atol=1e-6)
    assert share == pytest.approx(analysis.explained_variance_ratio_.sum(), abs=1e-6)
    assert np.all(places[np.abs(places).argmax(axis=0), [0, 1]] > 0)
    flipped, _ = principal_plane(-vectors)
    np.testing.assert_allclose(np.abs(flipped), np.abs(places), atol=1e-6)


def test_one_place_for_all_is_no_error() -> None:
    places, share = principal_plane(np.repeat(units(1, 1), 4, axis=0))
    np.testing.assert_allclose(places, 0, atol=1e-6)
    assert 0 <= share <= 1


COLOURS = {"red": (200, 30, 30), "green": (30, 160, 30), "blue": (30, 30, 200)}


def painted(store: PhotoStore, colour: str, shade: int) -> str:
    encoded = io.BytesIO()
    red, green, blue = COLOURS[colour]
    Image.new("RGB", (80, 60), (red + shade, green, blue)).save(encoded, "JPEG")
    return store.put(encoded.getvalue())


def test_the_map_shows_alike_venues_together(engine: Engine, run: Run, tmp_path: Path) -> None:
    store = PhotoStore(str(tmp_path / "photos"))
    looks = dict(zip(COLOURS, np.eye(8, dtype=np.float32)[:3], strict=True))
    with engine.begin() as connection:
        venues = add_venues(connection, 12)
        ensure_space(connection, IMAGE)
        for number, venue in enumerate(venues):
            colour = list(COLOURS)[number % 3]
            photo = painted(store, colour, number * 4)
            connection.execute(insert(photos).values(photo_id=photo, mime="image/jpeg", width=80, height=60, bytes=9))
            show_photos(connection, venue, [photo])
            vector = looks[colour] + 0.3 * units(number, 1)[0]
            store_photo_vectors(connection, IMAGE, [photo], (vector / np.linalg.norm(vector))[None].astype(np.float32))
    resources = {"database": DatabaseResource(), "photo_store": PhotoStoreResource(url=str(tmp_path / "photos"))}

    def drawn() -> dict[str, object]:
        with dg.DagsterInstance.ephemeral(tempdir=str(tmp_path)) as instance:
            result = dg.materialize([venue_map], resources=resources, instance=instance)
        (event,) = result.get_asset_materialization_events()
        return {name: one.value for name, one in event.step_materialization_data.materialization.metadata.items()}

    assert drawn()["map"] == "no image space is complete"
    with engine.begin() as connection:
        use_space(connection, IMAGE.space_id)
    assert drawn()["map"] == "too few venues have a centroid"
    assert run().success
    metadata = drawn()
    assert metadata["venues"] == 12
    assert metadata["space"] == IMAGE.space_id
    encoded = str(metadata["map"]).removeprefix("![venues by likeness](data:image/jpeg;base64,").removesuffix(")")
    picture = np.asarray(Image.open(io.BytesIO(base64.b64decode(encoded))).convert("RGB"), dtype=np.int64)
    centres = []
    for red, green, blue in COLOURS.values():
        near = np.abs(picture - np.array([red, green, blue])).sum(axis=2) < 90
        assert near.sum() > 1000, "thumbnails of this colour are on the map"
        ys, xs = np.nonzero(near)
        centres.append((xs.mean(), ys.mean(), max(xs.std(), ys.std())))
    for one in range(3):
        for other in range(one):
            apart = np.hypot(centres[one][0] - centres[other][0], centres[one][1] - centres[other][1])
            assert apart > centres[one][2] + centres[other][2], "three looks, three places"
