"""Reading Retry-After."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from venue_assets.crawler.retry_after import retry_after_seconds

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("0", 0), ("120", 120), (" 7 ", 7), (None, None), ("", None), ("soon", None), ("-5", None), ("1.5", None),
        ("١٢", None), ("Mon, 01 Jun 2026 12:01:30 GMT", 90), ("Mon, 01 Jun 2026 11:00:00 GMT", 0),
        ("Mon, 01 Jun 2026 12:01:30", 90), ("Mon, 31 Feb 2026 12:00:00 GMT", None),
        ("Mon, 01 Jun 2026 12:01:30 +99999999999999", None), ("Mon, 01 Jun 99999 12:00:00 GMT", None),
        ("Fri, 31 Dec 9999 23:59:59 -2300", 251_622_068_399), ("Fri, 31 Dec 9999 23:59:59 GMT", 251_621_985_599),
        ("Mon, 01 Jan 0001 00:00:00 +2300", 0),
    ],
)  # fmt: skip
def test_seconds_and_dates(header: str | None, seconds: float | None) -> None:
    assert retry_after_seconds(header, NOW) == seconds


@given(st.integers(0, 10**6), st.integers(-12, 12))
def test_a_date_is_the_same_moment_in_any_zone(wait: int, hours: int) -> None:
    moment = (NOW + timedelta(seconds=wait)).astimezone(timezone(timedelta(hours=hours)))
    assert retry_after_seconds(format_datetime(moment), NOW) == wait


@given(st.text(max_size=60))
def test_any_header_gives_a_wait_or_none(header: str) -> None:
    seconds = retry_after_seconds(header, NOW)
    assert seconds is None or seconds >= 0
