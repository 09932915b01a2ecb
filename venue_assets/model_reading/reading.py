"""One venue's site, read by a language model: it is told once what does not stand, and believed where it does."""

from __future__ import annotations

from collections.abc import Sequence

from resources.language_model.model import LanguageModel, Usage
from venue_assets.extract.reading import SitePage, SiteReading
from venue_assets.model_reading.answer import SiteAnswer
from venue_assets.model_reading.claims import believed
from venue_assets.model_reading.prompt import INSTRUCTIONS, PROMPT_VERSION, site_data
from venue_assets.model_reading.voices import believed_summaries


def model_summariser(label: str) -> str:
    """How tables name the model `kind:name` as the reader of a site."""
    return f"{label}/prompt-{PROMPT_VERSION}"


async def model_reading(model: LanguageModel, pages: Sequence[SitePage]) -> tuple[SiteReading, Usage]:
    """Read one venue's site, and what it took.

    Raises:
        AnswerError: the model gave no answer of the right shape.
        SetupError: it cannot be asked at all.
    """
    answer = await model.ask(
        INSTRUCTIONS, site_data(pages), SiteAnswer, lambda given: trusted_reading(given, pages).dropped
    )
    return trusted_reading(answer.value, pages), answer.usage


def trusted_reading(answer: SiteAnswer, pages: Sequence[SitePage]) -> SiteReading:
    """What of a model's answer stands on the pages; `dropped` says what does not."""
    facts, untrue = believed(answer.facts, pages)
    summaries, unfit = believed_summaries(answer, pages)
    return SiteReading(**summaries, facts=facts, dropped=(*untrue, *unfit))
