"""The model path against a server and a grammar that nobody here wrote, and a model that knows nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from resources.language_model.addresses import ModelAddress
from resources.language_model.model import Usage, language_model
from tests.venue_assets.model_reading.sites import BARN
from venue_assets.extract.reading import SiteFacts, SiteReading
from venue_assets.model_reading.reading import model_reading

for package in ("llguidance", "fastapi", "accelerate"):
    pytest.importorskip(package, reason="needs the packages of `.[test]`")


@pytest.fixture
def url(tmp_path: Path) -> Iterator[str]:
    from tests.venue_assets.model_reading.served_model import make_model, served

    make_model(tmp_path)
    with served(tmp_path) as url:
        yield url


def test_a_model_that_knows_nothing_answers_in_shape_and_is_not_believed(url: str, tmp_path: Path) -> None:
    address = ModelAddress("openai", str(tmp_path), f"{url}/v1", None)

    async def ask() -> tuple[SiteReading, Usage]:
        async with language_model(address, concurrency=1, timeout=60) as model:
            return await model_reading(model, BARN)

    reading, usage = asyncio.run(ask())
    assert usage.input_tokens > usage.output_tokens > 0
    assert reading.facts == SiteFacts()
    assert (reading.aesthetic, reading.factual, reading.vibe) == (None, None, None)
    assert len(reading.dropped) > 0, "it babbled, and that was seen"
    assert usage.calls == 2, "and it was told"
