"""Parsing lists of venues: every good line is taken, every bad one explained, no bad file taken for an empty one."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resources.errors import SetupError
from venue_assets.sites import read_venue_list
from venue_assets.venue_list import ListedVenue, parse_venue_list

# A comma or a quotation mark may be in a name; what a list cannot hold, a line break or half a character, may not.
names = st.text(st.characters(exclude_categories=["C", "Z"]) | st.just(" "), max_size=20).map(str.strip)
hosts = st.from_regex(r"[a-z]{1,8}\.example", fullmatch=True)


@given(st.lists(st.tuples(hosts, names)))
def test_csv_and_json_say_the_same(listed: list[tuple[str, str]]) -> None:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerows([("name", "site_url"), *((name, host) for host, name in listed)])
    from_csv = parse_venue_list(text.getvalue().encode(), is_json=False)
    objects = [{"site_url": host, "name": name} for host, name in listed]
    from_json = parse_venue_list(json.dumps(objects).encode(), is_json=True)
    assert from_csv.venues == from_json.venues
    assert {venue.site_url for venue in from_csv.venues} == {f"https://{host}" for host, _ in listed}
    assert from_csv.refused == from_json.refused == ()


@given(st.binary(max_size=300), st.booleans())
def test_any_bytes_are_a_list_or_a_value_error(content: bytes, is_json: bool) -> None:
    try:
        parse_venue_list(content, is_json=is_json)
    except ValueError:
        return


def test_bad_lines_are_explained_and_stop_nothing() -> None:
    listed = parse_venue_list(
        b"\xef\xbb\xbfsite_url,name\nhttp://www.one.example/,One\nftp://two.example,\n,Three\nONE.example,Again\n",
        is_json=False,
    )
    assert listed.venues == (ListedVenue("https://one.example", "http://www.one.example/", "One"),)
    assert [(line.line, line.text) for line in listed.refused] == [(2, "ftp://two.example"), (3, "")]
    assert "not an http" in listed.refused[0].reason


def test_json_may_be_bare_addresses() -> None:
    listed = parse_venue_list(b'["one.example", 5, {"url": "x"}]', is_json=True)
    assert [venue.start_url for venue in listed.venues] == ["https://one.example"]
    assert len(listed.refused) == 2


@pytest.mark.parametrize(
    ("content", "is_json"),
    [(b"", False), (b"url\nhttps://a.example", False), (b"\xff\xfe", False), (b"{}", True), (b"[", True)],
)
def test_what_is_no_list_is_an_error(content: bytes, is_json: bool) -> None:
    with pytest.raises(ValueError, match=r"site_url|JSON|codec"):
        parse_venue_list(content, is_json=is_json)


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        (['a.example,"The Barn', "b.example,Other", "c.example,Third"], "unexpected end of data"),
        (['a.example,"The Barn', 'b.example,Other"', "c.example,Third"], r"line 3: .*over several lines"),
        (['a.example,"The" Barn', "b.example,Other"], "line 2: ',' expected"),
        (["a.example,Barn, The", "b.example,Other"], "line 2 has more fields"),
    ],
)
def test_a_quotation_mark_out_of_place_swallows_no_lines(lines: list[str], reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        parse_venue_list("\n".join(["site_url,name", *lines]).encode(), is_json=False)


def test_what_spreadsheets_write_is_read() -> None:
    listed = parse_venue_list(
        b'site_url , name,\r\na.example,"Barn, ""The""",\r\n\r\nb.example\r\n,,\r\n', is_json=False
    )
    assert [(venue.start_url, venue.name) for venue in listed.venues] == [
        ("https://a.example", 'Barn, "The"'), ("https://b.example", None),
    ]  # fmt: skip
    assert listed.refused == ()


@pytest.mark.parametrize("heading", ["site_url;name", "name; site_url", '"site_url";"name"', "site_url;name, town"])
def test_a_list_with_semicolons_is_told_to_use_commas(heading: str) -> None:
    with pytest.raises(ValueError, match="separate with commas"):
        parse_venue_list(f"{heading}\na.example;The Barn\n".encode(), is_json=False)


def test_what_postgres_would_refuse_is_refused_with_its_line() -> None:
    entries = [
        {"site_url": "a.example", "name": "nul\0"}, {"site_url": "a.example/x\0"}, {"site_url": "a.example/b c"},
        {"site_url": "a.example", "name": "half \ud800"}, {"site_url": "b.example", "name": "two\nlines"},
    ]  # fmt: skip
    listed = parse_venue_list(json.dumps(entries).encode(), is_json=True)
    assert [(venue.site_url, venue.name) for venue in listed.venues] == [("https://b.example", "two lines")]
    assert [line.line for line in listed.refused] == [1, 2, 3, 4]


@pytest.mark.parametrize("content", [None, "", "site_url\n", "site_url\nftp://x\n", "nonsense"])
def test_a_list_that_names_no_venue_is_never_an_empty_list(tmp_path: Path, content: str | None) -> None:
    file = tmp_path / "venues.csv"
    if content is not None:
        file.write_text(content)
    with pytest.raises(SetupError) as caught:
        read_venue_list(str(file))
    assert "VENUE_LIST" in caught.value.remedy
