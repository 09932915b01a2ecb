"""From a pruned page to the few block elements that markdown knows: flat, bounded, one idea a line. No markdown here.

Inline markup is taken off, so that a quote from the page stands in the markdown letter by letter.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from lxml import html

from venue_assets.extract.trees import BLOCKS, HEADINGS, remove_all, unwrap_all, with_depth
from venue_assets.extract.words import one_line

if TYPE_CHECKING:
    from lxml.html import HtmlElement

MAX_ELEMENTS: Final = 4000
"""Block elements past this many are left out; the longest of the real sites has about 400."""

MAX_TEXT: Final = 200_000
"""Characters; what comes after is left out."""

_MAX_DEPTH: Final = 30
_KEPT: Final = frozenset({*HEADINGS, "p", "ul", "ol", "li", "table", "tr", "td", "th", "blockquote", "br", "div"})
_BLANKS: Final = re.compile(r"\s+")
_PLACEHOLDER: Final = re.compile(r"\blorem ipsum\b", re.IGNORECASE)
_SENTENCE_END: Final = re.compile(r"[.!?…\u201d\"]$")
_LIST_PARENTS: Final = frozenset({"ul", "ol"})


def simplify(root: HtmlElement) -> bool:
    """Reduce the tree in place to headings, paragraphs, lists, tables, quotes and divs; whether any was left out."""
    _fold_blanks(root)
    _space_inline_neighbours(root)
    unwrap_all(root, [element for element in root.iter() if element.tag not in BLOCKS and element.tag != "br"])
    for definitions in list(root.iter("dl")):
        _definitions_to_list(definitions)
    for table in list(root.iter("table")):
        _untangle_table(table)
    for element in root.iter():
        if element.tag not in _KEPT:
            element.tag = "div"
        element.attrib.clear()
    remove_all(root, [leaf for leaf in root.iter() if len(leaf) == 0 and _PLACEHOLDER.search(leaf.text or "")])
    for item in list(root.iter("li")):
        parent = item.getparent()
        if parent is not None and parent.tag not in _LIST_PARENTS:
            item.tag = "div"
    unwrap_deep = [element for element, depth in with_depth(root) if depth > _MAX_DEPTH]
    for element in unwrap_deep:
        element.tail = f" {element.tail or ''}"
    unwrap_all(root, unwrap_deep)
    return _cut_after_limits(root)


def _cut_after_limits(root: HtmlElement) -> bool:
    size, extra = 0, []
    for count, element in enumerate(root.iter()):
        text = element.text or ""
        if count >= MAX_ELEMENTS or size > MAX_TEXT:
            extra.append(element)
        elif len(text) > MAX_TEXT - size:
            element.text = text[: MAX_TEXT - size]
        size += len(text) + len(element.tail or "")
    remove_all(root, extra)
    return bool(extra) or size > MAX_TEXT


def _fold_blanks(root: HtmlElement) -> None:
    """Line breaks of the source are blanks; those of the page are elements."""
    for element in root.iter():
        if element.text:
            element.text = _BLANKS.sub(" ", element.text)
        if element.tail:
            element.tail = _BLANKS.sub(" ", element.tail)


def _space_inline_neighbours(root: HtmlElement) -> None:
    """A space between inline elements that touch: `<b>20</b><span>guests</span>` is laid out as two words.

    Not between single letters, as in words that are animated letter by letter. Text that ends a sentence is set
    apart from the element it touches, too.
    """
    for element in root.iter():
        if element.tag in BLOCKS:
            continue
        previous, parent = element.getprevious(), element.getparent()
        if previous is None:
            before = "" if parent is None else parent.text or ""
            if _SENTENCE_END.search(before) and parent is not None:
                parent.text = f"{before} "
        elif not previous.tail:
            if previous.tag not in BLOCKS and max(_length(previous), _length(element)) > 1:
                previous.tail = " "
        elif _SENTENCE_END.search(previous.tail):
            previous.tail = f"{previous.tail} "


def _length(element: HtmlElement) -> int:
    """Characters of text, counted no further than two."""
    length = 0
    for text in element.itertext():
        length += len(text.strip())
        if length > 1:
            break
    return length


def _definitions_to_list(definitions: HtmlElement) -> None:
    """`dl` to a list of "term: definition"; its wrapping `div`s are looked through."""
    items: list[str] = []
    terms: list[str] = []
    for element in definitions.iter("dt", "dd"):
        text = one_line(" ".join(element.itertext()))
        if element.tag == "dt":
            terms.append(text)
        elif text:
            items.append(f"{' / '.join(filter(None, terms)).rstrip(':')}: {text}" if any(terms) else text)
            terms = []
    items.extend(filter(None, terms))
    _become_list(definitions, items)


def _untangle_table(table: HtmlElement) -> None:
    """A table that lays out the page becomes blocks, a table of labels and values a list, a true table stays."""
    if next(table.iterdescendants("table", "p", "ul", "ol", "div", *HEADINGS), None) is not None and not _is_grid(
        table
    ):
        for part in [table, *table.iter("tbody", "thead", "tfoot", "tr", "td", "th", "caption")]:
            part.tag = "div"
        return
    rows = [[one_line(" ".join(cell.itertext())) for cell in row.iter("td", "th")] for row in table.iter("tr")]
    rows = [row for row in rows if any(row)]
    if rows and all(len(row) <= 2 for row in rows) and not _has_header_row(table):
        _become_list(table, [": ".join(filter(None, [row[0].rstrip(":"), *row[1:]])) for row in rows])
        return
    for part in list(table.iter("td", "th")):
        text = one_line(" ".join(part.itertext()))
        for child in list(part):
            part.remove(child)
        part.text = text.replace("|", "/")
    unwrap_all(table, list(table.iter("tbody", "thead", "tfoot", "caption", "colgroup", "col")))


def _is_grid(table: HtmlElement) -> bool:
    """Rows of equal length, at least two by two, without a table inside: data, even where cells hold blocks."""
    if next(table.iterdescendants("table", *HEADINGS), None) is not None:
        return False
    lengths = [len(list(row.iterchildren("td", "th"))) for row in table.iter("tr")]
    return len(lengths) > 1 and len(set(lengths)) == 1 and lengths[0] > 1


def _has_header_row(table: HtmlElement) -> bool:
    first = next(table.iter("tr"), None)
    cells = [] if first is None else [cell.tag for cell in first.iterchildren("td", "th")]
    return len(cells) > 1 and set(cells) == {"th"}


def _become_list(element: HtmlElement, items: list[str]) -> None:
    tail = element.tail
    for child in list(element):
        element.remove(child)
    element.tag, element.text, element.tail = "ul", None, tail
    for text in items:
        item = html.Element("li")
        item.text = text
        element.append(item)
