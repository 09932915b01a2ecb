"""Pages of made-up venues, and answers about them, for the tests of this folder."""

from __future__ import annotations

from typing import Any

from venue_assets.extract.reading import SitePage
from venue_assets.extract.values import StructuredData, StructuredItem
from venue_assets.model_reading.answer import ClaimKind, FactClaim, SiteAnswer

BARN_TEXT = """\
# Hartley Barn

A rustic oak-beamed barn in rolling countryside, built in 1850, with festoon lights and a walled garden.

We seat **up to 120 guests** for dinner, and 180 for an evening reception. Ceremonies are held indoors or outdoors.

Venue hire is from £4,500 for the whole day, exclusive use included. Free parking for 60 cars."""

LOFT_TEXT = """\
# Foundry Loft

Exposed brick and steel windows above the canal, for 40 to 250 guests standing.

Prices on application."""


def page(markdown: str, url: str = "https://barn.test/", title: str = "", **stated: Any) -> SitePage:
    """A page; `stated` are properties of one JSON-LD item."""
    items = (StructuredItem(("EventVenue",), {name: (value,) for name, value in stated.items()}, "json-ld"),)
    return SitePage(url, title, markdown, StructuredData(url, items if stated else (), ()))


BARN = (
    page(BARN_TEXT, title="Hartley Barn | Weddings"),
    page("Hartley Barn, Mill Lane, Hartley GL13 9AA", "https://barn.test/find-us"),
)
LOFT = (page(LOFT_TEXT, "https://loft.test/", maximumAttendeeCapacity=250),)


def claim(kind: ClaimKind, value: str, quote: str, on: int = 1) -> FactClaim:
    """A claim about page number `on`."""
    return FactClaim(page=on, quote=quote, kind=kind, value=value)


def answer(*claims: FactClaim, aesthetic: str = "", factual: str = "", vibe: str = "") -> SiteAnswer:
    """An answer with these claims."""
    return SiteAnswer(facts=list(claims), aesthetic=aesthetic, factual=factual, vibe=vibe)


def honest_barn() -> SiteAnswer:
    """What a good model says of BARN."""
    return answer(
        claim("seated_max", "120", "We seat up to 120 guests for dinner"),
        claim("capacity_max", "180", "180 for an evening reception"),
        claim("price_min", "4500", "Venue hire is from £4,500 for the whole day"),
        claim("currency", "GBP", "from £4,500"),
        claim("price_unit", "day", "for the whole day"),
        claim("setting", "both", "Ceremonies are held indoors or outdoors."),
        claim("amenity", "parking", "Free parking for 60 cars"),
        claim("amenity", "festoon lights", "with festoon lights"),
        claim("style", "rustic", "A rustic oak-beamed barn"),
        claim("address", "Mill Lane, Hartley GL13 9AA", "Hartley Barn, Mill Lane, Hartley GL13 9AA", on=2),
        aesthetic="An oak-beamed barn under festoon lights. It stands in open countryside with a walled garden.",
        factual="The barn seats 120 for dinner and takes 180 in the evening. Hire starts at £4,500 a day.",
        vibe="Relaxed and rooted in the land, for a couple who like an honest country feast.",
    )
