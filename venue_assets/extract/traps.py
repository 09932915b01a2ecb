"""Which addresses lead a crawler into endless pages. Predicates on the address alone; budgets bound what they miss."""

from __future__ import annotations

import re
from collections import Counter
from typing import Final
from urllib.parse import parse_qsl, unquote, urlsplit

MAX_LENGTH: Final = 300
MAX_DEPTH: Final = 8
MAX_PARAMETERS: Final = 3

_SESSION: Final = re.compile(
    r"(?:^|[;&?/])(?:phpsessid|jsessionid|aspsessionid\w*|session_?id|sid|cfid|cftoken)="
    r"|/\(s\([a-z0-9]{20,}\)\)/|;jsessionid",
    re.IGNORECASE,
)
_CALENDAR_KEY: Final = re.compile(
    r"month|year|day|date|week|cal|calendar|ical|outlook-ical|tribe-bar-date|eventdate|check_?in|checkout|arrival|departure"
)
_CALENDAR_PATH: Final = re.compile(r"/(?:19|20)\d\d[-/](?:0?[1-9]|1[0-2])(?:[-/](?:0?[1-9]|[12]\d|3[01]))?/?$")
_CALENDAR_WORD: Final = re.compile(
    r"\b(?:calendar|calendrier|kalender|events?|availability|disponibilit\w*|agenda)\b", re.IGNORECASE
)
_FACET_KEY: Final = re.compile(
    r"sort(?:_?by)?|order(?:_?by)?|dir|filters?|filter[_\[].*|facet.*|pa_.*|view|display|layout|per_?page|limit|pagesize"
    r"|colou?r|size|(?:min_|max_)?price|rating|replytocom|share|print|variant|add[-_]to[-_]cart|currency"
)
_SEARCH_KEY: Final = re.compile(r"s|q|query|search")
_SERVICE: Final = re.compile(
    r"/(?:search|recherche|suche|tag|author|feed|wp-json|xmlrpc\.php|wp-login\.php|wp-admin|cart|basket|checkout|login"
    r"|logout|register|my-account)(?:/|$)",
    re.IGNORECASE,
)


def trap_reason(url: str) -> str | None:
    """Why the address is better left alone, or None.

    Reasons: "too_long", "too_deep", "repeated_segments" (`/a/b/a/b`, `/x/x/x`), "session_id", "calendar" (a date as
    a parameter, or in the path beside a calendar's word), "facets" (sorting, filtering, or more than
    `MAX_PARAMETERS` parameters), "service" (search results, feeds, baskets, log-in). Blog posts under a date
    (`/2024/05/a-wedding`) are no trap.
    """
    try:
        parts = urlsplit(url)
    except ValueError:
        return "too_long" if len(url) > MAX_LENGTH else "malformed"
    path = unquote(parts.path)
    segments = [segment for segment in path.split("/") if segment]
    parameters = parse_qsl(parts.query, keep_blank_values=True)
    keys = {key.lower().removesuffix("[]") for key, _ in parameters}
    checks = (
        ("too_long", len(url) > MAX_LENGTH),
        ("too_deep", len(segments) > MAX_DEPTH),
        ("repeated_segments", _repeats(segments)),
        ("session_id", _SESSION.search(f"{path}?{parts.query}") is not None),
        ("calendar", _is_calendar(path, keys)),
        ("facets", len(parameters) > MAX_PARAMETERS or any(_FACET_KEY.fullmatch(key) for key in keys)),
        ("service", _SERVICE.search(path) is not None or any(_SEARCH_KEY.fullmatch(key) for key in keys)),
    )
    return next((reason for reason, is_met in checks if is_met), None)


def _is_calendar(path: str, keys: set[str]) -> bool:
    if any(_CALENDAR_KEY.fullmatch(key) for key in keys):
        return True
    return _CALENDAR_PATH.search(path) is not None and _CALENDAR_WORD.search(path) is not None


def _repeats(segments: list[str]) -> bool:
    """The same segment three times, or a run of segments followed by itself."""
    if any(count >= 3 for count in Counter(segments).values()):
        return True
    return any(
        segments[start : start + length] == segments[start + length : start + 2 * length]
        for length in range(2, len(segments) // 2 + 1)
        for start in range(len(segments) - 2 * length + 1)
    )
