"""What can be asked of the venues, one small typed value for each thing asked. Values and their bounds only.

Every interpreter makes these and nothing else, and search takes nothing else: a field that is not here cannot be
filtered by. What an ask is called on a chip is said in `wording`.
"""

from __future__ import annotations

import uuid
from typing import Annotated, Any, Final, Literal, Self, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, model_validator

Strength = Literal["must", "want", "prefer"]
"""How firmly something is asked.

`must`: only venues whose site states it. `want`: no venue whose site states the contrary; one that does not say stays,
lower. `prefer`: rules nothing out; what is stated to fit comes first.
"""

Setting = Literal["indoor", "outdoor", "both"]
PriceUnit = Literal["event", "person", "day", "hour"]
LookAmount = Literal["more", "less", "none"]

MAX_GUESTS: Final = 100_000
MAX_AMOUNT: Final = 100_000_000.0
MAX_KM: Final = 20_040.0
"""Half the Earth's circumference: farther is nowhere."""
MAX_WORDS: Final = 160
"""Characters of free words."""
MAX_COUNTRIES: Final = 8

Word = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,63}$")]
CountryCode = Annotated[str, Field(pattern=r"^[A-Z]{2}$")]
"""ISO 3166-1 alpha-2."""
Words = Annotated[str, Field(min_length=1, max_length=MAX_WORDS)]
Guests = Annotated[int, Field(ge=1, le=MAX_GUESTS)]
PhotoId = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class _Ask(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    @property
    def slot(self) -> str:
        """What of a conversation this is about: a later ask about the same replaces an earlier one."""
        return str(self.kind)  # type: ignore[attr-defined]  # each ask has its own


class GuestsAsk(_Ask):
    """How many people come, `least` to `most`: the venue takes `most`, and does not insist on more than `least`."""

    kind: Literal["guests"] = "guests"
    least: Guests
    most: Guests
    strength: Strength = "want"

    @model_validator(mode="after")
    def _is_a_range(self) -> Self:
        if self.least > self.most:
            raise ValueError("at least more guests than at most")
        return self


class BudgetAsk(_Ask):
    """What may be spent: `amount` of `currency` at most, for the whole event or for each person, day or hour."""

    kind: Literal["budget"] = "budget"
    amount: Annotated[float, Field(gt=0, le=MAX_AMOUNT, allow_inf_nan=False)]
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
    per: PriceUnit = "event"
    strength: Strength = "want"


class PlaceAsk(_Ask):
    """Within `km` great-circle kilometres of a place; `travel` says how a travel time became kilometres."""

    kind: Literal["place"] = "place"
    name: Words
    lat: Annotated[float, Field(ge=-90, le=90)]
    lon: Annotated[float, Field(ge=-180, le=180)]
    km: Annotated[float, Field(gt=0, le=MAX_KM)]
    travel: Annotated[str, Field(max_length=MAX_WORDS)] = ""
    strength: Strength = "want"


class CountryAsk(_Ask):
    """In one of these countries, or in none of them."""

    kind: Literal["country"] = "country"
    codes: Annotated[tuple[CountryCode, ...], Field(min_length=1, max_length=MAX_COUNTRIES)]
    wanted: bool = True
    strength: Strength = "want"


class SettingAsk(_Ask):
    """Under a roof, in the open, or a venue that offers both."""

    kind: Literal["setting"] = "setting"
    setting: Setting
    strength: Strength = "want"


class AmenityAsk(_Ask):
    """A word of the vocabulary of amenities that the venue's site states, or must not."""

    kind: Literal["amenity"] = "amenity"
    word: Word
    wanted: bool = True
    strength: Strength = "want"

    @property
    def slot(self) -> str:
        """Each amenity is asked for by itself."""
        return f"amenity:{self.word}"


class LookAsk(_Ask):
    """A look: more of it, less, or none.

    Words are shown to the picture encoder. A `style` of the vocabulary is also looked up in what the sites say of
    themselves, and changes the weight of the person's tastes that go by that name.
    """

    kind: Literal["look"] = "look"
    words: Words
    style: Word | None = None
    amount: LookAmount = "more"
    strength: Strength = "prefer"

    @property
    def slot(self) -> str:
        """Each look is asked for by itself."""
        return f"look:{self.style or self.words}"


class TasteAsk(_Ask):
    """One of the person's own tastes counts `factor` times as much as it does; 0 leaves it out."""

    kind: Literal["taste"] = "taste"
    cluster_id: uuid.UUID
    label: Annotated[str, Field(max_length=MAX_WORDS)] = ""
    factor: Annotated[float, Field(ge=0, le=10, allow_inf_nan=False)]

    @property
    def slot(self) -> str:
        """Each taste has one factor."""
        return f"taste:{self.cluster_id}"


class LikeAsk(_Ask):
    """More, or less, like a venue or one photograph of it."""

    kind: Literal["like"] = "like"
    venue_id: uuid.UUID | None = None
    photo_id: PhotoId | None = None
    name: Annotated[str, Field(max_length=MAX_WORDS)] = ""
    more: bool = True

    @property
    def slot(self) -> str:
        """Each example is given once."""
        return f"like:{self.photo_id or self.venue_id}"

    def model_post_init(self, _context: Any, /) -> None:
        """Refuse an example that names nothing.

        Raises:
            ValueError: neither a venue nor a photograph.
        """
        if self.venue_id is None and self.photo_id is None:
            raise ValueError("an example is a venue or a photograph")


class WordsAsk(_Ask):
    """What the venue should be like, in the person's words: compared with the venues' summaries."""

    kind: Literal["words"] = "words"
    words: Words

    @property
    def slot(self) -> str:
        """Descriptions add up."""
        return f"words:{self.words.casefold()}"


Ask: TypeAlias = Annotated[
    GuestsAsk | BudgetAsk | PlaceAsk | CountryAsk | SettingAsk | AmenityAsk | LookAsk | TasteAsk | LikeAsk | WordsAsk,
    Field(discriminator="kind"),
]
Kind = Literal["guests", "budget", "place", "country", "setting", "amenity", "look", "taste", "like", "words"]
