"""Cards of other venues ("Similar venues", "You may also like"): their numbers and pictures belong to somebody else."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from venue_assets.extract.markup_hints import tokens
from venue_assets.extract.words import one_line

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_HEADINGS: Final = ("h1", "h2", "h3", "h4", "h5", "h6")
_THINGS: Final = r"(?:venues?|locations?|properties|listings?|hotels?|barns?|castles?|lieux|domaines?)"
_HEADING: Final = re.compile(
    rf"(?:similar|related|nearby|comparable|alternative|recommended|featured|more|other|our (?:other|sister))"
    rf"(?: (?!about|from|at|to|of|on|in)\w+){{0,2}} {_THINGS}\b.*"
    rf"|{_THINGS} (?:like (?:this|these)|nearby|near (?:you|here)|you (?:may|might|will|ll) (?:also )?(?:like|love)).*"
    r"|(?:you|couples) (?:(?:may|might|will|could|ll) )?(?:also )?(?:like|love|enjoy|liked|viewed|loved)d?\b.*"
    r"|(?:customers|people|couples|guests|visitors) (?:who )?.{0,30}also (?:viewed|liked|booked|loved).*"
    r"|(?:related|recommended) (?:posts|articles|stories|reading)|similar|related|see also|recommended for you"
    rf"|vous (?:aimerez|pourriez) (?:peut etre )?(?:aussi|aimer).*|(?:d )?autres {_THINGS}.*|{_THINGS} similaires.*"
    r"|a decouvrir (?:aussi|egalement)|da?ie?s konnte (?:ihnen|sie) auch.*|ahnliche (?:locations|orte|angebote).*",
    re.IGNORECASE,
)
_CLASS_PAIRS: Final = (
    ("similar", "venue"), ("similar", "venues"), ("related", "venue"), ("related", "venues"), ("other", "venues"),
    ("nearby", "venues"), ("more", "venues"), ("recommended", "venues"), ("related", "posts"), ("related", "products"),
    ("related", "listings"), ("similar", "listings"), ("also", "like"), ("similar", "properties"),
)  # fmt: skip
_ACCENTS: Final = str.maketrans("àâäéèêëîïôöùûüç", "aaaeeeeiioouuuc")
_MAX_HEADING: Final = 80


def similar_blocks(root: HtmlElement) -> list[HtmlElement]:
    """The elements that show other venues, in page order.

    A block is an element whose class or id says so, or what a heading that says so heads: the element around the
    heading where the heading opens it, else the heading and its following siblings up to the next heading of its
    level.
    """
    found: list[HtmlElement] = []
    for element in root.iter("section", "div", "aside", "ul", "article"):
        words = tokens(element)
        if any(first in words and second in words for first, second in _CLASS_PAIRS) and not _is_page(element):
            found.append(element)
    for heading in root.iter(*_HEADINGS):
        if is_similar_heading("".join(heading.itertext())):
            found.extend(_headed_by(heading))
    return found


def is_similar_heading(text: str) -> bool:
    """Whether the words announce other venues."""
    words = re.sub(r"[^\w ]+", " ", one_line(text[: 2 * _MAX_HEADING]).lower().translate(_ACCENTS))
    words = " ".join(words.split())
    return 0 < len(words) <= _MAX_HEADING and _HEADING.fullmatch(words) is not None


def _headed_by(heading: HtmlElement) -> list[HtmlElement]:
    opened = heading
    parent = heading.getparent()
    # Climb while the heading is the first thing in its element and nothing else heads that element.
    while parent is not None and not _is_page(parent) and _opens(parent, opened) and not _has_peers(parent, heading):
        opened, parent = parent, parent.getparent()
    if opened is not heading and len(opened) > 1:
        return [opened]
    block = [opened]
    for sibling in opened.itersiblings():
        if _holds_heading_up_to(sibling, heading):
            break
        block.append(sibling)
    return block


def _opens(parent: HtmlElement, child: HtmlElement) -> bool:
    return len(parent) > 0 and parent[0] is child and not (parent.text or "").strip()


def _has_peers(parent: HtmlElement, heading: HtmlElement) -> bool:
    """Another heading of the same or a higher level inside: the element is more than the heading's own."""
    levels = _HEADINGS[: _HEADINGS.index(str(heading.tag)) + 1]
    return any(other is not heading for other in parent.iter(*levels))


def _holds_heading_up_to(element: HtmlElement, heading: HtmlElement) -> bool:
    levels = _HEADINGS[: _HEADINGS.index(str(heading.tag)) + 1]
    return next(element.iter(*levels), None) is not None


def _is_page(element: HtmlElement) -> bool:
    if element.tag in ("html", "body", "main") or element.get("role") == "main":
        return True
    return next(element.iter("main", "h1"), None) is not None
