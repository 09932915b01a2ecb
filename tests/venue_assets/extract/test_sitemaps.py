"""Sitemaps, whole and broken."""

from __future__ import annotations

import gzip
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from venue_assets.extract import sitemaps
from venue_assets.extract.sitemaps import parse_sitemap
from venue_assets.extract.values import Rejection, Sitemap, SitemapEntry

XML = b"""<?xml version="1.0" encoding="UTF-8"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
<!-- c --><url><loc> http://hall.test/a#x </loc><lastmod>2026-01-02</lastmod></url><url><loc>/b</loc></url>
<url><loc>http://hall.test/a</loc></url><url><loc>http://hall.test/c?x=1&amp;y=2</loc></url></urlset>"""
PAGES = (SitemapEntry("http://hall.test/a", "2026-01-02"), SitemapEntry("http://hall.test/c?x=1&y=2", None))


@pytest.mark.parametrize("body", [XML, gzip.compress(XML), b"\xef\xbb\xbf\n" + XML, XML.removesuffix(b"</urlset>")])
def test_pages_of_a_sitemap(body: bytes) -> None:
    assert parse_sitemap(body) == Sitemap(PAGES, (), is_truncated=False)


def test_sitemaps_of_an_index_and_addresses_of_a_text() -> None:
    index = b"<sitemapindex><sitemap><loc>http://hall.test/s.xml.gz</loc></sitemap></sitemapindex>"
    assert parse_sitemap(index) == Sitemap((), ("http://hall.test/s.xml.gz",), is_truncated=False)
    assert parse_sitemap(b"http://hall.test/a\nhttp://hall.test/b\n") == Sitemap(
        (SitemapEntry("http://hall.test/a", None), SitemapEntry("http://hall.test/b", None)), (), is_truncated=False
    )


def test_bombs_do_not_go_off() -> None:
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
    laughs = f'<!DOCTYPE x [<!ENTITY e0 "ha">{entities}]><urlset><url><loc>http://a.test/&e11;</loc></url></urlset>'
    started = time.process_time()
    assert isinstance(parse_sitemap(laughs.encode()), Sitemap | Rejection)
    packed = gzip.compress(b" " * (200 * 2**20), compresslevel=1)
    assert parse_sitemap(packed) == Rejection("too_large", f"unpacks to more than {sitemaps.MAX_BYTES} bytes")
    assert time.process_time() - started < 2
    outside = b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><urlset><url><loc>http://a.test/&e;</loc></url></urlset>'
    assert "root" not in str(parse_sitemap(outside))


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"<html><body>Not found", "not_a_sitemap"),
        (b"", "not_a_sitemap"),
        (b"\x1f\x8bxx", "broken_gzip"),
        (b"<", "not_a_sitemap"),
    ],
)
def test_what_is_none(body: bytes, reason: str) -> None:
    found = parse_sitemap(body)
    assert isinstance(found, Rejection)
    assert found.reason == reason


def test_endless_sitemaps_are_cut() -> None:
    body = "".join(f"<url><loc>http://a.test/{n}</loc></url>" for n in range(sitemaps.MAX_ENTRIES + 5))
    found = parse_sitemap(f"<urlset>{body}</urlset>".encode())
    assert isinstance(found, Sitemap)
    assert (len(found.pages), found.is_truncated) == (sitemaps.MAX_ENTRIES, True)


@given(st.one_of(st.binary(max_size=200), st.binary(max_size=50).map(lambda tail: XML[:120] + tail)))
def test_no_bytes_raise(body: bytes) -> None:
    parse_sitemap(body)
