"""From a page's body to everything the crawl wants of it, and to JSON and back for the next run's memory.

Pure: the work itself is `venue_assets.extract`'s.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from email.message import Message
from typing import Any, Final

from pydantic import TypeAdapter, ValidationError

from venue_assets.extract.links import page_directives, page_links
from venue_assets.extract.markdown import page_text
from venue_assets.extract.parsing import parse_html
from venue_assets.extract.photo_candidates import photo_candidates
from venue_assets.extract.structured import structured_data
from venue_assets.extract.values import (
    PageDirectives,
    PageLink,
    PageText,
    PhotoCandidates,
    Rejection,
    StructuredData,
    StructuredItem,
    StructuredValue,
)

EXTRACTION_VERSION: Final = 1
"""Raise it when extraction changes what it finds: remembered readings of other versions are read anew.

They stand in where their page cannot be had, so give what is added to a reading a default.
"""

_VERSION: Final = TypeAdapter(int)
_TEXT: Final = TypeAdapter(PageText)
_LINKS: Final = TypeAdapter(tuple[PageLink, ...])
_DIRECTIVES: Final = TypeAdapter(PageDirectives)
_PICTURES: Final = TypeAdapter(PhotoCandidates)


@dataclass(frozen=True, slots=True)
class PageReading:
    """One page, read. Its markdown still has the boilerplate that all pages of the site repeat."""

    text: PageText
    links: tuple[PageLink, ...]
    directives: PageDirectives
    pictures: PhotoCandidates
    structured: StructuredData
    version: int = EXTRACTION_VERSION

    @property
    def is_current(self) -> bool:
        """Whether reading the same bytes again would give the same."""
        return self.version == EXTRACTION_VERSION


def read_page(body: bytes, content_type_parameters: str, page_url: str) -> PageReading | Rejection:
    """Read a page.

    Args:
        body: as received, content coding undone.
        content_type_parameters: what follows the media type in the Content-Type header.
        page_url: where it came from; links to its host are those of its site.
    """
    page = parse_html(body, _charset(content_type_parameters))
    if isinstance(page, Rejection):
        return page
    return PageReading(
        text=page_text(page, page_url),
        links=tuple(page_links(page, page_url, page_url)),
        directives=page_directives(page, page_url),
        pictures=photo_candidates(page, page_url),
        structured=structured_data(page, page_url),
    )


def to_memory(reading: PageReading) -> dict[str, Any]:
    """The reading as JSON, for `PageMemory.extraction`."""
    return {
        "version": reading.version,
        "text": asdict(reading.text),
        "links": [asdict(link) for link in reading.links],
        "directives": asdict(reading.directives),
        "pictures": _PICTURES.dump_python(reading.pictures, mode="json"),
        "structured": {
            "url": reading.structured.url,
            "items": [_item_to_json(item) for item in reading.structured.items],
            "broken": list(reading.structured.broken),
        },
    }


def from_memory(memory: Mapping[str, Any] | None) -> PageReading | None:
    """A remembered reading, of whatever version; None when there is none that can be read."""
    if memory is None:
        return None
    try:
        structured = memory["structured"]
        return PageReading(
            text=_TEXT.validate_python(memory["text"]),
            links=_LINKS.validate_python(memory["links"]),
            directives=_DIRECTIVES.validate_python(memory["directives"]),
            pictures=_PICTURES.validate_python(memory["pictures"]),
            structured=StructuredData(
                structured["url"],
                tuple(_item_from_json(item) for item in structured["items"]),
                tuple(structured["broken"]),
            ),
            version=_VERSION.validate_python(memory["version"]),
        )
    except (KeyError, TypeError, ValidationError):
        return None  # written by other code: as good as no memory


def _item_to_json(item: StructuredItem) -> dict[str, Any]:
    return {
        "types": list(item.types),
        "properties": {name: [_value_to_json(value) for value in values] for name, values in item.properties.items()},
        "source": item.source,
    }


def _value_to_json(value: StructuredValue) -> Any:
    return _item_to_json(value) if isinstance(value, StructuredItem) else value


def _item_from_json(item: Mapping[str, Any]) -> StructuredItem:
    return StructuredItem(
        tuple(item["types"]),
        {name: tuple(_value_from_json(value) for value in values) for name, values in item["properties"].items()},
        item["source"],
    )


def _value_from_json(value: Any) -> StructuredValue:
    if isinstance(value, dict):
        return _item_from_json(value)
    if isinstance(value, str | int | float):
        return value
    raise TypeError(f"no value of a structured item: {value!r}")


def _charset(parameters: str) -> str | None:
    header = Message()
    header["Content-Type"] = f"text/html;{parameters}"
    return header.get_content_charset()
