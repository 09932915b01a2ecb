"""What of a page is no content of its own: navigation, forms, banners, hidden elements, other venues' cards."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING, Final

from venue_assets.extract.edges import keep_facts
from venue_assets.extract.markup_hints import has_role, is_hidden, tokens
from venue_assets.extract.similar import similar_blocks
from venue_assets.extract.trees import HEADINGS, remove_all, text_length
from venue_assets.extract.words import one_line

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_NEVER_CONTENT: Final = (
    "script",
    "style",
    "noscript",
    "template",
    "iframe",
    "frame",
    "frameset",
    "object",
    "embed",
    "svg",
    "math",
    "canvas",
    "audio",
    "video",
    "map",
    "input",
    "select",
    "textarea",
    "button",
    "datalist",
    "progress",
    "meter",
    "link",
    "meta",
    "base",
    "title",
    "nav",
    "head",
)
_ROOTS: Final = frozenset({"html", "head", "body", "main"})
_BANNER_WORDS: Final = frozenset({"cookie", "cookies", "gdpr", "onetrust", "cookiebot", "cookieconsent", "cky"})
_CHROME: Final = re.compile(
    r"breadcrumbs?|pagination|pager|nav(?:bar|igation|-menu|-links)?|main-(?:nav|menu|navigation)|newsletter(?:-\w+)?"
    r"|socials?|social-(?:links|icons|media)|share(?:-buttons)?",
    re.IGNORECASE,
)
_SIDEBAR_WORDS: Final = frozenset({"sidebar", "widget", "widgets", "secondary"})
_HEADER_WORDS: Final = frozenset({"site", "page", "main", "top", "masthead"})
_MAX_EDGES: Final = 200
_PAGE_SHARE: Final = 0.5


def prune(root: HtmlElement) -> None:
    """Take out of the tree, in place, what is not the page's own content; headers and footers keep their facts."""
    remove_all(root, similar_blocks(root))
    remove_all(root, _control_labels(root))
    _open_accordions(root)
    remove_all(root, list(root.iter(*_NEVER_CONTENT)))
    opened = _ids_that_controls_open(root)
    remove_all(root, [element for element in root.iter() if _is_outside_content(element, opened)])
    _spell_out_contact_links(root)
    forms = islice(root.iter("form"), _MAX_EDGES)
    remove_all(root, [form for form in list(forms) if not _wraps_page(form, root)])
    edges = [element for element in root.iter("header", "footer", "aside", "div", "section") if _is_edge(element)]
    for element in edges[:_MAX_EDGES]:
        # What stood in an edge that was reduced before is gone.
        if _is_in(element, root) and not _wraps_page(element, root):
            keep_facts(element)


def _is_outside_content(element: HtmlElement, opened: set[str]) -> bool:
    # Pages are hidden as a whole until a script has shown them, so that never counts.
    if element.tag in _ROOTS or not isinstance(element.tag, str):
        return False
    if is_hidden(element) and element.get("id") not in opened and not has_role(element, "tabpanel"):
        return True
    if has_role(element, "navigation", "search", "dialog", "alertdialog", "menu", "menubar"):
        return True
    if element.tag == "dialog" and element.get("open") is None:
        return True
    names = [*(element.get("class") or "")[:500].split(), element.get("id") or ""]
    if any(_CHROME.fullmatch(name) for name in names):
        return not _has_heading(element)
    return bool(tokens(element) & _BANNER_WORDS) and not _has_heading(element) and element.tag != "article"


def _control_labels(root: HtmlElement) -> list[HtmlElement]:
    """The labels of input fields, but not of the check boxes that styles make into tabs and accordions."""
    fields = {field.get("id") for field in root.iter("input", "select", "textarea")
              if (field.get("type") or "").lower() not in ("checkbox", "radio")} - {None}  # fmt: skip
    return [
        label
        for label in root.iter("label")
        if label.get("for") in fields or next(label.iter("input", "select", "textarea"), None) is not None
    ]


def _open_accordions(root: HtmlElement) -> None:
    """Keep the words on the buttons that open a part of the page: questions, names of rooms."""
    for button in list(root.iter("button")):
        parent = button.getparent()
        is_heading = parent is not None and parent.tag in HEADINGS
        words = one_line("".join(button.itertext()))
        if is_heading or (button.get("aria-expanded") is not None and len(words) > 1 and _stands_inside(button)):
            button.tag = "div" if not is_heading else "span"


def _ids_that_controls_open(root: HtmlElement) -> set[str]:
    """The ids of elements that a visitor can open, which are hidden only for the moment."""
    names = ("aria-controls", "data-target", "data-bs-target")
    return {
        target.removeprefix("#")
        for element in root.iter()
        for name in names
        for target in (element.get(name) or "").split()
    }


def _is_edge(element: HtmlElement) -> bool:
    words = tokens(element)
    match element.tag:
        case "footer":
            return True
        case "aside":
            return bool(words & _SIDEBAR_WORDS)
        case "header":
            return _stands_outside(element) and not _has_heading(element)
        case _:
            if has_role(element, "contentinfo", "banner") or element.get("id") in ("footer", "header", "sidebar"):
                return element.get("id") != "header" or not _has_heading(element)
            is_header = "header" in words and bool(words & _HEADER_WORDS) and not _has_heading(element)
            return is_header or (_is_footer_name(element) and _stands_outside(element))


def _is_footer_name(element: HtmlElement) -> bool:
    return any(re.fullmatch(r"(?:site-?|page-?|main-?)?foot(?:er)?\d?", name.lower())
               for name in (element.get("class") or "").split())  # fmt: skip


def _stands_outside(element: HtmlElement) -> bool:
    return next(element.iterancestors("main", "article", "section"), None) is None


def _stands_inside(element: HtmlElement) -> bool:
    return next(element.iterancestors("nav", "header", "footer"), None) is None


def _has_heading(element: HtmlElement) -> bool:
    return next(element.iter("h1", "h2"), None) is not None


def _wraps_page(element: HtmlElement, root: HtmlElement) -> bool:
    """Whether the element holds the page rather than a part of it, as some frameworks' forms do."""
    if element.tag in _ROOTS or next(element.iter("main"), None) is not None:
        return True
    is_heading_inside = next(element.iter("h1"), None) is not None
    return is_heading_inside and text_length(element) > _PAGE_SHARE * text_length(root)


def _is_in(element: HtmlElement, root: HtmlElement) -> bool:
    return element is root or any(ancestor is root for ancestor in element.iterancestors())


def _spell_out_contact_links(root: HtmlElement) -> None:
    """Put the number or address behind a "Call us" link into the text, because links lose their targets."""
    for link in root.iter("a"):
        scheme, _, target = (link.get("href") or "").strip().partition(":")
        target = one_line(target.partition("?")[0].removeprefix("//"))[:80]
        text = "".join(link.itertext())
        if scheme.lower() == "tel":
            is_said = re.sub(r"\D", "", target)[-6:] in re.sub(r"\D", "", text)
        elif scheme.lower() == "mailto" and "@" in target:
            is_said = "@" in text
        else:
            continue
        if target and not is_said:
            link.tail = f" {target} {link.tail or ''}"
