"""A small world made by hand, so that the contract tests do not lean on the world generator."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from demo.aesthetics import AESTHETICS, SCENES
from demo.world.model import Board, Person, PictureSpec, Pin, Preferences, Taste, World

NOW = datetime(2026, 5, 1, 12, 0, tzinfo=UTC)
BIG_BOARD = "100000000000000001"
SMALL_BOARD = "100000000000000002"
EMPTY_BOARD = "100000000000000003"
BEN_BOARD = "200000000000000001"
BIG_BOARD_PINS = 61


def small_world() -> World:
    """Ada with a big, a small, an empty and 15 off-topic boards; Ben with one board of 30."""
    off_topic = [
        _board(f"3000000000000000{number:02d}", 1, start=5000 + 10 * number, about_venues=False) for number in range(15)
    ]
    ada = _person(
        "ada",
        _board(BIG_BOARD, BIG_BOARD_PINS, start=1000),
        _board(SMALL_BOARD, 3, start=2000),
        _board(EMPTY_BOARD, 0, start=3000),
        *off_topic,
    )
    ben = _person("ben", _board(BEN_BOARD, 30, start=4000))
    return World(seed=7, now=NOW, venues=(), people=(ada, ben))


def _person(username: str, *boards: Board) -> Person:
    tastes = (Taste((("garden", 1.0),), 1.0),)
    return Person(username, tastes, (), boards, (), Preferences(), None)


def _board(board_id: str, pins: int, *, start: int, about_venues: bool = True) -> Board:
    created_at = NOW - timedelta(days=400)
    return Board(
        board_id,
        f"Board {board_id[-2:]}",
        "Places we like",
        about_venues,
        tuple(_pin(start + number, created_at + timedelta(days=number)) for number in range(pins)),
        created_at,
    )


def _pin(number: int, created_at: datetime) -> Pin:
    spec = PictureSpec(((AESTHETICS[number % 14].slug, 1.0),), SCENES[number % 5], number, 256, 192)
    return Pin(str(10**17 + number), spec, created_at, f"picture {number}" if number % 7 else None, 0)
