"""What is read out of a site: summaries in three voices and facts, each fact with its evidence. Values only.

Both readers, the rules of `venue_assets.extract.facts` and a language model, give a `SiteReading`, and both take
`SitePage`s. Whether a quote really stands on its page is decided in `venue_assets.extract.quotes`, for both alike.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, Literal, TypeVar

from pydantic import BaseModel, ConfigDict

from venue_assets.extract.values import StructuredData

T = TypeVar("T")

Setting = Literal["indoor", "outdoor", "both"]
PriceUnit = Literal["event", "person", "day", "hour"]


@dataclass(frozen=True, slots=True)
class SitePage:
    """An accepted page of a venue's site, as the crawl stored it.

    Attributes:
        url: its address.
        title: its title, or "".
        markdown: its words, without navigation, boilerplate, hidden text and cards of other venues.
        structured: its machine-readable statements.
        language: two-letter code, or "" when the page does not say.
    """

    url: str
    title: str
    markdown: str
    structured: StructuredData
    language: str = ""


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Quoted(_Value, Generic[T]):
    """A value with its evidence.

    Attributes:
        value: the fact.
        quote: the words of the page that say so, verbatim but for white space; for machine-readable statements
            the line `name: value` that `quotes.statement_lines` writes for it.
        page_url: the page they stand on.
    """

    value: T
    quote: str
    page_url: str


class SiteFacts(_Value):
    """What a site states about its venue. None and empty mean that it does not say.

    Guests are persons. `capacity_max` is the largest number the site gives for the venue as a whole or, where it
    gives numbers for rooms only, for the largest of them; `seated_max` and `standing_max` what it gives for each.
    Prices are amounts of `currency` (ISO 4217) per `price_unit`; a price "from" has no `price_max`. `amenities` and
    `styles` hold words of `facts.vocabulary`; what the site says beyond it stands in `other_amenities` and
    `other_styles`. `conflicts` keeps, by field, the statements that contradict the one taken; where none can be
    preferred the field itself is None.
    """

    capacity_min: Quoted[int] | None = None
    capacity_max: Quoted[int] | None = None
    seated_max: Quoted[int] | None = None
    standing_max: Quoted[int] | None = None
    price_min: Quoted[float] | None = None
    price_max: Quoted[float] | None = None
    currency: Quoted[str] | None = None
    price_unit: Quoted[PriceUnit] | None = None
    price_on_application: Quoted[bool] | None = None
    setting: Quoted[Setting] | None = None
    address: Quoted[str] | None = None
    latitude: Quoted[float] | None = None
    longitude: Quoted[float] | None = None
    amenities: tuple[Quoted[str], ...] = ()
    styles: tuple[Quoted[str], ...] = ()
    other_amenities: tuple[Quoted[str], ...] = ()
    other_styles: tuple[Quoted[str], ...] = ()
    conflicts: dict[str, tuple[Quoted[int | float | str], ...]] = {}


class SiteReading(_Value):
    """A venue as its site tells it; a summary is None where the site says too little for it.

    Attributes:
        aesthetic: 2-3 sentences on visual style and ambiance.
        factual: 2-3 sentences on what the venue can do.
        vibe: 1-2 sentences on the feeling, and the couple it suits.
        facts: what the site states.
        dropped: why statements of a reader were not taken (a quote that is not on the page, a number out of range).
    """

    aesthetic: str | None = None
    factual: str | None = None
    vibe: str | None = None
    facts: SiteFacts = SiteFacts()
    dropped: tuple[str, ...] = ()
