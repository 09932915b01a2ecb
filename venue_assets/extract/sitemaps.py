"""Sitemaps (sitemaps.org): XML, gzip or plain text to the addresses they list. Fetching them is the crawler's work."""

from __future__ import annotations

import zlib
from typing import Final

from lxml import etree

from venue_assets.extract.urls import canonical_url
from venue_assets.extract.values import Rejection, Sitemap, SitemapEntry

MAX_BYTES: Final = 10 * 2**20
"""After decompression. The protocol allows 50 MB; a venue's site has a few dozen pages."""

MAX_ENTRIES: Final = 10_000

_GZIP: Final = b"\x1f\x8b"


def parse_sitemap(body: bytes) -> Sitemap | Rejection:
    """The pages of a `urlset` or text sitemap, or the sitemaps of a `sitemapindex`; never raises.

    Entities are not resolved and no document type is read, so no entity bomb can go off. What stands before a
    syntax error counts.

    Returns:
        The sitemap, or a rejection: "too_large", "broken_gzip", "not_a_sitemap".
    """
    if body.startswith(_GZIP):
        unpacked = _unpack(body)
        if isinstance(unpacked, Rejection):
            return unpacked
        body = unpacked
    if len(body) > MAX_BYTES:
        return Rejection("too_large", f"{len(body)} bytes, more than {MAX_BYTES}")
    body = body.removeprefix(b"\xef\xbb\xbf").strip()
    if not body.startswith(b"<"):
        return _text_sitemap(body)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, recover=True, huge_tree=False,
                             remove_comments=True, remove_pis=True)  # fmt: skip
    try:
        root = etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        return Rejection("not_a_sitemap", str(error)[:200])
    if root is None or _local_name(root) not in ("urlset", "sitemapindex"):
        return Rejection("not_a_sitemap", "its root is missing" if root is None else f"its root is {root.tag!s:.100}")
    return _read(root)


def _read(root: etree._Element) -> Sitemap:
    entries: dict[str, SitemapEntry] = {}
    is_truncated = False
    for child in root:
        values = {_local_name(part): (part.text or "").strip() for part in child}
        url = canonical_url(values.get("loc", ""))
        if url is None:
            continue
        if len(entries) == MAX_ENTRIES:
            is_truncated = True
            break
        entries.setdefault(url, SitemapEntry(url, values.get("lastmod") or None))
    if _local_name(root) == "sitemapindex":
        return Sitemap((), tuple(entries), is_truncated)
    return Sitemap(tuple(entries.values()), (), is_truncated)


def _text_sitemap(body: bytes) -> Sitemap | Rejection:
    lines = body.decode("utf-8", "replace").split()
    urls = dict.fromkeys(url for url in map(canonical_url, lines[:MAX_ENTRIES]) if url)
    if not urls:
        return Rejection("not_a_sitemap", f"neither XML nor addresses: {body[:40]!r}")
    return Sitemap(tuple(SitemapEntry(url, None) for url in urls), (), is_truncated=len(lines) > MAX_ENTRIES)


def _unpack(body: bytes) -> bytes | Rejection:
    unpacker = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
    try:
        unpacked = unpacker.decompress(body, MAX_BYTES + 1)
    except zlib.error as error:
        return Rejection("broken_gzip", str(error))
    if len(unpacked) > MAX_BYTES:
        return Rejection("too_large", f"unpacks to more than {MAX_BYTES} bytes")
    return unpacked


def _local_name(element: etree._Element) -> str:
    return str(element.tag).rpartition("}")[2].lower()
