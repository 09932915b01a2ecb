"""`venue-taste spaces`: what an operator sees and does when the image model changes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import URL, Engine
from typer.testing import CliRunner, Result

from resources.errors import SetupError
from resources.space_commands import app
from resources.spaces import adopt_first_space, current_space
from resources.vector_index import IndexPolicy, maintain_index
from resources.vectors import ensure_space, store_photo_vectors
from tests.resources.vector_rows import IMAGE, OTHER_IMAGE, add_photos, add_venues, photo_ids, show_photos, units


@pytest.fixture
def command(database_url: URL, empty_url: URL, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    monkeypatch.setenv("DATABASE_URL", database_url.render_as_string(hide_password=False))
    monkeypatch.setenv("DAGSTER_DATABASE_URL", empty_url.render_as_string(hide_password=False))
    monkeypatch.setenv("COLUMNS", "80")
    return lambda *arguments: CliRunner().invoke(app, arguments)


def test_an_id_is_never_broken(engine: Engine, command: Callable[..., Result]) -> None:
    long = replace(IMAGE, space_id=f"open_clip:hf-hub:{'organisation/model-' * 6}@0123456789ab/8")
    with engine.begin() as connection:
        ensure_space(connection, long)
    listed = command("list").stdout
    assert long.space_id in listed, "it can be copied at 80 columns"
    assert command("use", long.space_id, "--force").stdout.endswith(f"{long.space_id}\n")


def test_from_one_model_to_the_next(engine: Engine, command: Callable[..., Result]) -> None:
    ids = photo_ids(3)
    with engine.begin() as connection:
        (venue,) = add_venues(connection, 1)
        add_photos(connection, ids)
        show_photos(connection, venue, ids)
        for space, count in ((IMAGE, 3), (OTHER_IMAGE, 2)):
            ensure_space(connection, space)
            store_photo_vectors(connection, space, ids[:count], units(1, count))
        adopt_first_space(connection, IMAGE)
    maintain_index(engine, IMAGE, IndexPolicy())

    assert command("list").stdout.splitlines() == [
        f"* image  {IMAGE.space_id}",
        "         3 vectors, 0 missing; exact, recall@20 1.000",
        f"  image  {OTHER_IMAGE.space_id}",
        "         2 vectors, 1 missing; not measured yet",
    ]

    refused = command("use", OTHER_IMAGE.space_id)
    assert isinstance(refused.exception, SetupError)
    assert "lacks 1 of the vectors" in refused.exception.problem
    assert refused.exception.remedy == "materialise photo_embeddings with b as IMAGE_ENCODER, or give --force"
    assert isinstance(command("prune", IMAGE.space_id).exception, SetupError)

    forced = command("use", OTHER_IMAGE.space_id, "--force")
    assert forced.stdout == f"Readers now use the image space: {OTHER_IMAGE.space_id}, which lacks 1 vectors\n"
    assert command("use", OTHER_IMAGE.space_id, "--force").stdout.startswith("Readers use it already")
    with engine.connect() as connection:
        assert current_space(connection, "image") == OTHER_IMAGE

    pruned = command("prune", IMAGE.space_id)
    assert "photo_embeddings: 3 rows removed" in pruned.stdout
    assert "index_settings: 1 rows removed" in pruned.stdout
    assert IMAGE.space_id not in command("list").stdout
