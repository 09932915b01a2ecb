"""Which pages are asked for: bounds of a site, order, limit, and traps that no list of names knows."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from venue_assets.crawler.frontier import Frontier, Scope

SITE = Scope.of("https://barn.example/")


@pytest.mark.parametrize(
    ("site", "url", "page"),
    [
        ("https://barn.example/", "http://www.barn.example/rooms", "https://barn.example/rooms"),
        ("https://barn.example/", "https://BARN.example:443/rooms#top", "https://barn.example/rooms"),
        ("https://barn.example/", "https://barn.example/rooms?utm_source=x", "https://barn.example/rooms"),
        ("https://barn.example/", "https://other.example/rooms", None),
        ("https://barn.example/", "https://barn.example.evil.example/", None),
        ("https://hotel.example/venues/barn", "https://hotel.example/venues/barn/rooms",
         "https://hotel.example/venues/barn/rooms"),
        ("https://hotel.example/venues/barn", "https://hotel.example/venues/barnyard", None),
        ("https://hotel.example/venues/barn", "https://hotel.example/", None),
        ("https://hotel.example/venues/barn.html", "https://hotel.example/venues/rooms.html",
         "https://hotel.example/venues/rooms.html"),
        ("https://barn.example/index.html", "https://barn.example/rooms.html", "https://barn.example/rooms.html"),
    ],
)  # fmt: skip
def test_bounds(site: str, url: str, page: str | None) -> None:
    assert Scope.of(site).page(url) == page


@pytest.mark.parametrize(
    ("site", "front_page", "folder"),
    [
        ("https://barn.example/", "http://www.barn.example/en/", ""),
        ("https://barn.example/", "https://new.example/", ""),
        ("https://barn.example/", "https://group.example/barn/", "/barn"),
        ("https://barn.example/", "https://new.example/home", ""),
        ("https://hotel.example/barn", "https://www.hotel.example/barn/", "/barn"),
    ],
)
def test_a_front_page_that_moved_moves_the_bounds_only_with_its_host(site: str, front_page: str, folder: str) -> None:
    assert Scope.of(site).moved_to(front_page).folder == folder


@given(st.lists(st.integers(0, 30)), st.integers(1, 10))
def test_each_page_is_handed_out_once_in_order_up_to_the_limit(numbers: list[int], most: int) -> None:
    urls = [f"https://barn.example/p{number}" for number in numbers]
    frontier = Frontier(SITE, most)
    frontier.add(urls)
    distinct = list(dict.fromkeys(urls))
    assert frontier.next_wave() == distinct[:most]
    assert frontier.next_wave() == []
    assert frontier.beyond_limit() == distinct[most:]
    assert frontier.beyond_limit() == []
    assert frontier.left_out == max(0, len(distinct) - most)
    assert [frontier.position(url) for url in distinct] == list(range(len(distinct)))


def test_a_query_nobody_has_a_name_for_is_bounded() -> None:
    frontier = Frontier(SITE, 1000)
    frontier.add(f"https://barn.example/shop?q7={number}" for number in range(200))
    assert len(frontier.next_wave()) == 10
    assert frontier.skipped == {"trap_many_queries": 190}
