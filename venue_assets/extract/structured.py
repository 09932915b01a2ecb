"""Everything a page states in machine-readable form: JSON-LD, microdata, RDFa Lite, Open Graph, positions in links."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from venue_assets.extract.json_ld import json_ld_items
from venue_assets.extract.links import base_url
from venue_assets.extract.microdata import MICRODATA, RDFA, marked_up_items
from venue_assets.extract.similar import similar_blocks
from venue_assets.extract.urls import absolute_url
from venue_assets.extract.values import StructuredData, StructuredItem
from venue_assets.extract.words import one_line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.html import HtmlElement

    from venue_assets.extract.values import ParsedPage, StructuredValue

_NUMBER: Final = r"(-?\d{1,3}\.\d{2,})"
_POSITIONS: Final = (
    re.compile(rf"^geo:{_NUMBER},{_NUMBER}"),
    re.compile(
        rf"[/?&](?:q|ll|center|daddr|query|destination)=(?:loc:)?{_NUMBER}(?:,|%2C|\+)+{_NUMBER}", re.IGNORECASE
    ),
    re.compile(rf"!3d{_NUMBER}!4d{_NUMBER}"),
    re.compile(rf"/maps/[^?]*@{_NUMBER},{_NUMBER}"),
)
_LONGITUDE_FIRST: Final = re.compile(rf"!2d{_NUMBER}!3d{_NUMBER}")
_MAP_SITE: Final = re.compile(
    r"^geo:|//(?:www\.|maps\.)?google\.[a-z.]+/maps|//maps\.google\.|//maps\.apple\.", re.IGNORECASE
)
_PAIR: Final = re.compile(rf"\s*{_NUMBER}\s*[,;]\s*{_NUMBER}\s*")


def structured_data(page: ParsedPage, page_url: str) -> StructuredData:
    """The page's items: JSON-LD first, then microdata, RDFa, Open Graph and the position its map shows.

    Open Graph becomes one item without type whose properties are `og:` names without their prefix. A position read
    from a map link, a `geo:` link, `data-position`/`data-lat` attributes or the `geo.position` meta element becomes a
    "GeoCoordinates" item with the source "markup". Cards of other venues are not read.
    """
    base = base_url(page, page_url)
    items, broken = json_ld_items(page)
    # Elements as long as the set lives: lxml makes new objects for those that nobody holds.
    others = {part for block in similar_blocks(page.root) for part in block.iter()}
    items += marked_up_items(page, base, MICRODATA, others)
    items += marked_up_items(page, base, RDFA, others)
    open_graph = _open_graph(page.root, base)
    if open_graph:
        items.append(StructuredItem((), open_graph, "opengraph"))
    position = next(_positions(page.root, others), None)
    if position is not None:
        latitude, longitude = position
        items.append(
            StructuredItem(("GeoCoordinates",), {"latitude": (latitude,), "longitude": (longitude,)}, "markup")
        )
    return StructuredData(page_url, tuple(items), tuple(broken))


def _open_graph(root: HtmlElement, base: str) -> dict[str, tuple[StructuredValue, ...]]:
    found: dict[str, list[StructuredValue]] = {}
    for element in root.iter("meta"):
        name = (element.get("property") or element.get("name") or "").strip().lower()
        prefix, _, rest = name.partition(":")
        content = one_line((element.get("content") or "")[:2000])
        if prefix not in ("og", "place", "business") or not rest or not content:
            continue
        key = rest.rpartition(":")[2] if prefix != "og" else rest.removesuffix(":url").removesuffix(":secure_url")
        value = absolute_url(content, base) or content if key in ("image", "url") else content
        if value not in found.setdefault(key, []):
            found[key].append(value)
    return {name: tuple(values) for name, values in found.items()}


def _positions(root: HtmlElement, others: set[HtmlElement]) -> Iterator[tuple[float, float]]:
    for element in root.iter():
        if element in others:
            continue
        for pair in _written_positions(element):
            latitude, longitude = float(pair[0]), float(pair[1])
            if abs(latitude) <= 90 and abs(longitude) <= 180:
                yield latitude, longitude


def _written_positions(element: HtmlElement) -> Iterator[tuple[str, str]]:
    if element.tag == "meta":
        is_position = (element.get("name") or "").lower() in ("geo.position", "icbm")
        pairs = [_PAIR.fullmatch(element.get("content") or "")] if is_position else []
        yield from ((pair[1], pair[2]) for pair in pairs if pair)
        return
    position = _PAIR.fullmatch(element.get("data-position") or element.get("data-coordinates") or "")
    if position:
        yield position[1], position[2]
    latitude = element.get("data-lat") or element.get("data-latitude") or ""
    longitude = element.get("data-lng") or element.get("data-lon") or element.get("data-longitude") or ""
    both = _PAIR.fullmatch(f"{latitude},{longitude}")
    if both:
        yield both[1], both[2]
    target = (element.get("href") or element.get("src") or "")[:2000].strip()
    if _MAP_SITE.search(target):
        pair = _LONGITUDE_FIRST.search(target)
        if pair:
            yield pair[2], pair[1]
        for pattern in _POSITIONS:
            pair = pattern.search(target)
            if pair:
                yield pair[1], pair[2]
