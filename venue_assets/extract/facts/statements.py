"""A page's markdown cut into statements: sentences, list items and table cells, each with its label and heading.

Which pages and passages speak of the venue itself is decided here (not: legal pages, journals, the surroundings,
what guests wrote). What a statement says is read by the modules of the single facts.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote, urlsplit

from venue_assets.extract.quotes import normalise
from venue_assets.extract.values import StructuredItem

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from venue_assets.extract.reading import SitePage

MAX_STATEMENT: Final = 500
"""Characters; longer sentences are cut at a blank, so that every pattern runs on short text."""

_SILENT_PAGE: Final = re.compile(
    r"\b(?:privacy|cookies?|terms|legal|impressum|datenschutz|agb|mentions legales|confidentialite|admin|login|cart)\b"
)
_OTHER_SUBJECT: Final = re.compile(
    r"\b(?:journal|blog|news|press|real weddings?|stories|testimonials?|reviews?|the area|local area|nearby"
    r"|surroundings|things to do|explore|careers?|jobs|actualites|aktuelles)\b|\b20\d\d/\d\d\b"
)
_VISITORS: Final = re.compile(
    r"\b(?:testimonials?|reviews?|kind words|love letters|real (?:weddings|celebrations|couples)|nos clients parlent"
    r"|(?:what )?(?:our )?(?:guests|couples|clients) (?:say|said|think)|love stor(?:y|ies)|temoignages|kundenstimmen)\b"
)
_FIRST_PERSON: Final = re.compile(r"\b(?:i|i'm|i've|i'd|my|nous avons passe)\b")
_AWAY: Final = re.compile(
    r"\b(?:nearby|nearest|closest|minutes? (?:away|from|walk|drive)|mins? (?:walk|drive)|\d+ min\b|miles (?:away|from)"
    r"|km (?:away|from)|a short (?:walk|drive)|walking distance|day trips?|next door|not far"
    r"|(?:down|up|across) the (?:road|street|lane)|(?:a)?round the corner|in the next (?:village|town)"
    r"|from the (?:airport|station|beach)|sister (?:venue|property|hotel|site)s?|our other venues?)\b"
)
_AROUND: Final = re.compile(
    r"\b(?:nearby|neighbou?rhood|on the doorstep|minutes away|easy drive|getting here|the area|things to do|days out"
    r"|walks?|attractions|aux alentours|umgebung|ausflugsziele)\b"
)
_HEADING: Final = re.compile(r"\s*(#{1,6})\s+(.*)")
_BULLET: Final = re.compile(r"^(?:[ \t]*(?:[-*+>\u00b7]|\d{1,3}\.)[ \t]+)+|^\s+")
_SENTENCE_END: Final = re.compile(r"(?<=[.!?\u2026])[\"'\u201d\u2019)]?\s+(?=[^a-z\s])")
_ABBREVIATION: Final = re.compile(
    r"\b(?:max|min|approx|ca|inc|incl|ex|excl|st|mr|mrs|ms|dr|no|nr|p\.p|e\.g|i\.e|vs|bzw|ggf)\.$", re.IGNORECASE
)
_LABELLED: Final = re.compile(r"([^:.!?]{2,40}):\s+(\S.*)")
_RULE_ROW: Final = re.compile(r"[\s|:-]+")


@dataclass(frozen=True, slots=True)
class Statement:
    """One thing a page says.

    Attributes:
        quote: verbatim.
        words: the quote as patterns are matched on it: normalised and without accents.
        label: what the value is called, folded like `words`, or "": "capacity" in "Capacity: 120", a table's headings.
        value: what follows the label; equal to `words` without one.
        headings: the headings above, folded, from the page's first down to the nearest.
        page_url: where it stands.
        siblings: the folded words of the list it stands in, or "".
        is_visitors: visitors may have said it: it stands under reviews and the like, or is a quotation.
        is_part: it is a cell of a table with several columns, so about what the row is about.
    """

    quote: str
    words: str
    label: str
    value: str
    headings: tuple[str, ...]
    page_url: str
    siblings: str = ""
    is_visitors: bool = False
    is_part: bool = False

    @property
    def heading(self) -> str:
        """The nearest heading above, folded, or ""."""
        return self.headings[-1] if self.headings else ""

    @property
    def is_elsewhere(self) -> bool:
        """It tells of places that are somewhere else."""
        return _AWAY.search(self.words) is not None or any(_AROUND.search(words) for words in self.headings)


def folded(text: str) -> str:
    """Normalised words without accents: what the patterns of this package are matched on."""
    decomposed = unicodedata.normalize("NFD", normalise(text))
    return "".join(mark for mark in decomposed if not unicodedata.combining(mark))


def in_site_order(pages: Iterable[SitePage]) -> list[SitePage]:
    """The pages by how near the site's root they are, then by address."""
    return sorted(pages, key=_place)


