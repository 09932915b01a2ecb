"""Bytes of every kind become a tree or a reason, quickly."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.venue_assets.extract.pages import parsed
from venue_assets.extract import parsing
from venue_assets.extract.charsets import decode
from venue_assets.extract.links import page_links
from venue_assets.extract.markdown import page_text
from venue_assets.extract.parsing import parse_html
from venue_assets.extract.photo_candidates import photo_candidates
from venue_assets.extract.structured import structured_data
from venue_assets.extract.values import ParsedPage, Rejection

URL = "http://hall.test/"
FACT = "<p>Call (806) 224-3927, up to 125 guests</p>"


@pytest.mark.parametrize(
    ("body", "declared", "encoding"),
    [
        ("Château 5 €".encode(), "iso-8859-1", "utf-8"),
        ("Château 5 €".encode(), None, "utf-8"),
        ("Château 5 €".encode("cp1252"), "utf-8", "cp1252"),
        ("Château 5 €".encode("cp1252"), "ISO-8859-1", "cp1252"),
        ("Château 5 €".encode("cp1252"), "no-such-charset", "cp1252"),
        ("\ufeffChâteau 5 €".encode(), "windows-1252", "utf-8"),
        ("\ufeffChâteau 5 €".encode("utf-16-le"), None, "utf-16-le"),
        ("\ufeffChâteau 5 €".encode("utf-16-be"), "utf-8", "utf-16-be"),
        ("Château 5 €, a longer text".encode("utf-16-be"), None, "utf-16-be"),
    ],
)
def test_the_bytes_decide_over_a_wrong_declaration(body: bytes, declared: str | None, encoding: str) -> None:
    text, found = decode(body, declared)
    assert found == encoding
    assert text.startswith("Château 5 €")


def test_a_meta_element_declares_what_the_server_does_not() -> None:
    body = '<meta http-equiv="Content-Type" content="text/html; charset=windows-1251"><p>Свадьба'.encode("cp1251")
    assert decode(body)[0].endswith("Свадьба")
    assert decode('<?xml version="1.0" encoding="shift_jis"?><p>結婚式'.encode("cp932"))[0].endswith("結婚式")


@pytest.mark.parametrize("name", ["zip", "rot13", "punycode", "idna", "unicode_escape", "utf-7"])
def test_codecs_that_are_no_charsets_of_pages_are_not_used(name: str) -> None:
    assert decode(b"caf\xe9", name) == ("café", "cp1252")


def test_xml_declarations_and_nuls_do_not_end_a_page() -> None:
    page = parse_html(b'<?xml version="1.0" encoding="utf-8"?><html><body>\x00<p>one\x00 and</p><p>two</p>')
    assert isinstance(page, ParsedPage)
    assert page_text(page, URL).markdown == "one and\n\ntwo"


CONTROLS = [*range(9), 11, *range(14, 32), 127, 0xFFFE, 0xFFFF]


@pytest.mark.parametrize(
    "written", ["&#{};", "&#x{:x};", "&#X{:X};", "&#000{}", "&#x000{:x} ", "&#&#3;{};", "&#\x00{};"]
)
def test_references_to_control_characters_are_blanks(written: str) -> None:
    references = [written.format(code) for code in [*CONTROLS, 12]]
    shown = "".join(f"<p title='{reference}'>no{reference}. {reference}" for reference in references)
    page = parsed(f"{shown}<title>{references[3]}</title><footer>{references[-1]}{FACT}</footer>")
    assert "(806) 224-3927" in page_text(page, URL).markdown
    structured_data(page, URL)
    photo_candidates(page, URL)
    found = [*page.root.itertext(), *(value for element in page.root.iter() for value in element.attrib.values())]
    assert not [character for character in "".join(found) if ord(character) in CONTROLS]


def test_other_references_stay() -> None:
    page = parsed("<p>&#49;20&#x2014;&#65;&#0065;&#x1F37E; &#160;&#127870;&#xe9;&#233;&#32;x</p><p>one\x0ctwo</p>")
    assert page_text(page, URL).markdown == "120\u2014AA🍾 🍾éé x\n\none two"


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "empty"),
        (b"\x00\x00", "empty"),
        (b"<!-- nothing -->", "empty"),
        (b"\xff\xd8\xff\xe0JFIF", "not_html"),
        (b"%PDF-1.7", "not_html"),
        (b"x" * (parsing.MAX_BYTES + 1), "too_large"),
    ],
)
def test_what_is_no_page_is_refused_with_a_reason(body: bytes, reason: str) -> None:
    page = parse_html(body)
    assert isinstance(page, Rejection)
    assert page.reason == reason


HOSTILE = {
    "20,000 nested divs": "<div>" * 20_000 + "deep" + "</div>" * 20_000 + FACT,
    "20,000 divs never closed": "<div>" * 20_000 + FACT,
    "10,000 nested lists": "<ul><li>" * 10_000 + FACT,
    "5,000 nested tables": "<table><tr><td>" * 5_000 + FACT,
    "30,000 nested bolds": "<b>" * 30_000 + FACT,
    "100,000 list items": "<ul>" + "".join(f"<li>item {n} <b>x</b></li>" for n in range(100_000)) + "</ul>" + FACT,
    "50,000 table rows": "<table>" + "<tr><td>a</td><td>b</td></tr>" * 50_000 + "</table>" + FACT,
    "50,000 attributes": "<p " + " ".join(f"a{n}=1" for n in range(50_000)) + ">x</p>" + FACT,
    "50,000 quoted attributes": "<p " + " ".join(f"a{n}='>'" for n in range(50_000)) + ">x</p>" + FACT,
    "100,000 definitions": "<dl>" + "<dt>a</dt><dd>b</dd>" * 100_000 + "</dl>" + FACT,
}
HOSTILE_WITHOUT_FACT = {
    "500,000 line breaks": "<br>" * 500_000,
    "no end of quotes": '<a "' * 300_000,
    "no end of tags": "<a" * 1_000_000,
    "unclosed scripts": "<script>" * 300_000,
    "unclosed comments": "<!-" * 1_000_000,
    "1,500 nested footers": '<div class="footer">' * 1_500 + "<p>x</p>" * 100_000,
    "1,500 nested similar venues": '<div class="similar-venues">' * 1_500 + "x",
    "30,000 similar venues": "<h2>Similar venues</h2><p>x</p>" * 30_000,
    "100,000 links": "".join(f'<a href="/{n}">x</a>' for n in range(100_000)),
    "30,000 pictures": "".join(f'<img src="/{n}.jpg" srcset="/{n}.jpg 1x, /b{n}.jpg 2x">' for n in range(30_000)),
    "one word of 4.5 million letters": "x" * 4_500_000,
    "800 nested items": '<div itemscope itemtype="http://schema.org/Place" itemprop=a>' * 800 + "x",
    "deep JSON-LD": '<script type="application/ld+json">' + "[" * 100_000 + "</script>",
    "deeper JSON-LD": '<script type="application/ld+json">' + '{"a":' * 5_000 + "1" + "}" * 5_000 + "</script>",
    "JSON-LD of comments": '<script type="application/ld+json">' + "/*" * 100_000 + "</script>",
    "styles of open brackets": "<style>" + "url(" * 200_000 + "</style>",
    "references to controls": "&#x0000001F;" * 300_000,
    "references of many zeros": "&#" + "0" * 3_000_000 + "&#x" + "0" * 1_000_000 + "g",
    "a set of commas": '<img srcset="' + "a," * 500_000 + '">',
}


@pytest.mark.parametrize("name", [*HOSTILE, *HOSTILE_WITHOUT_FACT])
def test_hostile_pages_are_read_in_under_2_s_a_step(name: str) -> None:
    body = {**HOSTILE, **HOSTILE_WITHOUT_FACT}[name].encode()
    started = time.process_time()
    page = parse_html(body)
    assert time.process_time() - started < 2
    if isinstance(page, Rejection):
        assert name in HOSTILE_WITHOUT_FACT
        return
    for step in (page_text, structured_data, photo_candidates):
        started = time.process_time()
        step(page, URL)
        assert time.process_time() - started < 2, step
    started = time.process_time()
    page_links(page, URL, URL)
    assert time.process_time() - started < 2
    if name in HOSTILE:
        assert "(806) 224-3927" in page_text(page, URL).markdown


def test_what_is_left_out_of_a_large_page_is_said() -> None:
    assert parsed("<ul>" + "<li>x" * (parsing.MAX_SIBLINGS + 1)).is_truncated
    assert not parsed("<ul>" + "<li>x" * parsing.MAX_SIBLINGS).is_truncated
    assert parsed("<div>" * 3000 + "x").is_flattened


PIECES = """<div>|</div>|<p hidden>|<ul><li>|</ul>|<table><tr><td>|</table>|<footer>|<h2>|</h2>|<a href='/x'>|</a>|<!--
-->|<a href='tel:123'>|<img src=a.jpg srcset='b.jpg 2x'>|<noscript>|<picture><source srcset=c.avif>|<dl><dt>|<dd>|<form>
<script type='application/ld+json'>{"@type": "Place",}</script>|</form>|<style>a{background:url(d.jpg)}</style>|<svg>
Similar venues|text & <|\x00|&#0;|<base href='//['>|<html>|<body hidden>|<template>|]]>|<?xml?>|&#x1F;|&#3|&#xFFFF;|
\x0c|\ud7ff\u200b|120 guests"""
MARKUP = st.lists(st.sampled_from(PIECES.replace("\n", "|").split("|")), max_size=30).map("".join)


@given(st.one_of(st.binary(max_size=300), MARKUP.map(str.encode)), st.one_of(st.none(), st.text(max_size=12)))
def test_no_bytes_make_any_function_raise(body: bytes, declared: str | None) -> None:
    page = parse_html(body, declared)
    if isinstance(page, Rejection):
        return
    text = page_text(page, URL)
    assert page_text(page, URL) == text, "the page was changed"
    structured_data(page, URL)
    photo_candidates(page, URL)
    page_links(page, URL, URL)
