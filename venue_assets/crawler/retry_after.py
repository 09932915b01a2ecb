"""Reading the Retry-After header (RFC 9110, section 10.2.3). Pure."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime


def retry_after_seconds(header: str | None, now: datetime) -> float | None:
    """Seconds to wait, from delay-seconds or an HTTP-date; None when absent or unreadable, 0 when past."""
    text = (header or "").strip()
    if text.isdecimal() and text.isascii():
        return float(text[:12])  # longer numbers are no longer waits
    try:
        moment = parsedate_to_datetime(text)
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=UTC)
        return max(0.0, (moment - now).total_seconds())
    except (ValueError, OverflowError):  # zones and years that no calendar has
        return None
