"""Folders of real photographs, a class each, through the assets with a real encoder: clusters follow the classes."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from importlib.util import find_spec
from pathlib import Path

import dagster as dg
import pytest
from sqlalchemy import URL, Engine, select

from resources.identity import user_id
from resources.photo_store import PhotoStore
from resources.schema import boards, pins, taste_cluster_members, taste_clusters
from taste_assets.connecting import import_folder
from taste_assets.people import add_user
from tests.plugins import mobilenet_litert
from tests.taste_assets.tastes import Tastes

SUN8 = Path(__file__).resolve().parents[3] / "shared" / "material" / "photos" / "sun8"
PER_CLASS = 25
PEOPLE = {
    "two": ("bedroom", "landscape"),
    "three": ("auditorium", "rainforest", "desert"),
    "one": ("campus",),
    "eight": ("airport", "auditorium", "bedroom", "campus", "desert", "football_stadium", "landscape", "rainforest"),
}

pytestmark = [
    pytest.mark.skipif(
        not SUN8.is_dir() or not mobilenet_litert.WEIGHTS.is_file(),
        reason="the photographs and the encoder are not in ../shared/material",
    ),
    pytest.mark.skipif(find_spec("ai_edge_litert") is None, reason="ai-edge-litert runs the encoder"),
]


@pytest.fixture
def tastes(
    engine: Engine, instance: dg.DagsterInstance, database_url: URL, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Tastes:
    monkeypatch.setenv("DATABASE_URL", database_url.render_as_string(hide_password=False))
    monkeypatch.setenv("IMAGE_ENCODER", "python:tests.plugins.mobilenet_litert:encoder")
    monkeypatch.setenv("PHOTO_STORE_URL", str(tmp_path / "photos"))
    return Tastes(engine, instance)


def folder_of(root: Path, classes: Iterable[str]) -> Path:
    """A folder with a sub-folder for each class, and some photographs in each."""
    for name in classes:
        (root / name).mkdir(parents=True)
        for photo in sorted((SUN8 / name).iterdir())[:PER_CLASS]:
            shutil.copy(photo, root / name)
    return root


def rand_index(tastes: Tastes, handle: str) -> float:
    """How well clusters agree with boards."""
    from sklearn.metrics import adjusted_rand_score

    query = (
        select(boards.c.name, taste_clusters.c.cluster_index)
        .select_from(taste_clusters)
        .join(taste_cluster_members, taste_cluster_members.c.cluster_id == taste_clusters.c.cluster_id)
        .join(pins, (pins.c.user_id == taste_clusters.c.user_id) & (pins.c.pin_id == taste_cluster_members.c.pin_id))
        .join(boards, (boards.c.user_id == pins.c.user_id) & (boards.c.board_id == pins.c.board_id))
        .where(taste_clusters.c.user_id == user_id(handle))
    )
    with tastes.engine.connect() as connection:
        rows = connection.execute(query).all()
    return float(adjusted_rand_score([row.name for row in rows], [row.cluster_index for row in rows]))


def test_classes_as_boards_become_tastes(tastes: Tastes, tmp_path: Path) -> None:
    store = PhotoStore(str(tmp_path / "photos"))
    for handle, classes in PEOPLE.items():
        with tastes.engine.begin() as connection:
            add_user(connection, handle)
        import_folder(tastes.engine, store, "minimal", handle, str(folder_of(tmp_path / handle, classes)))
    result = tastes.execute("boards", "pins", "pin_embeddings", "taste_clusters", bucket=None)
    assert result.success
    states = {handle: tastes.state(user_id(handle)) for handle in PEOPLE}
    assert {handle: state["pin_count"] for handle, state in states.items()} == {
        handle: PER_CLASS * len(classes) for handle, classes in PEOPLE.items()
    }
    found = {handle: state["cluster_count"] for handle, state in states.items()}
    assert {**found, "eight": None} == {"two": 2, "three": 3, "one": 1, "eight": None}
    assert 5 <= found["eight"] <= 8
    assert states["one"]["treatment"] == "uniform"
    assert rand_index(tastes, "two") >= 0.9
    assert rand_index(tastes, "three") >= 0.9
    assert rand_index(tastes, "eight") >= 0.6
