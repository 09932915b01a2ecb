"""Who and where a venue is, merged from the structured data of its pages, each value with its evidence."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from venue_assets.extract.urls import absolute_url
from venue_assets.extract.values import SiteIdentity, Stated, StructuredItem

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from venue_assets.extract.values import StructuredData, StructuredSource, StructuredValue

# Most specific first. Articles, breadcrumbs and questions describe pages, events and products are not the venue.
_VENUE_TYPES: Final = (
    "EventVenue", "WeddingVenue", "Resort", "Hotel", "BedAndBreakfast", "LodgingBusiness", "VacationRental", "Winery",
    "Restaurant", "BarOrPub", "FoodEstablishment", "PerformingArtsTheater", "Museum", "Castle",
    "LandmarksOrHistoricalBuildings", "TouristAttraction", "CivicStructure", "Campground", "GolfCourse",
    "LocalBusiness", "Place", "Accommodation", "House", "Store", "Organization", "Corporation",
)  # fmt: skip
_SOURCES: Final = ("json-ld", "microdata", "rdfa", "opengraph", "markup")
_MAX_LISTED: Final = 200


def site_identity(pages: Sequence[StructuredData]) -> SiteIdentity:
    """Merge the statements of a site's pages, given in order of trust (the home page first).

    For every field the first statement counts, by notation (JSON-LD, microdata, RDFa, Open Graph, map links), then by
    the type's specificity, then by page. Lists are the union. Items about other things (events, products, reviews,
    articles) are not read.
    """
    found = sorted(_venue_items(pages), key=lambda entry: entry[:3])
    facts = _Facts([(page_url, item) for _, _, _, page_url, item in found])
    latitude = facts.number(-90, 90, "latitude", within="geo")
    longitude = facts.number(-180, 180, "longitude", within="geo")
    if latitude is None or longitude is None or latitude.page_url != longitude.page_url:
        latitude = longitude = None
    return SiteIdentity(
        name=facts.text("name", "legalName", "site_name"),
        description=facts.text("description"),
        street=facts.text("streetAddress", "street-address", "street_address", within="address"),
        locality=facts.text("addressLocality", "locality", within="address"),
        region=facts.text("addressRegion", "region", within="address"),
        postal_code=facts.text("postalCode", "postal-code", "postal_code", within="address"),
        country=facts.text("addressCountry", "country-name", "country_name", within="address"),
        latitude=latitude,
        longitude=longitude,
        telephone=facts.text("telephone", "phone_number") or facts.text("telephone", within="contactPoint"),
        email=facts.email(),
        capacity=facts.capacity(),
        price_range=facts.text("priceRange"),
        images=facts.images(),
        amenities=facts.amenities(),
        same_as=facts.texts("sameAs"),
    )


def _venue_items(pages: Sequence[StructuredData]) -> Iterator[tuple[int, int, int, str, StructuredItem]]:
    for number, page in enumerate(pages):
        for item in page.items:
            if item.source == "markup":
                item = StructuredItem((), {"geo": (item,)}, "markup")
            rank = min((_VENUE_TYPES.index(name) for name in item.types if name in _VENUE_TYPES), default=None)
            if rank is None and not item.types:
                rank = len(_VENUE_TYPES)
            if rank is not None:
                yield _SOURCES.index(item.source), rank, number, page.url, item


class _Facts:
    """The venue's items in order of trust, and how to read a field from them."""

    def __init__(self, items: list[tuple[str, StructuredItem]]) -> None:
        self._items = items

    def _values(
        self, *names: str, within: str | None = None
    ) -> Iterator[tuple[StructuredValue, str, StructuredSource]]:
        for page_url, item in self._items:
            holders: list[StructuredItem] = [item]
            if within is not None:
                nested = [value for value in item.properties.get(within, ()) if isinstance(value, StructuredItem)]
                holders = [*nested, item]
            for holder in holders:
                for name in names:
                    for value in holder.properties.get(name, ()):
                        yield value, page_url, item.source

    def texts(self, *names: str, within: str | None = None) -> tuple[Stated[str], ...]:
        found: dict[str, Stated[str]] = {}
        for value, page_url, source in self._values(*names, within=within):
            text = _text(value)
            if text and len(found) < _MAX_LISTED:
                found.setdefault(text, Stated(text, page_url, source))
        return tuple(found.values())

    def text(self, *names: str, within: str | None = None) -> Stated[str] | None:
        return next(iter(self.texts(*names, within=within)), None)

    def number(self, low: float, high: float, *names: str, within: str | None = None) -> Stated[float] | None:
        for value, page_url, source in self._values(*names, within=within):
            number = _number(value)
            if number is not None and low <= number <= high:
                return Stated(number, page_url, source)
        return None

    def capacity(self) -> Stated[int] | None:
        stated = self.number(1, 100_000, "maximumAttendeeCapacity")
        return Stated(int(stated.value), stated.page_url, stated.source) if stated else None

    def email(self) -> Stated[str] | None:
        for stated in (*self.texts("email"), *self.texts("email", within="contactPoint")):
            address = stated.value.removeprefix("mailto:").strip()
            if re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", address):
                return Stated(address, stated.page_url, stated.source)
        return None

    def images(self) -> tuple[Stated[str], ...]:
        found: dict[str, Stated[str]] = {}
        for value, page_url, source in self._values("image", "photo", "primaryImageOfPage"):
            parts = [value]
            if isinstance(value, StructuredItem):
                parts = [part for name in ("contentUrl", "url") for part in value.properties.get(name, ())][:1]
            for part in parts:
                url = absolute_url(part, page_url) if isinstance(part, str) else None
                if url and len(found) < _MAX_LISTED:
                    found.setdefault(url, Stated(url, page_url, source))
        return tuple(found.values())

    def amenities(self) -> tuple[Stated[str], ...]:
        found: dict[str, Stated[str]] = {}
        for value, page_url, source in self._values("amenityFeature"):
            name: StructuredValue | None = value
            if isinstance(value, StructuredItem):
                is_absent = any(_is_no(stated) for stated in value.properties.get("value", ()))
                name = None if is_absent else next(iter(value.properties.get("name", ())), None)
            if isinstance(name, str) and len(found) < _MAX_LISTED:
                found.setdefault(name, Stated(name, page_url, source))
        return tuple(found.values())


def _text(value: StructuredValue) -> str:
    if isinstance(value, StructuredItem):
        # {"@type": "Country", "name": "France"}
        return next((part for part in value.properties.get("name", ()) if isinstance(part, str)), "")
    return "" if isinstance(value, bool) else str(value)


def _number(value: StructuredValue) -> float | None:
    if isinstance(value, StructuredItem):
        parts = [part for name in ("value", "maxValue") for part in value.properties.get(name, ())]
        return _number(parts[0]) if parts and not isinstance(parts[0], StructuredItem) else None
    if isinstance(value, bool):
        return None
    # A comma before three digits groups thousands; any other one is the decimal point of half of Europe.
    written = re.sub(r",(?=\d{3}(?!\d))", "", str(value)).replace(",", ".")
    try:
        return float(written) if len(written) < 40 else None
    except ValueError:
        return None


def _is_no(value: StructuredValue) -> bool:
    return value is False or (isinstance(value, str) and value.lower() in ("false", "no", "0"))
