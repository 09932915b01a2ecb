"""Ranking the sentences of a site for each voice: a few counts with fixed weights, so that a choice explains itself.

Which sentences are candidates at all, and how alike two of them are, is decided here too; how many are taken is not.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal
from urllib.parse import urlsplit

from venue_assets.extract.facts.statements import site_statements
from venue_assets.extract.facts.vocabulary import STYLE_PATTERNS
from venue_assets.extract.summary import lexicon
from venue_assets.extract.summary.bounds import MAX_SENTENCE, MIN_SENTENCE
from venue_assets.extract.summary.unfit import holds_address, holds_instruction

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from venue_assets.extract.facts.statements import Statement
    from venue_assets.extract.reading import SitePage

STYLE_WEIGHT: Final = 2.0
LOOK_WEIGHT: Final = 1.0
FEELING_WEIGHT: Final = 1.5
COUPLE_WEIGHT: Final = 1.0
PAGE_WEIGHT: Final[dict[str, float]] = {"home": 1.0, "about": 0.6, "weddings": 0.6, "spaces": 0.4, "other": 0.0}
POSITION_WEIGHT: Final = 0.5
"""Of the first sentence of a page; the n-th gets a 1/n of it."""

MAX_COUNTED: Final = 4
"""More words of a kind than this do not make a sentence better."""

LEAST_SCORE: Final = 2.0
"""What a sentence needs to speak for the venue."""

SAME: Final = 0.5
"""Share of words in common from which two sentences say the same."""

_MIN_WORDS: Final = 5
_KINDS: Final = (
    ("weddings", re.compile(r"wedding|mariage|hochzeit|your-day|celebrat|reception")),
    ("about", re.compile(r"about|story|history|histoire|ueber|uber-uns|heritage")),
    ("spaces", re.compile(r"spaces?|rooms?|the-barn|hall|garden|terrace|venue|lieu|gallery")),
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A whole sentence of the site.

    Attributes:
        text: as it will be shown.
        statement: where it stands.
        words: its words of three letters and more, for likeness.
        order: its place in the site.
        looks: how well it tells what the place looks like; 0 where it does not.
        feeling: how well it tells what the place feels like; 0 where it does not.
        is_own_subject: it leans on no sentence before it and is about celebrations and their place.
    """

    text: str
    statement: Statement
    words: frozenset[str]
    order: int
    looks: float
    feeling: float
    is_own_subject: bool

    def score(self, voice: Literal["looks", "feeling"]) -> float:
        """How well it speaks in the voice; 0 where it does not at all."""
        return self.looks if voice == "looks" else self.feeling


def candidates(pages: Sequence[SitePage]) -> list[Candidate]:
    """The sentences that could stand in a summary, in the order of the pages."""
    found: list[Candidate] = []
    position: dict[str, int] = {}
    for order, statement in enumerate(site_statements(pages)):
        position[statement.page_url] = position.get(statement.page_url, 0) + 1
        text = plain(statement.quote)
        if statement.is_visitors or statement.is_elsewhere or not is_sentence(text, statement.words):
            continue
        prior = PAGE_WEIGHT[_kind(statement.page_url)] + POSITION_WEIGHT / position[statement.page_url]
        words = frozenset(re.findall(r"\w{3,}", statement.words))
        is_own = lexicon.ASIDE.search(statement.words) is None
        looks = feeling = 0.0
        if is_own and not statement.heading.endswith("?"):
            looks, feeling = _looks(statement.words), _feeling(statement.words)
        looks, feeling = looks and looks + prior, feeling and feeling + prior
        found.append(Candidate(text, statement, words, order, looks, feeling, is_own))
    return found


def plain(quote: str) -> str:
    """The words of a quote without emphasis, on one line."""
    return " ".join(re.sub(r"\*\*?|(?<!\w)_+|_+(?!\w)|~~", "", quote).split())


def is_sentence(text: str, words: str) -> bool:
    """Whether the text is a whole sentence about the place: no fragment, label, call to action, markup or address."""
    if not MIN_SENTENCE <= len(text) <= MAX_SENTENCE or len(text.split()) < _MIN_WORDS or text[-1] not in ".!…":
        return False
    if not (text[0].isupper() or text[0].isdigit()) or not is_fit(text):
        return False
    return lexicon.BOILERPLATE.search(words) is None and sum(map(str.isupper, text)) < len(text) / 3


def is_fit(text: str) -> bool:
    """Whether the text may be shown: it holds no markup, no address of the web, and no instruction to a reader."""
    return lexicon.UNFIT.search(text) is None and not holds_address(text) and not holds_instruction(text)


def best(ranked: Iterable[Candidate], most: int, voice: Literal["looks", "feeling"]) -> list[Candidate]:
    """The best candidates of a voice, no two alike, in the order of the site."""
    chosen: list[Candidate] = []
    for candidate in sorted(ranked, key=lambda one: (-one.score(voice), one.order)):
        if len(chosen) == most or candidate.score(voice) < LEAST_SCORE:
            break
        if not any(are_alike(candidate, other) for other in chosen):
            chosen.append(candidate)
    return sorted(chosen, key=lambda one: one.order)


def are_alike(one: Candidate, other: Candidate) -> bool:
    """Whether two sentences share most of the shorter one's words."""
    shorter = min(len(one.words), len(other.words))
    return shorter == 0 or len(one.words & other.words) / shorter > SAME


def _looks(words: str) -> float:
    """Style and look words; numbers and denials are no picture of a place."""
    if re.search(r"\d", words):
        return 0
    styles = sum(pattern.search(words) is not None for pattern in STYLE_PATTERNS.values())
    looks = len(set(lexicon.LOOKS.findall(words)))
    score = STYLE_WEIGHT * min(styles, MAX_COUNTED) + LOOK_WEIGHT * min(looks, MAX_COUNTED)
    return score / 2 if lexicon.DENIAL.search(words) else score


def _feeling(words: str) -> float:
    if re.search(r"\d", words):
        return 0
    feelings = len(set(lexicon.FEELING.findall(words)))
    couple = len(set(lexicon.COUPLE.findall(words)))
    return FEELING_WEIGHT * min(feelings, MAX_COUNTED) + COUPLE_WEIGHT * min(couple, MAX_COUNTED) if feelings else 0


def _kind(page_url: str) -> str:
    path = urlsplit(page_url).path.strip("/").lower().removesuffix("index.html")
    if not path:
        return "home"
    return next((kind for kind, pattern in _KINDS if pattern.search(path)), "other")
