"""Amenities and styles of the vocabulary that a site states, minding denials, and the free ones of its lists."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from venue_assets.extract.facts.statements import folded
from venue_assets.extract.facts.vocabulary import AMENITY_PATTERNS, STYLE_PATTERNS
from venue_assets.extract.reading import Quoted

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from venue_assets.extract.facts.statements import Statement
    from venue_assets.extract.reading import SitePage

_DENIAL_BEFORE: Final = re.compile(
    r"(?:\b(?:no|not|never|without|cannot|unable|neither|nor|kein\w{0,2}|ohne|nicht|pas|sans|aucune?)|n't)\b"
    r"[^.;:!?,|]{0,25}$"
)
_NO_DENIAL: Final = re.compile(
    r"\b(?:not only|not just|no (?:extra|additional|hidden|need|limit|fee|charge)|why not)\b"
)
_COMPARED: Final = re.compile(r"\b(?:than|like|unlike|as|calls? for) (?:an? |any |the |some )?(?:\w+ ){0,2}$")
_DENIAL_AFTER: Final = re.compile(
    r"[^.;:!?,|]{0,15}(?:\b(?:not|cannot|never|nicht|pas)|n't)\b[^.;:!?,|]{0,20}\b(?:allowed|permitted|available|included"
    r"|provided|possible|accepted|offer|admis|autorises?|erlaubt|moglich)\b"
    r"|[^.;:!?,|]{0,12}\b(?:prohibited|forbidden|unavailable|interdite?s?|verboten)\b"
)
_INCLUDED: Final = re.compile(
    r"\b(?:amenities|facilities|what(?:'s| is) included|included|features|services|equipements|ausstattung)\b"
)
_MAX_FREE: Final = 20
_MAX_FREE_WORDS: Final = 6
_LEAST_MENTIONS: Final = 2
_LEAST_SHARE: Final = 0.1


class Mentions(NamedTuple):
    """The statements that affirm a word and those that deny it."""

    affirmed: list[Quoted[str]]
    denied: list[Quoted[str]]


def amenity_mentions(statements: Iterable[Statement]) -> dict[str, Mentions]:
    """For every amenity of the vocabulary that the statements speak of, who says so and who denies it."""
    return mentions(statements, AMENITY_PATTERNS)


def mentions(statements: Iterable[Statement], patterns: Mapping[str, re.Pattern[str]]) -> dict[str, Mentions]:
    """For every word whose pattern the statements hold, who says so and who denies it.

    Statements about places elsewhere say neither, and comparisons ("quieter than a bar") hold the word only.
    """
    found: dict[str, Mentions] = {}
    for statement in statements:
        if statement.is_elsewhere:
            continue
        for word, pattern in patterns.items():
            match = pattern.search(statement.words)
            if match is None:
                continue
            about = found.setdefault(word, Mentions([], []))
            if _COMPARED.search(statement.words[max(0, match.start() - 40) : match.start()]):
                continue
            quoted = Quoted(value=word, quote=statement.quote, page_url=statement.page_url)
            (about.denied if is_denied(statement.words, *match.span()) else about.affirmed).append(quoted)
    return found


def styles_of(pages: Sequence[SitePage], statements: Sequence[Statement]) -> tuple[Quoted[str], ...]:
    """Styles that the title of the first page names or that statements speak of repeatedly, in the vocabulary's order.

    One mention may be a figure of speech ("a palace of a table"); a venue's own style comes up again: in two
    statements, and in a tenth as many as the style that comes up most.
    """
    spoken_of = mentions(statements, STYLE_PATTERNS)
    most = max((len(found.affirmed) for found in spoken_of.values()), default=0)
    enough = max(_LEAST_MENTIONS, _LEAST_SHARE * most)
    title = pages[0].title if pages else ""
    found = []
    for word, pattern in STYLE_PATTERNS.items():
        affirmed = spoken_of[word].affirmed if word in spoken_of else []
        if title and pattern.search(folded(title)):
            found.append(Quoted(value=word, quote=title, page_url=pages[0].url))
        elif len({quoted.quote for quoted in affirmed}) >= enough:
            found.append(affirmed[0])
    return tuple(found)


def free_amenities(statements: Iterable[Statement]) -> tuple[Quoted[str], ...]:
    """Short items of lists headed "amenities", "what is included" and such that the vocabulary has no word for."""
    found: dict[str, Quoted[str]] = {}
    for statement in statements:
        is_listed = statement.siblings and _INCLUDED.search(statement.heading)
        if not is_listed or len(statement.words.split()) > _MAX_FREE_WORDS or len(found) >= _MAX_FREE:
            continue
        if not _words_in(statement.words, AMENITY_PATTERNS) and re.search(r"^\D*[a-z]{3}\D*$", statement.words):
            quoted = Quoted(value=statement.quote, quote=statement.quote, page_url=statement.page_url)
            found.setdefault(statement.words, quoted)
    return tuple(found.values())


def words_for(text: str) -> list[str]:
    """The amenities of the vocabulary that a name, such as "Free WiFi", stands for."""
    return _words_in(folded(text), AMENITY_PATTERNS)


def is_denied(words: str, start: int, end: int) -> bool:
    """Whether the folded words around `words[start:end]` say that there is none of it."""
    before, after = words[max(0, start - 40) : start], words[end : end + 60]
    if _DENIAL_AFTER.match(after):
        return True
    return _DENIAL_BEFORE.search(before) is not None and _NO_DENIAL.search(before) is None


def _words_in(words: str, patterns: Mapping[str, re.Pattern[str]]) -> list[str]:
    return [word for word, pattern in patterns.items() if pattern.search(words)]
