"""From hostile bytes to an lxml tree, or a reason why not. What the tree means is other modules' work.

libxml2 survives nearly anything, with four exceptions that are dealt with here: it stops at a nesting of 2,048
elements and silently loses the rest of the page, its time grows with the square of one tag's attributes (50,000 take
4 s), it ends at a NUL, and it lets control characters into the tree, which lxml then refuses to write.
"""

from __future__ import annotations

import re
from itertools import islice
from typing import Final

from lxml import etree, html

from venue_assets.extract.charsets import decode
from venue_assets.extract.trees import cut_all
from venue_assets.extract.values import ParsedPage, Rejection

MAX_BYTES: Final = 5 * 2**20
"""Larger pages are refused: a page of text this large is an archive or an attack."""

MAX_SIBLINGS: Final = 1000
"""An element's children past this many are left out, so that one endless list does not cost what follows it."""

MAX_ELEMENTS: Final = 20_000
"""Elements past this many are left out; the largest of the real sites' pages has 1,300."""

_MAX_ATTRIBUTES: Final = 500
_LONG_TAG: Final = 2 * _MAX_ATTRIBUTES

_NOT_HTML: Final = (b"\xff\xd8\xff", b"\x89PNG\r\n", b"GIF8", b"%PDF-", b"PK\x03\x04", b"\x1f\x8b", b"RIFF", b"\x7fELF")
_CONTROLS: Final = {**dict.fromkeys((*range(9), 11, *range(14, 32), 127, 0xFFFE, 0xFFFF)), 12: " "}
# The same as character references, decimal and hexadecimal.
_CONTROL_REFERENCES: Final = re.compile(
    r"&#(?:(?=\d)0*+(?:[1-8]|1[124-9]|2\d|3[01]|127|6553[45])?(?!\d)"
    r"|x(?=[\da-f])0*+(?:[1-8bcef]|1[\da-f]|7f|fff[ef])?(?![\da-f]));?",
    re.IGNORECASE | re.ASCII,
)
_XML_DECLARATION: Final = re.compile(r"^\s*<\?xml[^>]*>")

# Possessive quantifiers keep this linear on any input. Comments, scripts and styles are matched whole, so that
# nothing inside them is taken for a tag, and runs of tags without attributes at once, because they are many.
_TAG: Final = re.compile(
    r"(?P<plain>(?:</?(?!script|style|textarea|title)[a-z]\w{0,20}>[^<]*+)++)"
    r"|<!--(?:[^-]++|-(?!->))*+"
    r"|<(?P<raw>script|style|textarea|title)\b(?:[^<]++|<(?!/(?P=raw)))*+"
    r"|<[a-z](?:[^>=]++|=\s*+\"[^\"]*+\"|=\s*+'[^']*+'|=)*+>?",
    re.IGNORECASE,
)
_QUOTED: Final = re.compile(r"\"[^\"]*+\"|'[^']*+'")
_SEPARATOR: Final = re.compile(r"[\s/=]+")
# Runs of tags that only wrap; what is left when they go is a flat page of paragraphs, headings, links and pictures.
_WRAPPING_TAGS: Final = re.compile(
    r"(?:</?(?!(?:script|style|title|html|head|body|img|a|meta|link|p|h[1-6])\b)[a-z][^<>]*+>\s*+)++", re.IGNORECASE
)


def parse_html(body: bytes, declared_charset: str | None = None) -> ParsedPage | Rejection:
    """Parse a page; any bytes give a value, in under 2 s for the largest allowed.

    Args:
        body: the page as received, content coding undone.
        declared_charset: from the Content-Type header; wrong ones are recognised (see `charsets.decode`).

    Returns:
        The parsed page, or a rejection: "too_large", "not_html" (another file's signature), "empty" (no element).
    """
    if len(body) > MAX_BYTES:
        return Rejection("too_large", f"{len(body)} bytes, more than {MAX_BYTES}")
    if body.startswith(_NOT_HTML):
        return Rejection("not_html", f"starts with {body[:8]!r}")
    text, charset = decode(body, declared_charset)
    # A blank in their place, or what stands around one reference could join to another.
    text = _CONTROL_REFERENCES.sub(" ", text.translate(_CONTROLS))
    text = _XML_DECLARATION.sub("", text, count=1)
    text = _TAG.sub(_without_overlong_tags, text)
    root, is_cut = _tree(text)
    if is_cut:
        root, _ = _tree(_WRAPPING_TAGS.sub(" <br> ", text))
    if root is None:
        return Rejection("empty", f"no element in {len(body)} bytes")
    return ParsedPage(root, charset, is_truncated=_cut(root), is_flattened=is_cut)


def _tree(text: str) -> tuple[html.HtmlElement | None, bool]:
    """The tree, and whether the parser gave up before the end."""
    parser = html.HTMLParser(encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True)
    try:
        root = html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, AssertionError):
        return None, False
    is_cut = any(entry.type == etree.ErrorTypes.ERR_RESOURCE_LIMIT for entry in parser.error_log)
    return root, is_cut


def _cut(root: html.HtmlElement) -> bool:
    """Bound the tree, so that all that reads it later is quick; whether anything had to go."""
    extra = [child for element in root.iter() if len(element) > MAX_SIBLINGS for child in element[MAX_SIBLINGS:]]
    cut_all(root, extra)
    rest = list(islice(root.iter(), MAX_ELEMENTS, None))
    cut_all(root, rest)
    return bool(extra or rest)


def _without_overlong_tags(found: re.Match[str]) -> str:
    tag = found[0]
    if len(tag) < _LONG_TAG or found["plain"] or found["raw"] or tag.startswith("<!"):
        return tag
    separators = len(_SEPARATOR.findall(_QUOTED.sub("", tag)))
    return "" if separators > _MAX_ATTRIBUTES else tag
