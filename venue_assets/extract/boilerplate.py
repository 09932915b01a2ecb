"""What a site says on every page, kept once. Works on the markdown of a whole site; one page alone has no repeats."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from venue_assets.extract.values import PageText

_HEADING: Final = re.compile(r"#{1,6} ")
_FENCE: Final = re.compile(r"\n{2,}")


def drop_repeated_boilerplate(pages: Sequence[PageText]) -> list[PageText]:
    """Keep each block of markdown on one page of the site only: the first by depth of path, then by address.

    A block is what stands between blank lines; blocks are the same when their words are, whatever the case. Headings
    stay where something follows them, because they say what the rest is about, and go where nothing is left.
    The result has the order of `pages`, does not depend on it, and is the same when run again.
    """
    first: dict[str, str] = {}
    for page in sorted(pages, key=_specificity):
        for block in _blocks(page.markdown):
            if not _HEADING.match(block):
                first.setdefault(_key(block), page.url)
    kept = []
    for page in pages:
        seen: set[str] = set()
        blocks = []
        for block in _blocks(page.markdown):
            key = _key(block)
            if _HEADING.match(block) or (first[key] == page.url and key not in seen):
                blocks.append(block)
                seen.add(key)
        kept.append(replace(page, markdown="\n\n".join(_without_empty_sections(blocks))))
    return kept


def _specificity(page: PageText) -> tuple[int, str]:
    path = urlsplit(page.url).path.strip("/")
    # The home page under one of its file names is as near as "/".
    depth = 0 if re.fullmatch(r"(?:index|home|default)?(?:\.\w+)?", path) else path.count("/") + 1
    return depth, page.url


def _blocks(markdown: str) -> Iterable[str]:
    return (block for block in _FENCE.split(markdown.strip()) if block.strip())


def _key(block: str) -> str:
    return " ".join(re.findall(r"\w+", block.casefold())) or block


def _without_empty_sections(blocks: list[str]) -> list[str]:
    """The blocks without headings that nothing stands under any more; a page's first heading stays."""
    kept: list[str] = []
    # The lowest heading level that something below still needs; 7 while something stands directly below.
    is_followed_up_to = 0
    for index in range(len(blocks) - 1, -1, -1):
        block = blocks[index]
        if not _HEADING.match(block):
            is_followed_up_to = 7
            kept.append(block)
            continue
        level = block.index(" ")
        if level < is_followed_up_to or index == 0:
            kept.append(block)
            is_followed_up_to = level
        # A dropped heading ends the section above it without filling it.
    return kept[::-1]
