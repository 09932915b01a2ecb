"""Who reads the sites: the rules, or the language model of LANGUAGE_MODEL. One choice, which the tables name."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

from resources.language_model.addresses import model_address
from resources.language_model.model import LanguageModel, Usage, language_model
from resources.settings import Settings
from venue_assets.extract.reading import SitePage, SiteReading
from venue_assets.extract.summary.extractive import EXTRACTIVE_VERSION, extractive_reading
from venue_assets.model_reading.reading import model_reading, model_summariser

Read = Callable[[Sequence[SitePage]], Awaitable[tuple[SiteReading, Usage]]]


@dataclass(frozen=True, slots=True)
class SiteReader:
    """Somebody who reads sites.

    Attributes:
        summariser: name and version, as the tables store it: a site is read anew when it changes.
        concurrency: sites that may be with the reader at one time.
        read: pages to reading; raises `AnswerError` for a site it cannot read and `SetupError` where it reads none:
            before the first question where the model's server does not answer or refuses the key, or is an Ollama
            that lacks the model. Other servers' lists of models leave some out, so there a wrong name shows at the
            first question.
    """

    summariser: str
    concurrency: int
    read: Read


@asynccontextmanager
async def site_reader(settings: Settings) -> AsyncIterator[SiteReader]:
    """The reader the settings name. No server is asked until there is a site to read.

    Raises:
        SetupError: LANGUAGE_MODEL names no model that can be asked.
    """
    address = model_address(settings)
    if address is None:
        yield SiteReader(f"extractive/{EXTRACTIVE_VERSION}", 1, _by_rule)
        return
    async with language_model(
        address, concurrency=settings.language_model_concurrency, timeout=settings.language_model_timeout
    ) as model:
        read = _by_model(model, settings)
        yield SiteReader(model_summariser(model.label), settings.language_model_concurrency, read)


async def _by_rule(pages: Sequence[SitePage]) -> tuple[SiteReading, Usage]:
    return extractive_reading(pages), Usage()


def _by_model(model: LanguageModel, settings: Settings) -> Read:
    first = asyncio.Lock()
    is_there = False

    async def read(pages: Sequence[SitePage]) -> tuple[SiteReading, Usage]:
        nonlocal is_there
        # Seen to once, before the first question: a run must not fail venue by venue for one wrong setting.
        async with first:
            if not is_there:
                from resources.model_checks import check_language_model

                await asyncio.to_thread(list, check_language_model(settings))
                is_there = True
        return await model_reading(model, pages)

    return read
