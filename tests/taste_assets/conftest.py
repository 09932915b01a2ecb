"""A small Pinterest and the assets that read it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import URL, Engine

from tests.taste_assets.taste_lineage import TasteLineage, taste_lineage


@pytest.fixture
def lineage(
    engine: Engine, database_url: URL, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[TasteLineage]:
    """Nobody connected yet."""
    with taste_lineage(engine, database_url, tmp_path, monkeypatch) as lineage:
        yield lineage
