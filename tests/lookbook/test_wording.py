"""How values are said, and that no link leads where it should not."""

from __future__ import annotations

import uuid
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lookbook.refine import TasteAsk
from lookbook.refine.wording import chip_text
from lookbook.sparkline import HEIGHT, WIDTH, sparkline
from lookbook.wording import (
    count_of,
    guests,
    host,
    likeness,
    name_of,
    page_data,
    percent,
    pin_link,
    place,
    price,
    shown_label,
    taste_names,
    weblink,
)


@pytest.mark.parametrize(
    ("least", "most", "currency", "unit", "said"),
    [
        (8000.0, None, "GBP", "day", "from £8,000 a day"),
        (8000.0, 9500.5, "EUR", "event", "€8,000 to €9,500.50"),
        (None, 90.0, "CHF", "person", "up to CHF 90 a person"),
        (5.0, 5.0, None, None, "from 5"),
        (None, None, "USD", "event", None),
    ],
)
def test_prices(least: float | None, most: float | None, currency: str | None, unit: str | None, said: str) -> None:
    venue = SimpleNamespace(price_min=least, price_max=most, currency=currency, price_unit=unit)
    assert price(venue) == said


@pytest.mark.parametrize(
    ("city", "region", "country", "code", "said"),
    [
        ("Toronto", "ON", None, "CA", "Toronto, ON"),
        ("Positano", None, None, "IT", "Positano, Italy"),
        ("Salzburg", None, "\u00d6sterreich", "AT", "Salzburg, \u00d6sterreich"),
        ("Bath", None, None, None, "Bath"),
        (None, None, None, None, ""),
    ],
)
def test_places(city: str | None, region: str | None, country: str | None, code: str | None, said: str) -> None:
    assert place(SimpleNamespace(city=city, region=region, country=country, country_code=code)) == said


def test_guests_labels_names_and_likeness() -> None:
    assert [guests(10, 90), guests(None, 90), guests(10, None), guests(None, None)] == [
        "10 to 90 guests", "up to 90 guests", "10 guests or more", None,
    ]  # fmt: skip
    assert shown_label("unnamed") == shown_label(None) == "a look of your own"
    assert [name_of("ann_lee7"), name_of("bo.k@x.test"), name_of("42")] == ["Ann Lee", "Bo K", "42"]
    assert shown_label(None, "a look of their own") == "a look of their own"
    assert [percent(0.704), count_of(1, "pin"), count_of(1200, "pin")] == ["70%", "1 pin", "1,200 pins"]
    assert len({likeness(one) for one in (2, 1, 0.1, -1)}) == 4


def test_tastes_without_a_name_are_numbered_by_their_weight() -> None:
    small, named, great, disregarded = (uuid.UUID(int=number) for number in range(4))
    tastes = [(small, "unnamed", 0.2), (named, "industrial_loft", 0.3), (great, None, 0.4), (disregarded, None, 0.1)]
    assert taste_names(tastes) == {
        great: "a look of your own", named: "industrial loft", small: "a look of your own (2)",
        disregarded: "a look of your own (3)",
    }  # fmt: skip
    assert taste_names([]) == {}


def test_a_chip_never_says_unnamed() -> None:
    said = {label: chip_text(TasteAsk(cluster_id=uuid.UUID(int=1), label=label, factor=2))
            for label in ("", "unnamed", "industrial_loft")}  # fmt: skip
    assert said[""] == said["unnamed"] == "your taste for a look of your own at 2 times its weight"
    assert said["industrial_loft"] == "your taste for industrial loft at 2 times its weight"


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "data:text/html,x", "//x.test/", "https://", "file:///x", "", "http://[x"]
)
def test_no_link_that_is_not_of_the_web(address: str) -> None:
    assert weblink(address) is None


@given(st.text())
def test_any_text_has_a_host_or_is_one(address: str) -> None:
    assert isinstance(host(address), str)
    assert weblink(address) in (None, address)


@pytest.mark.parametrize(
    ("quote", "value"),
    [
        ("EventVenue.maximumAttendeeCapacity: 180", "180"),
        ("EventVenue.amenityFeature.name: fully licensed: bar", "fully licensed: bar"),
        ("Guests: up to 180", None),
        ("Mon.-Fri.: closed", None),
    ],
)
def test_page_data_is_told_from_words(quote: str, value: str | None) -> None:
    assert page_data(quote) == value


def test_links_of_the_web_and_of_pinterest() -> None:
    assert weblink("https://x.test/a?b#c") == "https://x.test/a?b#c"
    assert host("https://x.test:8/a") == "x.test"
    assert pin_link("813744226420795884") == "https://www.pinterest.com/pin/813744226420795884/"
    assert pin_link("file-3f") is pin_link(None) is None
    assert pin_link("٣") is None


@given(st.lists(st.floats(0, 1), max_size=80))
def test_a_line_stays_in_its_box(weights: list[float]) -> None:
    line = sparkline(weights)
    if len(weights) < 2:
        assert line is None
        return
    assert line is not None
    points = [tuple(map(float, point.split(","))) for point in line.points.split()]
    assert len(points) == len(weights)
    assert all(0 <= x <= WIDTH and 0 <= y <= HEIGHT for x, y in points)
    assert points[-1] == line.end


def test_a_steady_taste_is_a_level_line() -> None:
    line = sparkline([0.4, 0.4, 0.4])
    assert line is not None
    assert len({point.split(",")[1] for point in line.points.split()}) == 1
