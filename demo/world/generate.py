"""The one way to a world: `generate_world`, and its form on disk. What is drawn how belongs to the parts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from pydantic import TypeAdapter

from demo.world.model import World
from demo.world.people import draw_people
from demo.world.venues import draw_venues

_FIRST_PRESENT: Final = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
_ADAPTER: Final = TypeAdapter(World)


def generate_world(seed: int = 7, venues: int = 48, people: int = 24) -> World:
    """The world of `seed` with so many venues and people; equal arguments give equal worlds.

    More venues or people continue the same lists: the first ones stay as they were, but for people's ratings,
    which choose among all venues (and, below eight venues, the re-pinned photographs).

    Raises:
        ValueError: a negative seed or count.
    """
    if min(seed, venues, people) < 0:
        raise ValueError(f"seed and counts are not negative: seed={seed}, venues={venues}, people={people}")
    now = _FIRST_PRESENT + timedelta(days=seed % 90)
    drawn = tuple(draw_venues(seed, venues))
    return World(seed, now, drawn, tuple(draw_people(seed, now, drawn, people)))


def dump_world(world: World) -> bytes:
    """The world as JSON; equal worlds give equal bytes."""
    return _ADAPTER.dump_json(world)


def load_world(path: Path) -> World:
    """Read what `dump_world` wrote.

    Raises:
        FileNotFoundError: there is no such file.
        pydantic.ValidationError: the file is not a world of this version.
    """
    return _ADAPTER.validate_json(path.read_bytes())
