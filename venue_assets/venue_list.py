"""Reading a list of venues from CSV or JSON: pure, from bytes to entries, with a reason for each line refused.

Where the list lies and what becomes of it in the database are other modules' business.
"""

from __future__ import annotations

import csv
import io
import json
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from resources.identity import canonical_site_url

_COLUMN: Final = "site_url"
_SHOWN: Final = 200  # characters of a refused line that are kept
_UNSTORABLE: Final = ("Cc", "Cs")  # control characters and lone surrogates, which Postgres does not take


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

    CSV is read strictly: a quotation mark out of place makes a parser swallow lines, and venues that seem to be gone
    from a list are retired.

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
    address, name = address.strip(), " ".join(name.split())
    if any(character.isspace() for character in address):
        raise ValueError(f"an address has no blanks in it: {address!r}")
    if any(unicodedata.category(character) in _UNSTORABLE for character in address + name):
        raise ValueError("a control character or half a character in address or name")
    start_url = address if "://" in address else f"https://{address}"
    return ListedVenue(canonical_site_url(address), start_url, name or None)


def _csv_entries(text: str) -> Iterator[Mapping[str, Any]]:
    first, *others = text.lstrip().partition("\n")[0].split(";")
    if others and _COLUMN in (name.strip(' "\r') for name in (first, *others)):
        raise ValueError("the first line has semicolons between its columns; separate with commas")
    reader = csv.reader(io.StringIO(text, newline=""), strict=True, skipinitialspace=True)
    heading: list[str] | None = None
    try:
        for row in reader:
            at = f"line {reader.line_num}"
            if any("\n" in field or "\r" in field for field in row):
                raise ValueError(f"not CSV: {at}: a field goes over several lines; is a quotation mark out of place?")
            if heading is None:
                heading = _heading(row)
            elif any(row[len(heading) :]):
                raise ValueError(f"not CSV: {at} has more fields than the heading; quote a name that has a comma in it")
            elif any(row):
                yield dict(zip(heading, row, strict=False))
    except csv.Error as error:
        raise ValueError(f"not CSV: line {reader.line_num}: {error}") from error
    if heading is None:
        _heading([])


def _heading(row: list[str]) -> list[str]:
    heading = [name.strip() for name in row]
    if _COLUMN not in heading:
        raise ValueError(f"the first line must name the columns, with {_COLUMN} among them; it is {row}")
    return heading


def _json_entries(text: str) -> Iterator[Mapping[str, Any]]:
    try:
        entries = json.loads(text)
    except json.JSONDecodeError as error:
        raise ValueError(f"not JSON: {error}") from error
    if not isinstance(entries, list):
        raise ValueError("the JSON must be a list of addresses, or of objects with a key site_url")  # noqa: TRY004
    for entry in entries:
        yield entry if isinstance(entry, dict) else {_COLUMN: entry}
