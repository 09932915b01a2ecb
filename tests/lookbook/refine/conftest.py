"""A small catalogue of venues with vectors and facts in a real database, searched as the reader."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, ClassVar

import numpy as np
import pytest
from numpy.typing import NDArray
from sqlalchemy import Connection, Engine, event, text, update

from lookbook.refine import QueryEncoders
from resources.identity import venue_id
from resources.schema import venues
from resources.settings import load_settings
from resources.spaces import EmbeddingSpace
from tests.taste_assets.list_lineage import DIM, Lists, near


class AxisEncoders(QueryEncoders):
    """Looks by the axis they lie on; descriptions by the encoder of the settings."""

    axes: ClassVar = {"garden": 4, "castle": 5, "fairy lights": 6}

    def looks(self, texts: Sequence[str], space: EmbeddingSpace) -> NDArray[np.float32]:
        """One-hot vectors."""
        del space
        return np.eye(DIM, dtype=np.float32)[[self.axes.get(said, 7) for said in texts]]


@pytest.fixture
def encoders(monkeypatch: pytest.MonkeyPatch) -> QueryEncoders:
    monkeypatch.setenv("TEXT_ENCODER", "lexical")
    return AxisEncoders(load_settings())


@pytest.fixture
def lists(engine: Engine) -> Lists:
    """An empty catalogue with its spaces; no assets."""
    made = Lists(engine, [], {})
    made.start()
    return made


FACTS: tuple[dict[str, Any], ...] = (
    {"capacity_max": 150, "price_min": 4_000.0, "currency": "GBP", "price_unit": "event", "setting": "outdoor",
     "amenities": ["parking"], "styles": ["barn"], "place": (53.8, -1.5)},
    {"capacity_max": 60, "capacity_min": 20, "price_min": 90.0, "currency": "GBP", "price_unit": "person",
     "setting": "indoor", "amenities": ["pool", "parking"], "styles": ["castle"], "place": (51.4, -2.4)},
    {},
    {"capacity_max": 300, "price_min": 200.0, "currency": "USD", "price_unit": "hour", "setting": "both",
     "styles": ["barn", "castle"], "place": (30.3, -97.7)},
)  # fmt: skip


TORONTO = "Canada, by its town Toronto"
COUNTRIES: tuple[tuple[str | None, str | None, str], ...] = (
    ("GB", "GB", "United Kingdom"), ("England", "GB", "England"), ("Germany", "DE", "Germany"),
    ("\u00d6sterreich", "AT", "\u00d6sterreich"), (None, "CA", TORONTO), (None, "IT", "Italy"),
    ("Atlantis", None, "Atlantis"), (None, None, ""),
)  # fmt: skip
"""As sites write them, their codes, and what is said of them; Italy stands in an address alone."""


@pytest.fixture
def catalogue(lists: Lists) -> Lists:
    """Twenty-four venues, six around each of four looks, with facts of four kinds; ann likes two looks."""
    for number in range(24):
        vectors = np.concatenate([near(number % 4, 0.2, seed=number, count=2), near(4 + number % 3, 0.3, seed=number)])
        lists.venue(f"v{number}.test", vectors, f"a quiet place number {number}", **FACTS[number // 4 % 4])
    lists.person("ann", likes=[near(0), near(1)], weights=[0.6, 0.4], dislikes=[near(2)])
    with lists.engine.begin() as connection:
        for number, (country, code, stated) in enumerate(COUNTRIES * 3):
            town = "Toronto, Ontario, CA" if stated == TORONTO else None
            values = {"country": country, "country_code": code, "country_town": town, "city": town and "Toronto"}
            connection.execute(update(venues).where(venues.c.venue_id == venue_id(f"v{number}.test")).values(values))
    return lists


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A transaction of an app."""
    with engine.begin() as connection:
        connection.execute(text("SET LOCAL ROLE venue_taste_reader"))
        yield connection


@contextmanager
def recorded(engine: Engine) -> Iterator[list[str]]:
    """The text of every statement that is sent meanwhile."""
    sent: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        sent.append(statement)

    listener: Callable[..., None] = note
    event.listen(engine, "before_cursor_execute", listener)
    try:
        yield sent
    finally:
        event.remove(engine, "before_cursor_execute", listener)
