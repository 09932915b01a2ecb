"""Five real sites: the facts read are exactly those that docs/facts.md lists as checked by hand."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.venue_assets.extract.pages import needs_sites
from tests.venue_assets.extract.site_pages import URL, real_site
from venue_assets.extract.facts.read import read_facts
from venue_assets.extract.reading import Quoted, SiteFacts

pytestmark = needs_sites

DOCUMENT = Path(__file__).resolve().parents[4] / "docs" / "facts.md"
SITES = ("castle-event-center", "faraway-barn", "jade-room-website", "vaudouriere", "BZOMMAR")

Row = tuple[str, str, str, str]


def documented(site: str) -> list[Row]:
    section = DOCUMENT.read_text().partition(f"\n### {site}\n")[2].partition("\n### ")[0]
    lines = [line for line in section.splitlines() if line.startswith("| ")][2:]
    rows = [[cell.strip().replace("\\|", "|") for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in lines]
    return [(field, value, quote, page) for field, value, quote, page in rows]


def read(facts: SiteFacts) -> Iterator[Row]:
    for name, found in facts:
        if isinstance(found, Quoted):
            yield name, str(found.value), found.quote, found.page_url.removeprefix(URL)
        elif isinstance(found, tuple):
            for one in found:
                yield name, str(one.value), one.quote, one.page_url.removeprefix(URL)
        elif found:
            for field, against in found.items():
                for one in against:
                    yield f"conflict: {field}", str(one.value), one.quote, one.page_url.removeprefix(URL)


@pytest.mark.parametrize("site", SITES)
def test_the_facts_are_those_checked_by_hand(site: str) -> None:
    rows = list(read(read_facts(real_site(site))))
    assert rows == documented(site)
    assert len(rows) >= 7
