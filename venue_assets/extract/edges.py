"""The lines of a footer, sidebar or page header that state a fact. Which elements these are, `pruning` decides.

Many brochure sites state their address, telephone number or hours in the footer only, so footers cannot be dropped
whole. A line (the text of a leaf block) stays where it states a fact (`words.states_fact`), holds a telephone, mail
or map link, stands in an `address` or in an element whose class says contact, or follows a heading that says so.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from lxml import etree, html

from venue_assets.extract.markup_hints import tokens
from venue_assets.extract.trees import BLOCKS, HEADINGS
from venue_assets.extract.words import one_line, states_fact

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_CONTACT_WORDS: Final = frozenset(
    {"contact", "contacts", "address", "adresse", "adr", "phone", "tel", "telephone", "hours", "opening", "horaires",
     "vcard", "visit", "coordonnees", "offnungszeiten", "kontakt", "anfahrt", "acces"}
)  # fmt: skip
_CONTACT_HEADING: Final = re.compile(
    r"\b(?:contact|address|adresse|hours|opening times|horaires|find us|visit|where|location|coordonn[ée]es|kontakt"
    r"|[öo]ffnungszeiten|anfahrt|acc[èe]s|call us|nous (?:trouver|t[ée]l[ée]phoner))\b",
    re.IGNORECASE,
)
_FACT_LINK: Final = re.compile(r"^\s*(?:tel|mailto|geo):|//maps\.|goo\.gl/maps|google\.[a-z.]+/maps", re.IGNORECASE)
_NOISE: Final = re.compile(r"©|\(c\)|copyright|all rights reserved|tous droits|powered by|lorem ipsum", re.IGNORECASE)


@dataclass(slots=True)
class _Line:
    """The text of one leaf block."""

    parts: list[str]
    is_heading: bool = False
    is_marked: bool = False
    is_link_only: bool = True

    @property
    def text(self) -> str:
        return one_line(" ".join(self.parts)).replace(" ,", ",").strip(" ,")


def keep_facts(element: HtmlElement) -> None:
    """Replace what the element holds by the lines that state a fact, as paragraphs, in place."""
    kept = _fact_lines(element)
    tail = element.tail
    for child in list(element):
        element.remove(child)
    element.text = None
    for text in kept:
        paragraph = html.Element("p")
        paragraph.text = text
        element.append(paragraph)
    element.tail = tail


def _fact_lines(element: HtmlElement) -> list[str]:
    kept: list[str] = []
    heading = ""
    for line in _lines(element):
        text = line.text
        if line.is_heading:
            heading = text if _CONTACT_HEADING.search(text) else ""
            continue
        is_said = not line.is_link_only and (line.is_marked or heading)
        if text and not _NOISE.search(text) and (is_said or states_fact(text)):
            kept.append(f"{heading}: {text}" if heading and not _CONTACT_HEADING.search(text) else text)
    return list(dict.fromkeys(kept))


def _lines(element: HtmlElement) -> list[_Line]:
    lines = [_Line([])]
    # How many open elements say contact, and how many are links that lead elsewhere.
    marks = links = 0
    for event, node in etree.iterwalk(element, events=("start", "end")):
        is_mark = node is not element and _says_contact(node)
        is_fact_link = node.tag == "a" and _FACT_LINK.search(node.get("href") or "") is not None
        is_link = node.tag == "a" and not is_fact_link
        step = 1 if event == "start" else -1
        marks += step * is_mark
        links += step * is_link
        if node.tag in BLOCKS:
            lines.append(_Line([], event == "start" and node.tag in HEADINGS, marks > 0))
        elif node.tag == "br" and event == "start":
            lines[-1].parts.append(",")
        line = lines[-1]
        line.is_marked = line.is_marked or is_fact_link
        text = node.text if event == "start" else None if node is element else node.tail
        line.parts.append(text or "")
        line.is_link_only = line.is_link_only and (links > 0 or not (text or "").strip())
    return lines


def _says_contact(node: HtmlElement) -> bool:
    return node.tag == "address" or bool(tokens(node, "class", "id", "itemprop") & _CONTACT_WORDS)
