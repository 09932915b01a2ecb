"""From a parsed page to its words as markdown: what summaries, facts and people read.

`pruning` decides what is content, `simplifying` makes it plain, markdownify writes it. Links lose their targets
(telephone numbers and mail addresses are spelled out), pictures are left out: their words travel with the photo.
"""

from __future__ import annotations

import copy
import re
from typing import TYPE_CHECKING, Final

from lxml import etree
from markdownify import markdownify

from venue_assets.extract.pruning import prune
from venue_assets.extract.simplifying import simplify
from venue_assets.extract.values import PageText
from venue_assets.extract.words import one_line, visible

if TYPE_CHECKING:
    from lxml.html import HtmlElement

    from venue_assets.extract.values import ParsedPage

_MARKUP: Final = re.compile(r"<(?=[a-zA-Z/!?])")
_BLANK_LINES: Final = re.compile(r"\n{3,}")
_EMPTY_HEADING: Final = re.compile(r"(?m)^#{1,6}[ \t]*$\n?")
_MAX_META: Final = 500


def page_text(page: ParsedPage, page_url: str) -> PageText:
    """The page as markdown, in under 2 s for any page that `parse_html` gives; the page itself is not changed.

    Text that looks like a tag is written with `&lt;`, so the markdown holds no markup whatever the page says.
    """
    root = copy.deepcopy(page.root)
    language = _language(root)
    title, description = _title(root), _meta(root, "description") or _meta(root, "og:description")
    prune(root)
    is_truncated = simplify(root)
    body = root.find("body")
    written = etree.tostring(root if body is None else body, encoding="unicode", method="html")
    return PageText(page_url, title, description, language, _write(written), is_truncated or page.is_truncated)


def _write(simple_html: str) -> str:
    written: str = markdownify(
        simple_html,
        heading_style="ATX",
        bullets="-",
        escape_asterisks=False,
        escape_underscores=False,
        escape_misc=False,
        newline_style="backslash",
    )
    lines = (line.rstrip("\\ \t") for line in visible(written).split("\n"))
    text = _EMPTY_HEADING.sub("", "\n".join(lines))
    return _MARKUP.sub("&lt;", _BLANK_LINES.sub("\n\n", text)).strip()


def _title(root: HtmlElement) -> str:
    title = root.find("head/title")
    text = "" if title is None else one_line(title.text or "")
    return _MARKUP.sub("&lt;", text or _meta(root, "og:title"))[:_MAX_META]


def _meta(root: HtmlElement, name: str) -> str:
    for element in root.iter("meta"):
        if (element.get("name") or element.get("property") or "").lower() == name:
            return _MARKUP.sub("&lt;", one_line(element.get("content") or ""))[:_MAX_META]
    return ""


def _language(root: HtmlElement) -> str:
    """The two-letter code that the page states, or ""."""
    found = re.match(r"[a-zA-Z]{2,3}(?=$|[-_])", (root.get("lang") or "").strip())
    return found[0].lower() if found else ""
