"""Who and where a venue is by its site's words, for sites whose machine-readable statements do not say.

The least trusted source: a name is what the titles of most pages have in common, a town what every address written on
the site names. What machines are told is `identity`'s, and stands.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Final, NamedTuple
from urllib.parse import urlsplit

from venue_assets.extract.facts.address import written_addresses
from venue_assets.extract.facts.statements import in_site_order, site_statements
from venue_assets.extract.facts.town import town_in
from venue_assets.extract.identity import site_identity
from venue_assets.extract.summary.unfit import holds_address, holds_instruction
from venue_assets.extract.values import Stated

if TYPE_CHECKING:
    from collections.abc import Sequence

    from venue_assets.extract.reading import SitePage
    from venue_assets.extract.values import SiteIdentity

_SEPARATOR: Final = re.compile(r"\s*[|\u2022\u00b7\u00bb]\s*|\s+[\u2013\u2014-]+\s+|:\s+")
_GREETING: Final = re.compile(
    r"^(?:welcome to|home of|bienvenue (?:à|au|aux|chez)|willkommen (?:im|in|auf|bei))\s+", re.I
)
_GENERIC: Final = re.compile(
    r"(?:home(?: ?page)?|welcome|index|untitled|weddings?(?: venues?)?|venues?|accueil|startseite|mariages?|hochzeiten"
    r"|blog)",
    re.I,
)
_DESCRIBES: Final = re.compile(r"\b(?:weddings?|venues?|hire|for|in|near|best|luxury|mariages?|hochzeit\w*)\b", re.I)
_MAX_NAME: Final = 80
_MIN_IN_HOST: Final = 4


def venue_identity(pages: Sequence[SitePage]) -> SiteIdentity:
    """Who and where the venue of these pages is: `site_identity`, and from the site's words the name and town it lacks.

    The pages may come in any order.
    """
    pages = in_site_order(pages)
    identity = site_identity([page.structured for page in pages])
    town = identity.locality or town_in_addresses(pages)
    return replace(
        identity,
        name=identity.name or name_in_titles(pages),
        locality=town,
        written_address=address_naming(town.value, pages) if town and not identity.country else None,
    )


class _Segment(NamedTuple):
    text: str
    page_url: str
    place: int


def name_in_titles(pages: Sequence[SitePage]) -> Stated[str] | None:
    """The part that the titles of most pages have in common, as the first of them writes it.

    Where none has, a part is also found in a longer one that begins with it, "Jade Room" in "Jade Room Robina". Of
    several that stand on equally many pages, the one that the site's host name spells goes first, then one that does
    not describe, then the one that comes first. On a single page nothing is common, and only the host name can tell.

    Args:
        pages: the home page first.
    """
    titled = [(page.url, _segments(page.title)) for page in pages if page.title]
    candidates: dict[str, _Segment] = {}
    for url, segments in titled:
        for place, text in enumerate(segments):
            candidates.setdefault(text.casefold(), _Segment(text, url, place))
    support = Counter(key for _, segments in titled for key in {text.casefold() for text in segments})
    if max(support.values(), default=0) <= len(titled) / 2:
        support = Counter(
            key
            for _, segments in titled
            for key in candidates
            if any(_begins(text.casefold(), key) for text in segments)
        )

    def rank(candidate: tuple[str, _Segment]) -> tuple[int, bool, bool, int]:
        key, segment = candidate
        return -support[key], not _in_host(segment), _DESCRIBES.search(key) is not None, segment.place

    if not candidates:
        return None
    key, segment = min(candidates.items(), key=rank)
    is_common = support[key] >= 2 and support[key] > len(titled) / 2
    return Stated(segment.text, segment.page_url, "title") if is_common or _in_host(segment) else None


def town_in_addresses(pages: Sequence[SitePage]) -> Stated[str] | None:
    """The town that the addresses written on the pages name; None where they name several, or none for certain."""
    stated: dict[str, Stated[str]] = {}
    for address in written_addresses(site_statements(pages)):
        town = town_in(address.value)
        if town is not None:
            stated.setdefault(town.casefold(), Stated(town, address.page_url, "text"))
    return next(iter(stated.values())) if len(stated) == 1 else None


def address_naming(town: str, pages: Sequence[SitePage]) -> Stated[str] | None:
    """The first address written on the pages whose town is this one."""
    for address in written_addresses(site_statements(pages)):
        named = town_in(address.value)
        if named is not None and named.casefold() == town.casefold():
            return Stated(address.value, address.page_url, "text")
    return None


def _segments(title: str) -> list[str]:
    parts = (_GREETING.sub("", part).strip() for part in _SEPARATOR.split(title))
    return [part for part in parts if _may_be_a_name(part)]


def _may_be_a_name(part: str) -> bool:
    if not 2 <= len(part) <= _MAX_NAME or not any(character.isalpha() for character in part):
        return False
    if _GENERIC.fullmatch(part) or re.search(r"[<>{}]|&\w+;", part):
        return False
    return not holds_address(part) and not holds_instruction(part)


def _begins(segment: str, key: str) -> bool:
    return segment.startswith(key) and not segment[len(key) : len(key) + 1].isalnum()


def _in_host(segment: _Segment) -> bool:
    """Whether the site's host name spells the segment: "Hartley Barn" in www.hartley-barn.co.uk."""
    spelled = _letters(segment.text)
    return len(spelled) >= _MIN_IN_HOST and spelled in _letters(urlsplit(segment.page_url).hostname or "")


def _letters(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.replace("&", "and")).casefold()
    return "".join(character for character in plain if character.isalnum() and character.isascii())
