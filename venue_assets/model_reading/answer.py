"""The shape of a model's answer: flat and small, so that a grammar can hold a small model to it. Values only.

Lengths stand in the JSON schema, for servers that constrain what is generated, and are not validated here: an answer
that is too long in one place loses that place in `claims` and `voices`, not everything.
"""

from __future__ import annotations

from typing import Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from venue_assets.extract.summary.bounds import MAX_CHARACTERS

MAX_CLAIMS: Final = 60
MAX_VALUE: Final = 160
"""Characters; an address is the longest value there is."""

_QUOTE_SHOWN: Final = 300  # what the model is told; `quotes.MAX_QUOTE` judges

ClaimKind = Literal[
    "capacity_min",
    "capacity_max",
    "seated_max",
    "standing_max",
    "price_min",
    "price_max",
    "currency",
    "price_unit",
    "price_on_application",
    "setting",
    "address",
    "latitude",
    "longitude",
    "amenity",
    "style",
]


class FactClaim(BaseModel):
    """One statement about the venue. The evidence comes first, so that a model writes the value from it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    page: int = Field(
        description="Number of the page the quote stands on.", json_schema_extra={"minimum": 1, "maximum": 999}
    )
    quote: str = Field(
        description="Words copied from that page, letter by letter, that state the fact.",
        json_schema_extra={"maxLength": _QUOTE_SHOWN},
    )
    kind: ClaimKind
    value: str = Field(description="The fact itself, as the rules say.", json_schema_extra={"maxLength": MAX_VALUE})


class SiteAnswer(BaseModel):
    """What a model says about a venue."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    facts: list[FactClaim] = Field(json_schema_extra={"maxItems": MAX_CLAIMS})
    aesthetic: str = Field(
        description="2-3 sentences: visual style and ambiance.", json_schema_extra={"maxLength": MAX_CHARACTERS}
    )
    factual: str = Field(
        description="2-3 sentences: what the venue offers.", json_schema_extra={"maxLength": MAX_CHARACTERS}
    )
    vibe: str = Field(
        description="1-2 sentences: the feeling, and the couple it suits.",
        json_schema_extra={"maxLength": MAX_CHARACTERS},
    )
