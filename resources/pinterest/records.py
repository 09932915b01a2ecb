"""Boards, pins and accounts as the API sends them, and which picture of a pin to fetch. Pure.

Shapes follow the official OpenAPI description 5.23.0 and what live accounts return where that differs: times without a
zone are UTC, texts may be null, unknown fields are ignored.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Annotated, Any, Final, Literal, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from resources.pinterest.errors import UnexpectedAnswerError

MediaKind = Literal["image", "video", "no_image"]

SMALLEST_WIDTH: Final = 200
"""Pixels. Narrower pictures (`150x150`) are square thumbnails that cut off what the picture shows."""


def _in_utc(moment: datetime) -> datetime:
    try:
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except OverflowError as error:
        raise ValueError("a time beyond the calendar") from error


def _storable(text: str) -> str:
    # Postgres refuses NUL, and no UTF-8 spells half a surrogate pair; JSON may hold both.
    return text.encode(errors="replace").decode().replace("\0", "")


_Time = Annotated[datetime, AfterValidator(_in_utc)]
_Text = Annotated[str, AfterValidator(_storable)]
_Id = Annotated[_Text, StringConstraints(min_length=1, max_length=128)]
_Count = Annotated[int, Field(ge=0, lt=2**31)]


class _Record(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


_RecordT = TypeVar("_RecordT", bound=_Record)


class BoardRecord(_Record):
    """A `Board`; `pin_count` and `board_pins_modified_at` are what tells that it changed."""

    id: _Id
    name: _Text | None = None
    pin_count: _Count | None = None
    board_pins_modified_at: _Time | None = None


class ImageRecord(_Record):
    """One size of a picture. Its name promises less than its `width`: `600x` may be 564 pixels wide."""

    url: str
    width: int | None = None


class PinRecord(_Record):
    """A `Pin`."""

    id: _Id
    created_at: _Time
    title: _Text | None = None
    alt_text: _Text | None = None
    media: dict[str, Any] | None = None

    @property
    def kind(self) -> MediaKind:
        """What the pin shows; of several media the first counts, as on Pinterest's own pages."""
        shown = self._shown_media()
        described = str(shown.get("media_type") or shown.get("item_type") or "")
        if "video" in described or "video_url" in shown:
            return "video"
        return "image" if any(_images(shown)) else "no_image"

    def image_urls(self, widest: int) -> tuple[str, ...]:
        """Addresses of its picture, best first: the widest up to `widest` pixels, then narrower, then wider ones."""
        offered = [image for image in _images(self._shown_media()) if (image.width or widest) >= SMALLEST_WIDTH]
        return tuple(dict.fromkeys(image.url for image in sorted(offered, key=lambda image: _rank(image, widest))))

    def _shown_media(self) -> dict[str, Any]:
        media = self.media or {}
        items = media.get("items")
        if isinstance(items, list):
            return next((item for item in items if isinstance(item, dict)), {})
        return media


class AccountRecord(_Record):
    """An `Account`."""

    id: _Id
    username: _Text | None = None


def read_record(kind: type[_RecordT], body: Any) -> _RecordT:
    """A part of an answer as a record.

    Raises:
        UnexpectedAnswerError: it lacks what we need, or has it in another form.
    """
    try:
        return kind.model_validate(body)
    except ValidationError as error:
        problems = "; ".join(f"{'.'.join(map(str, item['loc']))}: {item['msg']}" for item in error.errors())
        raise UnexpectedAnswerError(f"not a {kind.__name__.removesuffix('Record')}: {problems}") from error


def _images(media: dict[str, Any]) -> Iterator[ImageRecord]:
    sizes = media.get("images")
    for size in sizes.values() if isinstance(sizes, dict) else ():
        try:
            yield ImageRecord.model_validate(size)
        except ValidationError:
            continue  # a size that is announced and not there (null) is no picture


def _rank(image: ImageRecord, widest: int) -> tuple[bool, int, str]:
    width = image.width or 0
    too_wide = width > widest
    return too_wide, width if too_wide else -width, image.url
