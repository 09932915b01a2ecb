"""Which paragraphs of a site a model gets to read when not all of them fit: those that say most, wherever they stand.

Pure. How they are laid out for the model is `prompt`'s.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from venue_assets.extract.facts.vocabulary import AMENITY_PATTERNS, STYLE_PATTERNS
from venue_assets.extract.quotes import normalise, statement_lines
from venue_assets.extract.reading import SitePage
from venue_assets.extract.words import one_line, states_fact

BUDGET: Final = 24_000
"""Characters of pages a model is shown: about 6,000 tokens, which leaves room in a context of 8,192 to 16,384."""

_MAX_PARAGRAPH: Final = 1_500
_MAX_STATEMENTS: Final = 30
_STATEMENTS_THAT_MATTER: Final = re.compile(
    r"capacity|price|address|geo|amenity|latitude|longitude|^description|^title|Venue\.(?:name|description)"
    r"|Place\.(?:name|description)|Business\.(?:name|description)",
    re.IGNORECASE,
)
_TELLING_PAGE: Final = re.compile(
    r"wedding|venue|space|room|capacit|pric|package|rate|tarif|hire|faq|detail|about|celebrat|event|ceremon|hochzeit|mariage",
    re.IGNORECASE,
)
_OTHER_PAGE: Final = re.compile(
    r"blog|news|journal|press|career|job|privacy|cookie|terms|conditions|policy|legal|login|cart", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Excerpt:
    """What is shown of a page.

    Attributes:
        page: the page.
        paragraphs: in page order, machine-readable statements first.
        left_out: how many paragraphs did not fit.
    """

    page: SitePage
    paragraphs: tuple[str, ...]
    left_out: int


@dataclass(frozen=True, slots=True)
class _Paragraph:
    page: int
    place: int
    text: str
    weight: float


def excerpts(pages: Sequence[SitePage], budget: int = BUDGET) -> list[Excerpt]:
    """The site within `budget` characters, in its own order, one excerpt for each page.

    Paragraphs are taken by what they say per character: facts first, then words of style and amenities, then the rest
    of the pages about the venue itself. Those that an earlier page had already are shown once.
    """
    everything = list(_paragraphs(pages))
    taken: set[tuple[int, int]] = set()
    room = budget
    for paragraph in sorted(everything, key=lambda each: (-each.weight, each.page, each.place)):
        if len(paragraph.text) <= room:
            taken.add((paragraph.page, paragraph.place))
            room -= len(paragraph.text)
    found = []
    for number, page in enumerate(pages):
        own = [each for each in everything if each.page == number]
        shown = tuple(each.text for each in own if (number, each.place) in taken)
        found.append(Excerpt(page, shown, len(own) - len(shown)))
    return found


def _paragraphs(pages: Sequence[SitePage]) -> Iterator[_Paragraph]:
    seen: set[str] = set()
    for number, page in enumerate(pages):
        about = _page_weight(page, is_first=number == 0)
        stated = [line for line in statement_lines(page.structured) if _STATEMENTS_THAT_MATTER.search(line)]
        written = [piece for block in re.split(r"\n\s*\n", page.markdown) for piece in _pieces(block)]
        texts = [one_line(line)[:_MAX_PARAGRAPH] for line in stated[:_MAX_STATEMENTS]] + written
        for place, text in enumerate(texts):
            words = normalise(text)
            if words and words not in seen:
                seen.add(words)
                yield _Paragraph(number, place, text, about * _weight(text, words))


def _pieces(block: str) -> Iterator[str]:
    """A block of markdown in pieces short enough to choose among, cut between lines or else between words."""
    rest = block.strip()
    while len(rest) > _MAX_PARAGRAPH:
        cut = max(rest.rfind("\n", 0, _MAX_PARAGRAPH), rest.rfind(". ", 0, _MAX_PARAGRAPH) + 1)
        cut = cut if cut > 0 else max(rest.rfind(" ", 0, _MAX_PARAGRAPH), 0) or _MAX_PARAGRAPH
        yield rest[:cut].strip()
        rest = rest[cut:].strip()
    if rest:
        yield rest


def _page_weight(page: SitePage, *, is_first: bool) -> float:
    named = f"{urlsplit(page.url).path} {page.title}"
    if _OTHER_PAGE.search(named):
        return 0.3
    return 1.5 if is_first or _TELLING_PAGE.search(named) else 1.0


def _weight(text: str, words: str) -> float:
    telling = sum(1 for pattern in (*STYLE_PATTERNS.values(), *AMENITY_PATTERNS.values()) if pattern.search(words))
    # Per character, but a heading is not worth more than the paragraph it heads.
    density = telling / max(len(words), 200)
    fact = any(states_fact(line) for line in text.splitlines()) or _STATEMENTS_THAT_MATTER.match(text) is not None
    return (2.0 if fact else 0.0) + 100 * density + 0.1
