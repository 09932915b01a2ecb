"""Bookmark paging: everything once, whatever the page size and whatever changes meanwhile."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from demo.servers.pinterest.paging import read_bookmark, take_page, write_bookmark
from demo.servers.pinterest.state import Boards, BoardState
from demo.world.model import PictureSpec
from tests.demo.pinterest_contract.server import MOST_PAGES, DemoPinterest, demo_pinterest
from tests.demo.pinterest_contract.world import (
    BEN_BOARD,
    BIG_BOARD,
    BIG_BOARD_PINS,
    EMPTY_BOARD,
    NOW,
    SMALL_BOARD,
    small_world,
)

SPEC = PictureSpec((("garden", 1.0),), "exterior", 1)


@dataclass(frozen=True)
class Item:
    position: int


@pytest.fixture(scope="module")
def pinterest() -> Iterator[DemoPinterest]:
    with demo_pinterest() as running:
        yield running


@given(st.sets(st.integers(1, 500), max_size=80), st.integers(1, 90))
def test_pages_join_to_the_whole_list(positions: set[int], size: int) -> None:
    items = [Item(position) for position in sorted(positions, reverse=True)]
    walked: list[Item] = []
    after = None
    for _ in range(MOST_PAGES):
        page, after = take_page(items, after, size)
        walked += page
        assert len(page) == size or after is None
        assert page or not items, "no bookmark leads to an empty page"
        if after is None:
            break
    assert after is None
    assert walked == items


Change = tuple[str, int]
CHANGES = st.lists(
    st.tuples(st.sampled_from(["add", "delete", "move_away", "move_in", "move_top"]), st.integers(0, 99))
)


@given(st.lists(CHANGES, max_size=12), st.integers(1, 30))
def test_a_walk_is_undisturbed_by_changes(changes_between_pages: list[list[Change]], size: int) -> None:
    """Pins that stay put for the whole walk come exactly once, no pin comes twice, none comes that was never there."""
    boards = Boards(small_world(), lambda: NOW)
    board = boards.board(BIG_BOARD)
    before = {pin.pin.pin_id: pin.position for pin in board.pins}
    ever_there = set(before)
    seen: list[str] = []
    after = None
    pending = iter(changes_between_pages)
    for _ in range(MOST_PAGES):
        page, after = take_page(board.newest_pins(), after, size)
        seen += [pin.pin.pin_id for pin in page]
        if after is None:
            break
        for change in next(pending, []):
            _apply(change, boards, board)
        ever_there |= {pin.pin.pin_id for pin in board.pins}
    assert after is None
    undisturbed = {pin.pin.pin_id for pin in board.pins if before.get(pin.pin.pin_id) == pin.position}
    assert len(seen) == len(set(seen))
    assert undisturbed <= set(seen) <= ever_there


def _apply(change: Change, boards: Boards, board: BoardState) -> None:
    kind, number = change
    elsewhere = boards.board(SMALL_BOARD)
    source = elsewhere if kind == "move_in" else board
    if kind == "add":
        boards.add_pin(BIG_BOARD, SPEC)
    elif source.pins:
        pin_id = source.pins[number % len(source.pins)].pin.pin_id
        if kind == "delete":
            boards.delete_pin(pin_id)
        else:
            boards.move_pin(pin_id, SMALL_BOARD if kind == "move_away" else BIG_BOARD)


@given(st.integers(0, 2**62), st.text(), st.text())
def test_a_bookmark_is_good_for_its_own_listing_only(position: int, listing: str, other: str) -> None:
    bookmark = write_bookmark(listing, position)
    assert read_bookmark(listing, bookmark) == position
    if other != listing:
        with pytest.raises(ValueError, match="another listing"):
            read_bookmark(other, bookmark)


@given(st.text())
def test_no_text_breaks_the_reading_of_bookmarks(text: str) -> None:
    with pytest.raises(ValueError, match="bookmark"):
        read_bookmark("a listing", text)


@pytest.mark.parametrize("page_size", [1, 7, 25, 60, 61, 62, 250])
def test_a_board_is_served_whole_and_newest_first(pinterest: DemoPinterest, page_size: int) -> None:
    pins = pinterest.walk(f"/v5/boards/{BIG_BOARD}/pins", page_size=page_size)
    assert [pin["id"] for pin in pins] == [str(10**17 + 1000 + number) for number in reversed(range(BIG_BOARD_PINS))]


def test_the_default_page_has_25_items(pinterest: DemoPinterest) -> None:
    page = pinterest.get(f"/v5/boards/{BIG_BOARD}/pins").json()
    assert len(page["items"]) == 25
    assert page["bookmark"]


@pytest.mark.parametrize("path", ["/v5/boards", f"/v5/boards/{BIG_BOARD}/sections", "/v5/pins"])
def test_every_listing_can_be_walked_one_by_one(pinterest: DemoPinterest, path: str) -> None:
    whole = pinterest.get(path, page_size=250).json()
    assert whole["bookmark"] is None
    assert pinterest.walk(path, page_size=1) == whole["items"]
    assert len({item["id"] for item in whole["items"]}) == len(whole["items"]) > 1


def test_an_empty_board_is_one_empty_page(pinterest: DemoPinterest) -> None:
    assert pinterest.get(f"/v5/boards/{EMPTY_BOARD}/pins").json() == {"items": [], "bookmark": None}


@pytest.mark.parametrize("page_size", ["0", "251", "-1", "many", ""])
def test_a_page_size_out_of_bounds_is_refused(pinterest: DemoPinterest, page_size: str) -> None:
    assert pinterest.get("/v5/boards", page_size=page_size).status_code == 400


def test_a_bookmark_of_another_board_is_refused(pinterest: DemoPinterest) -> None:
    bookmark = pinterest.get(f"/v5/boards/{BEN_BOARD}/pins", "ben", page_size=2).json()["bookmark"]
    response = pinterest.get(f"/v5/boards/{BIG_BOARD}/pins", bookmark=bookmark)
    assert response.status_code == 400


def test_a_walk_over_http_survives_adding_moving_and_deleting() -> None:
    path = f"/v5/boards/{BIG_BOARD}/pins"
    with demo_pinterest() as pinterest:
        before = [pin["id"] for pin in pinterest.walk(path, page_size=250)]
        first = pinterest.get(path, page_size=20).json()
        pinterest.control("POST", "pins", board_id=BIG_BOARD, aesthetic="castle", seed=5)
        pinterest.control("DELETE", f"pins/{before[0]}")
        pinterest.control("DELETE", f"pins/{before[19]}")  # the one the bookmark names
        pinterest.control("DELETE", f"pins/{before[30]}")
        pinterest.control("POST", f"pins/{before[40]}/move", board_id=SMALL_BOARD)
        rest = pinterest.walk(path, page_size=20, bookmark=first["bookmark"])
    gone = {before[30], before[40]}
    assert [pin["id"] for pin in first["items"] + rest] == [pin_id for pin_id in before if pin_id not in gone]


def test_a_walk_may_end_on_an_empty_page() -> None:
    path = f"/v5/boards/{SMALL_BOARD}/pins"
    with demo_pinterest() as pinterest:
        pinterest.control("PUT", "quirks", empty_last_page=True)
        full = pinterest.get(path, page_size=3).json()
        assert full["bookmark"]
        assert pinterest.get(path, page_size=3, bookmark=full["bookmark"]).json() == {"items": [], "bookmark": None}
        assert len(pinterest.walk(path, page_size=3)) == 3
