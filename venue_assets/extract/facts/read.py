"""The entry: from the pages of a site to its facts, every one of them verified. How each is found is elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from venue_assets.extract.facts.address import written_addresses
from venue_assets.extract.facts.amenities import amenity_mentions, free_amenities, styles_of
from venue_assets.extract.facts.capacity import capacity_claims
from venue_assets.extract.facts.machine import MachineFacts
from venue_assets.extract.facts.merge import decide_capacity, decide_price
from venue_assets.extract.facts.price import is_on_application, price_claims
from venue_assets.extract.facts.setting import setting_in
from venue_assets.extract.facts.statements import folded, in_site_order, site_statements
from venue_assets.extract.facts.vocabulary import AMENITIES
from venue_assets.extract.identity import site_identity
from venue_assets.extract.quotes import verified
from venue_assets.extract.reading import Quoted, Setting, SiteFacts
from venue_assets.extract.site_words import name_in_titles

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from venue_assets.extract.facts.merge import Conflicts
    from venue_assets.extract.facts.statements import Statement
    from venue_assets.extract.reading import SitePage

T = TypeVar("T")


def read_facts(pages: Sequence[SitePage]) -> SiteFacts:
    """What the pages of a site state about its venue.

    Any text is safe to read and gives the same facts in any process, whatever the order of the pages.
    Facts whose quote does not stand on their page do not exist, so nothing here depends on the rules being right.
    """
    pages = in_site_order(pages)
    by_url = {page.url: page for page in pages}
    everything = site_statements(pages)
    statements = [statement for statement in everything if not statement.is_visitors]
    identity = site_identity([page.structured for page in pages])
    machine = MachineFacts(pages, identity)
    country = identity.country.value if identity.country is not None else ""
    named = identity.name or name_in_titles(pages)
    name = folded(named.value) if named is not None else ""

    capacity = decide_capacity(
        machine.capacity(), [claim for statement in statements for claim in capacity_claims(statement, name)]
    )
    stated_price = machine.price_statement()
    machine_prices = list(price_claims(stated_price, country)) if stated_price is not None else []
    price = decide_price(
        machine_prices or list(machine.menu_prices()),
        [claim for statement in statements for claim in price_claims(statement, country)],
    )
    asked = [statement for statement in [stated_price, *statements] if statement and is_on_application(statement)]
    setting, setting_conflicts = _setting(statements)
    amenities, denied = _amenities(statements, machine)
    latitude, longitude = machine.coordinates()
    conflicts: Conflicts = {**capacity.conflicts, **price.conflicts, **setting_conflicts, **denied}

    return SiteFacts(
        capacity_min=_sure(capacity.least, by_url),
        capacity_max=_sure(capacity.greatest, by_url),
        seated_max=_sure(capacity.seated, by_url),
        standing_max=_sure(capacity.standing, by_url),
        price_min=_sure(price.low, by_url),
        price_max=_sure(price.high, by_url),
        currency=_sure(price.currency, by_url),
        price_unit=_sure(price.unit, by_url),
        price_on_application=_sure(_first(True, asked) if price.low is None else None, by_url),
        setting=_sure(setting, by_url),
        address=_sure(machine.address() or next(iter(written_addresses(everything)), None), by_url),
        latitude=_sure(latitude, by_url),
        longitude=_sure(longitude, by_url),
        amenities=_all_sure(amenities, by_url),
        styles=_all_sure(styles_of(pages, statements), by_url),
        other_amenities=_all_sure(_distinct([*machine.free_amenities(), *free_amenities(statements)]), by_url),
        conflicts={name: kept for name, others in conflicts.items() if (kept := _all_sure(others, by_url))},
    )


def _setting(statements: Sequence[Statement]) -> tuple[Quoted[Setting] | None, Conflicts]:
    """Both where a statement says both, else the side that no statement contradicts."""
    claims: dict[Setting, Statement] = {}
    for statement in statements:
        setting = setting_in(statement)
        if setting is not None:
            claims.setdefault(setting, statement)
    if "both" in claims or len(claims) == 1:
        value: Setting = "both" if "both" in claims else next(iter(claims))
        return Quoted[Setting](value=value, quote=claims[value].quote, page_url=claims[value].page_url), {}
    against = tuple(
        Quoted[int | float | str](value=value, quote=statement.quote, page_url=statement.page_url)
        for value, statement in claims.items()
    )
    return None, {"setting": against} if against else {}


def _amenities(statements: Sequence[Statement], machine: MachineFacts) -> tuple[list[Quoted[str]], Conflicts]:
    """The amenities stated and nowhere denied, in the vocabulary's order; the contradicted ones as conflicts."""
    mentions = amenity_mentions(statements)
    stated: dict[str, Quoted[str]] = {}
    for quoted in machine.amenities():
        stated.setdefault(quoted.value, quoted)
    found, against = [], []
    for word in AMENITIES:
        affirmed, denied = mentions.get(word, ([], []))
        # The shortest statement is about little else.
        yes = stated.get(word) or min(affirmed, key=lambda quoted: len(quoted.quote), default=None)
        if yes is not None and not denied:
            found.append(yes)
        elif yes is not None:
            against += [yes, denied[0]]
    kept = tuple(Quoted[int | float | str](**quoted.model_dump()) for quoted in against)
    return found, {"amenities": kept} if kept else {}


def _distinct(quoted: Sequence[Quoted[str]]) -> list[Quoted[str]]:
    found: dict[str, Quoted[str]] = {}
    for entry in quoted:
        found.setdefault(folded(entry.value), entry)
    return list(found.values())


def _first(value: T, statements: Sequence[Statement]) -> Quoted[T] | None:
    if not statements:
        return None
    return Quoted(value=value, quote=statements[0].quote, page_url=statements[0].page_url)


def _sure(quoted: Quoted[T] | None, by_url: Mapping[str, SitePage]) -> Quoted[T] | None:
    return quoted if quoted is not None and verified(quoted, by_url) else None


def _all_sure(quoted: Sequence[Quoted[Any]], by_url: Mapping[str, SitePage]) -> tuple[Quoted[Any], ...]:
    return tuple(entry for entry in quoted if verified(entry, by_url))
