"""Deciding between claims: what is taken, what is kept as a conflict, and what is left open.

Machine-readable statements come first, claims about the venue before those about a room, what more statements say
before what fewer say. Where nothing decides, the field stays empty and the claims are its conflicts.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from venue_assets.extract.reading import PriceUnit, Quoted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from venue_assets.extract.facts.capacity import CapacityClaim, CapacityKind
    from venue_assets.extract.facts.price import PriceClaim


Conflicts = dict[str, tuple[Quoted[int | float | str], ...]]

_UNIT_ORDER: Final[tuple[PriceUnit | None, ...]] = ("event", "day", "person", "hour", None)
_MAX_CONFLICTS: Final = 10


@dataclass(slots=True)
class Capacity:
    """What is decided about the number of guests."""

    least: Quoted[int] | None = None
    greatest: Quoted[int] | None = None
    seated: Quoted[int] | None = None
    standing: Quoted[int] | None = None
    conflicts: Conflicts = field(default_factory=dict)


@dataclass(slots=True)
class Price:
    """What is decided about the price."""

    low: Quoted[float] | None = None
    high: Quoted[float] | None = None
    currency: Quoted[str] | None = None
    unit: Quoted[PriceUnit] | None = None
    conflicts: Conflicts = field(default_factory=dict)


def decide_capacity(stated: Quoted[int] | None, claims: Sequence[CapacityClaim]) -> Capacity:
    """The capacity from the machine-readable one, if any, and the text's claims.

    The greatest is the largest of what is taken for guests in general, seated and standing; but more seats than the
    machine-readable number of guests contradict it, and it stands.
    """
    decided = Capacity()
    whole, against = _largest(claims, "any", stated)
    decided.seated, against_seated = _largest(claims, "seated", None)
    decided.standing, against_standing = _largest(claims, "standing", None)
    for name, others in (
        ("capacity_max", against), ("seated_max", against_seated), ("standing_max", against_standing),
    ):  # fmt: skip
        if others:
            decided.conflicts[name] = others
    taken = [quoted for quoted in (whole, decided.standing) if quoted is not None]
    if decided.seated is not None and (stated is None or decided.seated.value <= stated.value):
        taken.append(decided.seated)
    elif decided.seated is not None:
        more_seats = Quoted[int | float | str](**decided.seated.model_dump())
        decided.conflicts["capacity_max"] = (*against, more_seats)
    if taken and (whole is not None or not against):
        decided.greatest = max(taken, key=lambda quoted: quoted.value)
    decided.least = _least(claims, decided.greatest)
    return decided


def decide_price(machine: Sequence[PriceClaim], claims: Sequence[PriceClaim]) -> Price:
    """The price from machine-readable claims, if any, and the text's.

    One currency and one unit are taken: those the machine-readable price agrees with, else those with most claims;
    claims without a unit only where no other has one. A highest price needs a range, or several prices none of which
    is a "from".
    """
    everything = [*machine, *claims]
    if not everything:
        return Price()
    pool = _price_pool(machine, claims)
    trusted = [claim for claim in machine if claim in pool] or pool
    low = min(trusted, key=lambda claim: claim.low)
    ends = [claim for claim in trusted if claim.high is not None or not claim.is_from]
    high = max(ends, key=lambda claim: claim.high or claim.low, default=None)
    decided = Price(low=_price(low, low.low), currency=_currency(low))
    if high is not None and (high.high or high.low) > low.low:
        decided.high = _price(high, high.high or high.low)
    unit = next((claim for claim in (low, *pool) if claim.unit is not None), None)
    if unit is not None and unit.unit is not None:
        decided.unit = Quoted[PriceUnit](value=unit.unit, quote=unit.statement.quote, page_url=unit.statement.page_url)
    against = [claim for claim in pool if claim not in trusted and claim.low < low.low]
    if against:
        decided.conflicts["price_min"] = tuple(_distinct([_number(claim, claim.low) for claim in against]))
    return decided


def _price_pool(machine: Sequence[PriceClaim], claims: Sequence[PriceClaim]) -> list[PriceClaim]:
    """The claims of the currency and unit that are taken."""
    groups: dict[tuple[str, PriceUnit | None], list[PriceClaim]] = {}
    for claim in [*machine, *claims]:
        groups.setdefault((claim.currency, claim.unit), []).append(claim)
    if machine:
        first = machine[0]
        agreeing = [claim for claim in claims if (claim.currency, claim.low) == (first.currency, first.low)]
        unit = first.unit or next((claim.unit for claim in agreeing if claim.unit is not None), None)
        texts = [claim for claim in claims if (claim.currency, claim.unit) == (first.currency, unit)]
        return [*machine, *(texts if unit is not None or agreeing else [])]
    return max(
        groups.values(),
        key=lambda group: (group[0].unit is not None, len(group), -_UNIT_ORDER.index(group[0].unit)),
    )


def _largest(
    claims: Sequence[CapacityClaim], kind: CapacityKind, stated: Quoted[int] | None
) -> tuple[Quoted[int] | None, tuple[Quoted[int | float | str], ...]]:
    """The number taken for a kind of claim, and the claims it was preferred to, or could not be."""
    fitting = [claim for claim in claims if claim.kind == kind and claim.high is not None]
    pool = [claim for claim in fitting if not claim.is_room]
    if stated is not None:
        return stated, _against(pool, stated.value)
    if not pool:
        # Rooms of different size do not contradict each other: the venue holds what its largest room holds.
        best = max(fitting, key=lambda claim: claim.high or 0, default=None)
        return (None if best is None else _guests(best)), ()
    counts = Counter(claim.high for claim in pool)
    largest = max(pool, key=lambda claim: claim.high or 0)
    if len(counts) == 1 or len({claim.arrangement for claim in pool}) >= len(counts):
        return _guests(largest), ()
    (first, most), (_, second) = counts.most_common(2)
    if most == second or first is None:
        return None, _against(pool, None)
    return _guests(next(claim for claim in pool if claim.high == first)), _against(pool, first)


def _against(pool: Sequence[CapacityClaim], taken: int | None) -> tuple[Quoted[int | float | str], ...]:
    others = [
        Quoted[int | float | str](value=claim.high, quote=claim.statement.quote, page_url=claim.statement.page_url)
        for claim in pool
        if claim.high is not None and claim.high != taken and (taken is None or not claim.arrangement)
    ]
    return tuple(_distinct(others))


def _least(claims: Sequence[CapacityClaim], greatest: Quoted[int] | None) -> Quoted[int] | None:
    """The low end that goes with the number taken, else the smallest that the site gives for the venue."""
    lows = [claim for claim in claims if claim.low is not None]
    if greatest is not None:
        lows = [claim for claim in lows if (claim.low or 0) <= greatest.value]
        lows = [claim for claim in lows if claim.high == greatest.value] or lows
    best = min(lows, key=lambda claim: claim.low or 0, default=None)
    if best is None or best.low is None:
        return None
    return Quoted(value=best.low, quote=best.statement.quote, page_url=best.statement.page_url)


def _guests(claim: CapacityClaim) -> Quoted[int] | None:
    if claim.high is None:
        return None
    return Quoted(value=claim.high, quote=claim.statement.quote, page_url=claim.statement.page_url)


def _price(claim: PriceClaim, amount: float) -> Quoted[float]:
    return Quoted(value=amount, quote=claim.statement.quote, page_url=claim.statement.page_url)


def _currency(claim: PriceClaim) -> Quoted[str]:
    statement = claim.currency_statement or claim.statement
    return Quoted(value=claim.currency, quote=statement.quote, page_url=statement.page_url)


def _number(claim: PriceClaim, amount: float) -> Quoted[int | float | str]:
    return Quoted(value=amount, quote=claim.statement.quote, page_url=claim.statement.page_url)


def _distinct(quoted: Sequence[Quoted[int | float | str]]) -> list[Quoted[int | float | str]]:
    found = {(entry.value, entry.quote): entry for entry in quoted}
    return list(found.values())[:_MAX_CONFLICTS]
