"""The schema.org description that the JSON-LD family carries, and what it states."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from demo.sites.facts import price_range
from demo.sites.plan import Statement
from demo.world.venues import AMENITIES

if TYPE_CHECKING:
    from demo.sites.plan import Page, SitePlan
    from demo.world.model import Venue

_COUNTRY_CODES: Final = {
    "United Kingdom": "GB", "United States": "US", "France": "FR", "Italy": "IT", "Spain": "ES",
    "Portugal": "PT", "Ireland": "IE", "Greece": "GR", "Switzerland": "CH", "Austria": "AT", "Canada": "CA",
    "Australia": "AU",
}  # fmt: skip


def json_ld_blocks(plan: SitePlan, page: Page) -> list[str]:
    """The contents of the page's `application/ld+json` scripts; a broken one goes before the good one."""
    trail = {"@context": "https://schema.org", "@type": "WebPage", "name": page.title, "url": _url(plan, page.path)}
    if page.kind != "home":
        return [_script(trail)]
    # A comma too many, as hand-edited blocks have.
    broken = ['{"@context": "https://schema.org", "@type": "BreadcrumbList", "itemListElement": [1,],}']
    pictures = [_url(plan, file.path) for file in plan.of_kind("photo") if file.made == "original"]
    described = {**_event_venue(plan.venue), "url": _url(plan, "/"), "image": pictures}
    return [*(broken if plan.broken_json_ld else []), _script(described)]


def json_ld_statements(venue: Venue) -> list[Statement]:
    """The facts in the home page's EventVenue block; the wording is the field's value as text."""
    stated = [
        Statement("address", "/", venue.street, "json-ld"),
        Statement("position", "/", f"{venue.lat},{venue.lon}", "json-ld"),
    ]
    if venue.capacity_max is not None:
        stated.append(Statement("capacity", "/", str(venue.capacity_max), "json-ld"))
    price = price_range(venue)
    if price is not None:
        stated.append(Statement("price", "/", price, "json-ld"))
    return stated + [Statement("amenities", "/", AMENITIES[slug], "json-ld") for slug in venue.amenities]


def _event_venue(venue: Venue) -> dict[str, Any]:
    described: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "EventVenue",
        "name": venue.name,
        "address": {
            "@type": "PostalAddress",
            "streetAddress": venue.street,
            "addressLocality": venue.city,
            "addressRegion": venue.region,
            "postalCode": venue.postcode,
            "addressCountry": _COUNTRY_CODES[venue.country],
        },
        "geo": {"@type": "GeoCoordinates", "latitude": venue.lat, "longitude": venue.lon},
    }
    if venue.capacity_max is not None:
        described["maximumAttendeeCapacity"] = venue.capacity_max
    price = price_range(venue)
    if price is not None:
        described["priceRange"] = price
    if venue.amenities:
        described["amenityFeature"] = [
            {"@type": "LocationFeatureSpecification", "name": AMENITIES[slug], "value": True}
            for slug in venue.amenities
        ]
    return described


def _url(plan: SitePlan, path: str) -> str:
    return f"http://{plan.host}{path}"


def _script(value: dict[str, Any]) -> str:
    """JSON that cannot end the script element it stands in."""
    return json.dumps(value, ensure_ascii=False, indent=1).replace("</", "<\\/")