def _place(page: SitePage) -> tuple[int, str]:
    path = re.sub(r"(?:^|(?<=/))(?:index|home|default)(?:\.\w+)?$", "", urlsplit(page.url).path.strip("/")).strip("/")
    return (path.count("/") + 1 if path else 0), page.url


def site_statements(pages: Sequence[SitePage]) -> list[Statement]:
    """What the site says about its venue, page by page; with what visitors may have said, which is marked."""
    return [statement for page in pages if speaks_of_venue(page) for statement in page_statements(page)]


def speaks_of_venue(page: SitePage) -> bool:
    """Whether the page is about the venue: not legal text, a journal, or what there is to see around."""
    path = folded(unquote(urlsplit(page.url).path).replace("-", " ").replace("_", " "))
    named = f"{path} {folded(page.title.partition('|')[0])}"
    return _SILENT_PAGE.search(named) is None and _OTHER_SUBJECT.search(named) is None


def page_statements(page: SitePage) -> Iterator[Statement]:
    """The statements of a page in its order, without its questions, which state nothing."""
    headings: list[tuple[int, str]] = []
    header: list[str] | None = None
    for block in re.split(r"\n[ \t]*\n", page.markdown):
        siblings = folded(block[:2000]) if block.lstrip().startswith(("- ", "* ")) else ""
        for line in block.split("\n"):
            found = _HEADING.match(_BULLET.sub("", line))
            if found:
                level = len(found[1])
                headings = [entry for entry in headings if entry[0] < level] + [(level, folded(found[2]))]
                continue
            above = tuple(words for _, words in headings)
            is_visitors = line.lstrip().startswith(">") or any(_VISITORS.search(words) for words in above[-2:])
            if line.strip().startswith("|"):
                cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
                if not _RULE_ROW.fullmatch(line):
                    yield from _row_statements(line, cells, header, above, page.url)
                    header = header or cells
                continue
            header = None
            for statement in _line_statements(line, above, page.url, siblings):
                yield replace(statement, is_visitors=True) if is_visitors else statement
    yield from _answers(page)


def _line_statements(line: str, above: tuple[str, ...], page_url: str, siblings: str) -> Iterator[Statement]:
    for sentence in sentences(_BULLET.sub("", line)):
        words = folded(sentence)
        if not words or words.endswith("?"):
            continue
        labelled = _LABELLED.fullmatch(words)
        label, value = (labelled[1], labelled[2]) if labelled else ("", words)
        is_quoted = words.startswith("'") or _FIRST_PERSON.search(words) is not None
        yield Statement(sentence, words, label, value, above, page_url, siblings, is_visitors=is_quoted)


def _row_statements(
    line: str, cells: list[str], header: list[str] | None, above: tuple[str, ...], page_url: str
) -> Iterator[Statement]:
    """Each cell after the first is a statement whose label is the row's name and, in wider tables, its column's."""
    quote = line.strip()[:MAX_STATEMENT]
    words = folded(quote)
    is_part = len(cells) > 2
    for number, cell in enumerate(cells[1:20], start=1):
        column = header[number] if is_part and header is not None and number < len(header) else ""
        value = folded(cell[:MAX_STATEMENT])
        if value:
            label = folded(f"{cells[0][:60]} {column[:60]}")
            yield Statement(quote, words, label, value, above, page_url, is_part=is_part)


def _answers(page: SitePage) -> Iterator[Statement]:
    """The answers of a FAQPage: sentences like any others, under their question."""
    for item in page.structured.items:
        if "FAQPage" not in item.types:
            continue
        questions = [value for value in item.properties.get("mainEntity", ()) if isinstance(value, StructuredItem)]
        for question in questions[:100]:
            name = next((value for value in question.properties.get("name", ()) if isinstance(value, str)), "")
            answers = [
                value for value in question.properties.get("acceptedAnswer", ()) if isinstance(value, StructuredItem)
            ]
            for answer in answers:
                for text in answer.properties.get("text", ()):
                    if isinstance(text, str):
                        yield from _line_statements(text, (folded(name),), page.url, "")


def sentences(text: str) -> Iterator[str]:
    """The sentences of a line, verbatim and in order; pieces of at most `MAX_STATEMENT` characters."""
    start = 0
    for end in _SENTENCE_END.finditer(text):
        if _ABBREVIATION.search(text[max(start, end.start() - 8) : end.start()]):
            continue
        yield from _pieces(text[start : end.end()])
        start = end.end()
    yield from _pieces(text[start:])


def _pieces(sentence: str) -> Iterator[str]:
    rest = sentence.strip()
    while len(rest) > MAX_STATEMENT:
        cut = rest.rfind(" ", 1, MAX_STATEMENT)
        cut = cut if cut > 0 else MAX_STATEMENT
        yield rest[:cut].strip()
        rest = rest[cut:].strip()
    if rest:
        yield rest
