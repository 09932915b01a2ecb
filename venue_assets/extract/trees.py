"""Linear-time work on lxml trees: removing and unwrapping many elements at once, texts, depth. No meaning of tags."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from lxml import etree

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lxml.html import HtmlElement

BLOCKS: Final = frozenset(
    {"address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details", "dialog", "div", "dl",
     "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hgroup",
     "hr", "legend", "li", "main", "menu", "nav", "ol", "p", "pre", "section", "summary", "table", "tbody", "td",
     "tfoot", "th", "thead", "tr", "ul"}
)  # fmt: skip
"""Elements that start a new line."""

HEADINGS: Final = ("h1", "h2", "h3", "h4", "h5", "h6")

_MARK: Final = "x-marked"


def remove_all(root: HtmlElement, elements: Iterable[HtmlElement]) -> None:
    """Take the elements and what they hold out of the tree; the text after each stays, a space apart.

    All at once, because removing one by one copies the text between them again and again.
    """
    is_any = False
    for element in elements:
        if element is not root:
            element.tag = _MARK
            element.tail = f" {element.tail}" if element.tail else " "
            is_any = True
    if is_any:
        etree.strip_elements(root, _MARK, with_tail=False)


def cut_all(root: HtmlElement, elements: Iterable[HtmlElement]) -> None:
    """Take the elements, what they hold and the text after each out of the tree."""
    for element in elements:
        element.tag = _MARK
    etree.strip_elements(root, _MARK)


def unwrap_all(root: HtmlElement, elements: Iterable[HtmlElement]) -> None:
    """Take the elements out of the tree, but leave what they hold in their place."""
    for element in elements:
        if element is not root:
            element.tag = _MARK
    etree.strip_tags(root, _MARK)


def with_depth(root: HtmlElement) -> Iterator[tuple[HtmlElement, int]]:
    """The elements in document order with their depth; the root's is 0."""
    depth = -1
    for event, element in etree.iterwalk(root, events=("start", "end")):
        if event == "start":
            depth += 1
            yield element, depth
        else:
            depth -= 1


def text_length(element: HtmlElement) -> int:
    """The number of characters of its text, blanks included."""
    return sum(len(text) for text in element.itertext())
