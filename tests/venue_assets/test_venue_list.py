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

hosts = st.from_regex(r"[a-z]{1,8}\.example", fullmatch=True)


@given(st.lists(st.tuples(hosts, st.text(max_size=20).map(str.strip))))
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


@pytest.mark.parametrize("content", [None, "", "site_url\n", "site_url\nftp://x\n", "nonsense"])
def test_a_list_that_names_no_venue_is_never_an_empty_list(tmp_path: Path, content: str | None) -> None:
    file = tmp_path / "venues.csv"
    if content is not None:
        file.write_text(content)
    with pytest.raises(SetupError) as caught:
        read_venue_list(str(file))
    assert "VENUE_LIST" in caught.value.remedy
