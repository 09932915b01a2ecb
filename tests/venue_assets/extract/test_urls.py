"""Addresses, links, traps."""

from __future__ import annotations

from string import ascii_letters

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, text
from sqlalchemy.exc import OperationalError

from tests.venue_assets.extract.pages import parsed
from venue_assets.extract.links import page_directives, page_links
from venue_assets.extract.traps import trap_reason
from venue_assets.extract.urls import MAX_URL, absolute_url, canonical_url, file_extension, is_same_site
from venue_assets.extract.values import PageLink

SITE = "http://hall.test/"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("HTTP://Hall.Test:80/a#b", "http://hall.test/a"),
        ("https://hall.test:443", "https://hall.test/"),
        ("https://hall.test:8443/", "https://hall.test:8443/"),
        ("http://me:secret@hall.test./", "http://hall.test/"),
        ("/a/./b/../c/?utm_source=x&page=2&fbclid=1", "http://hall.test/a/c/?page=2"),
        ("/a b/é?q=ü", "http://hall.test/a%20b/%C3%A9?q=%C3%BC"),
        ("/a%20b", "http://hall.test/a%20b"),
        (" \n/a\n", "http://hall.test/a"),
        ("//bücher.test/x", "http://xn--bcher-kva.test/x"),
        ("/..", "http://hall.test/"),
        ("http://[::1]:8080/x", "http://[::1]:8080/x"),
        ("?b=2&a=1", "http://hall.test/?b=2&a=1"),
    ],
)
def test_an_address_has_one_spelling(url: str, expected: str) -> None:
    assert canonical_url(url, SITE) == expected


@pytest.mark.parametrize(
    "url",
    ["mailto:a@b.c", "javascript:void(0)", "tel:12", "data:,x", "https://", "http://[", "http://a:99999/", "ftp://a.test/"],
)  # fmt: skip
def test_what_is_no_web_address_is_none(url: str) -> None:
    assert canonical_url(url, SITE) is None
    assert absolute_url(url, SITE) is None


def test_longest_address() -> None:
    assert canonical_url("/" + "x" * MAX_URL, SITE) is None
    longest = SITE + "x" * (MAX_URL - len(SITE))
    assert (absolute_url(longest, SITE), absolute_url(longest + "x", SITE)) == (longest, None)


def test_length_is_counted_in_bytes() -> None:
    wide = "宴" * 1800
    assert len(SITE + wide) < MAX_URL
    assert absolute_url(f"/{wide}.jpg", SITE) is None
    assert absolute_url("/\ud800.jpg", SITE) is None


def test_the_longest_address_fits_a_key_of_the_database(engine: Engine) -> None:
    letters = np.random.default_rng(4).choice(list(ascii_letters), MAX_URL)  # nothing that Postgres could compress
    with engine.connect() as connection:
        connection.execute(
            text("CREATE TEMPORARY TABLE addresses (venue_id uuid, url text, PRIMARY KEY (venue_id, url))")
        )
        add = text("INSERT INTO addresses VALUES (gen_random_uuid(), :url)")
        connection.execute(add, {"url": "".join(letters)})
        with pytest.raises(OperationalError, match="index row size"):
            connection.execute(add, {"url": "".join(letters) * 2})


URLS = st.one_of(
    st.text(max_size=60),
    st.text(alphabet="/.:?#&=%[]@abc é\\2e", max_size=40),
    st.builds("http://{}/{}?{}".format, st.text(max_size=12), st.text(max_size=12), st.text(max_size=12)),
)


@given(URLS)
def test_canonical_addresses_stay_as_they_are(url: str) -> None:
    once = canonical_url(url, SITE)
    if once is not None:
        assert canonical_url(once) == once
        assert "#" not in once
        assert once.isascii()
        assert len(once) <= MAX_URL
    trap_reason(url)
    file_extension(url)


def test_a_site_is_its_host_and_port_with_or_without_www() -> None:
    assert is_same_site("https://www.hall.test/a", "http://hall.test")
    assert not is_same_site("http://hall.test:8080/", SITE)
    assert not is_same_site("http://other.hall.test/", SITE)
    assert not is_same_site("http://hall.test.evil.test/", SITE)
    assert not is_same_site("nonsense", "nonsense")


def test_links_are_of_the_site_once_each_and_to_pages() -> None:
    page = parsed(
        """<base href="/sub/"><a href="a.html#top">A</a><a href="a.html">again</a>
        <a href="/b" rel="external nofollow">B</a><a href="/c" rel=nofollow></a><a href="/c">C</a>
        <a href="http://other.test/">other</a><a href="menu.pdf">menu</a><a href="photo.jpg">photo</a>
        <a href="#x">x</a><a href="">self</a><a href="mailto:a@b.c">m</a><a href="/d" download>d</a>
        <a href="//www.hall.test/e.php?x=1">E</a><iframe src="/f"></iframe><a href="http://[">bad</a>"""
    )
    assert page_links(page, "http://hall.test/sub/", SITE) == [
        PageLink("http://hall.test/sub/a.html", "A", is_nofollow=False),
        PageLink("http://hall.test/b", "B", is_nofollow=True),
        PageLink("http://hall.test/c", "C", is_nofollow=False),
        PageLink("http://www.hall.test/e.php?x=1", "E", is_nofollow=False),
        PageLink("http://hall.test/f", "", is_nofollow=False),
    ]


def test_directives_of_the_head() -> None:
    page = parsed(
        """<head><link rel=canonical href="/a"><meta name=robots content="NoIndex, follow">
        <meta http-equiv=refresh content="0; URL='/b'"></head>"""
    )
    found = page_directives(page, "http://hall.test/a?x=1")
    assert (found.canonical, found.is_noindex, found.is_nofollow, found.refresh) == (
        "http://hall.test/a", True, False, "http://hall.test/b",
    )  # fmt: skip
    assert page_directives(page, "http://hall.test/a").canonical is None
    assert page_directives(parsed('<link rel=canonical href="http://evil.test/">'), SITE).canonical is None


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("/availability?month=2026-05", "calendar"),
        ("/events/2026-05/", "calendar"),
        ("/calendar/2026/05/14", "calendar"),
        ("/rooms?checkin=1", "calendar"),
        ("/a;jsessionid=12AB", "session_id"),
        ("/a?PHPSESSID=12", "session_id"),
        ("/gallery?sort=new", "facets"),
        ("/shop?filter[colour]=red", "facets"),
        ("/x?a=1&b=2&c=3&d=4", "facets"),
        ("/a/b/a/b/c", "repeated_segments"),
        ("/x/x/x", "repeated_segments"),
        ("/1/2/3/4/5/6/7/8/9", "too_deep"),
        ("/" + "x" * 400, "too_long"),
        ("/?s=barn", "service"),
        ("/wp-json/x", "service"),
        ("/2024/05/a-wedding-in-the-barn", None),
        ("/weddings/", None),
        ("/events", None),
        ("/page?id=12", None),
        ("/gallery/gallery", None),
        ("/blog/page/2/", None),
    ],
)
def test_traps(path: str, reason: str | None) -> None:
    assert trap_reason(f"http://hall.test{path}") == reason
