"""Rate limits as headers state them, in Pinterest's documented form and in Envoy's."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from resources.pinterest.limits import RESET_WHEN_UNSAID, Allowance, is_rate_limited, limited_until, read_allowance
from resources.pinterest.requests import Patience

NOW = datetime(2026, 5, 1, tzinfo=UTC)


def in_seconds(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("headers", "allowance"),
    [
        ({"limit": "1000", "remaining": "999", "reset": "60"}, Allowance(999, in_seconds(60))),
        ({"limit": "100, 100;w=1, 1000;w=60", "remaining": "0", "reset": "1"}, Allowance(0, in_seconds(1))),
        ({"remaining": "3, 900", "reset": "7;w=60"}, Allowance(3, in_seconds(7))),
        ({"remaining": "0", "reset": str(int(in_seconds(90).timestamp()))}, Allowance(0, in_seconds(90))),
        ({"remaining": "5"}, None),
        ({"reset": "5"}, None),
        ({"remaining": "many", "reset": "soon"}, None),
        ({"remaining": "0", "reset": "9" * 14}, None),
        ({}, None),
    ],
)
def test_headers_of_either_form_are_read(headers: dict[str, str], allowance: Allowance | None) -> None:
    assert read_allowance({f"x-ratelimit-{name}": value for name, value in headers.items()}, NOW) == allowance


@settings(deadline=None)
@given(st.dictionaries(st.sampled_from(["x-ratelimit-remaining", "x-ratelimit-reset", "retry-after"]), st.text()))
def test_any_header_gives_a_time_that_is_not_past(headers: dict[str, str]) -> None:
    read_allowance(headers, NOW)
    assert limited_until(headers, NOW).tzinfo is not None


def test_until_when_without_a_reset() -> None:
    assert limited_until({"retry-after": "12"}, NOW) == in_seconds(12)
    assert limited_until({}, NOW) == NOW + RESET_WHEN_UNSAID


@pytest.mark.parametrize(
    ("status", "body", "limited"),
    [
        (429, None, True),
        (400, {"code": 8}, True),
        (400, {"code": 1}, False),
        (400, None, False),
        (200, {"code": 8}, False),
    ],
)
def test_code_8_is_a_rate_limit_whatever_the_status_says(status: int, body: Any, limited: bool) -> None:
    assert is_rate_limited(status, body) is limited


def test_back_off_doubles_up_to_its_cap_and_is_the_same_for_a_seed() -> None:
    patience = Patience(first_wait_s=1, longest_back_off_s=10)
    waits = [patience.back_off_s(failures, random.Random(3)) for failures in range(1, 9)]
    assert waits == [patience.back_off_s(failures, random.Random(3)) for failures in range(1, 9)]
    for failures, wait in enumerate(waits, 1):
        assert min(10, 2 ** (failures - 1)) / 2 <= wait <= min(10, 2 ** (failures - 1))
