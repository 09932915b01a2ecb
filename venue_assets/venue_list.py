"""Reading a list of venues from CSV or JSON: pure, from bytes to entries, with a reason for each line refused.

Where the list lies and what becomes of it in the database are other modules' business.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from resources.identity import canonical_site_url

_COLUMN: Final = "site_url"
_SHOWN: Final = 200  # characters of a refused line that are kept


@dataclass(frozen=True, slots=True)
class ListedVenue:
    """A venue of the list.

    Attributes:
        site_url: the site's canonical address, which identifies the venue.
        start_url: the address as it was listed, where a crawl begins (some sites answer only with their `www.`).
        name: the operator's name for it, where one is given.
    """

    site_url: str
    start_url: str
    name: str | None = None


@dataclass(frozen=True, slots=True)
class RefusedLine:
    """An entry that is no venue: where it stands (first is 1, headings not counted), what it says, and why not."""

    line: int
    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class VenueList:
    """A parsed list, without repetitions, in the order of the file."""

    venues: tuple[ListedVenue, ...]
    refused: tuple[RefusedLine, ...]


def parse_venue_list(content: bytes, *, is_json: bool) -> VenueList:
    """Parse a list of venues.

    CSV has a heading line with a column `site_url` and, optionally, `name`; JSON is a list of addresses, or of
    objects with these keys. A repeated venue counts once.

    Raises:
        ValueError: the file as a whole is not such a list (encoding, syntax, no `site_url`).
    """
    text = content.decode("utf-8-sig")
    entries = _json_entries(text) if is_json else _csv_entries(text)
    venues: dict[str, ListedVenue] = {}
    refused: list[RefusedLine] = []
    for number, entry in enumerate(entries, start=1):
        address = str(entry.get(_COLUMN) or "").strip()
        try:
            venue = listed_venue(address, str(entry.get("name") or ""))
        except ValueError as error:
            refused.append(RefusedLine(number, address[:_SHOWN], str(error)))
        else:
            venues.setdefault(venue.site_url, venue)
    return VenueList(tuple(venues.values()), tuple(refused))


def listed_venue(address: str, name: str = "") -> ListedVenue:
    """A venue from its site's address, as an operator types it.

    Raises:
        ValueError: not a site's address.
    """
    start_url = address if "://" in address else f"https://{address}"
    return ListedVenue(canonical_site_url(address), start_url, name.strip() or None)


def _csv_entries(text: str) -> Iterator[Mapping[str, Any]]:
    reader = csv.DictReader(io.StringIO(text), skipinitialspace=True)
    if _COLUMN not in (reader.fieldnames or ()):
        raise ValueError(f"the first line must name the columns, with {_COLUMN} among them; it is {reader.fieldnames}")
    try:
        yield from (row for row in reader if any(row.values()))
    except csv.Error as error:
        raise ValueError(f"not CSV: {error}") from error


def _json_entries(text: str) -> Iterator[Mapping[str, Any]]:
    try:
        entries = json.loads(text)
    except json.JSONDecodeError as error:
        raise ValueError(f"not JSON: {error}") from error
    if not isinstance(entries, list):
        raise ValueError("the JSON must be a list of addresses, or of objects with a key site_url")  # noqa: TRY004
    for entry in entries:
        yield entry if isinstance(entry, dict) else {_COLUMN: entry}
