"""Boards, sections, pins and accounts as the API's JSON, quirks included.

Pure: no state is changed and nothing is painted.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from demo.aesthetics import BY_SLUG
from demo.servers.pinterest.faults import Quirks
from demo.servers.pinterest.ids import digit_id, fraction
from demo.servers.pinterest.state import BoardState, PinState, Section
from demo.world.model import PictureSpec

Json = dict[str, Any]

_TITLE_MAX: Final = 100
_ALT_TEXT_MAX: Final = 500
_THUMBNAILS: Final = 5
_REPIN_SHARE: Final = 0.7
_VIDEO_MS: Final = 15_000.0
CAROUSEL_LENGTH: Final = 3


@dataclass(frozen=True, slots=True)
class View:
    """How things are shown now: the URL media lives under (no trailing slash) and the quirks in force."""

    base_url: str
    quirks: Quirks


def board_json(board: BoardState, view: View) -> Json:
    """The description's `Board`."""
    newest = board.newest_pins()
    return {
        "id": board.board_id,
        "name": board.name,
        "description": board.description,
        "owner": {"username": board.owner},
        "privacy": board.privacy,
        "is_ads_only": False,
        "created_at": _timestamp(board.created_at, view),
        "board_pins_modified_at": _timestamp(board.pins_modified_at, view),
        "pin_count": len(newest),
        "collaborator_count": 0,
        "follower_count": 0,
        "media": {
            "image_cover_url": _image_url(newest[0], "400x300", view) if newest else None,
            "pin_thumbnail_urls": [_image_url(pin, "150x150", view) for pin in newest[:_THUMBNAILS]],
        },
    }


def section_json(section: Section) -> Json:
    """The description's `BoardSection`."""
    return {"id": section.section_id, "name": section.name}


def pin_json(state: PinState, view: View) -> Json:
    """The description's `Pin`."""
    pin = state.pin
    silent = fraction(pin.pin_id, "null_texts") < view.quirks.null_texts
    media_type = _media_type(state, view)
    return {
        "id": pin.pin_id,
        "created_at": _timestamp(state.created_at, view),
        "title": None if silent else _title(pin.spec),
        "description": None if silent else (pin.alt_text or ""),
        "alt_text": None if silent or pin.alt_text is None else pin.alt_text[:_ALT_TEXT_MAX],
        "link": None,
        "dominant_color": None,
        "creative_type": creative_type(state, view),
        "board_id": state.board.board_id,
        "board_section_id": state.section_id,
        "board_owner": {"username": state.board.owner},
        "is_owner": True,
        "is_standard": True,
        "has_been_promoted": False,
        "parent_pin_id": parent_pin_id(state),
        "pin_metrics": None,
        "media": {"media_type": media_type, **_media(state, media_type, view)},
    }


def account_json(username: str, boards: list[BoardState], view: View) -> Json:
    """The description's `Account`."""
    pins = [pin for board in boards for pin in board.newest_pins()]
    return {
        "id": digit_id("account", username),
        "username": username,
        "account_type": "PINNER",
        "about": "",
        "website_url": "",
        "business_name": None,
        "profile_image": _image_url(pins[0], "150x150", view) if pins else "",
        "board_count": len(boards),
        "pin_count": len(pins),
        "follower_count": 0,
        "following_count": 0,
        "monthly_views": 0,
    }


def creative_type(state: PinState, view: View) -> str:
    """`REGULAR`, or what the quirk `not_images` makes of this pin."""
    return {"image": "REGULAR", "video": "VIDEO", "multiple_images": "CAROUSEL"}[_media_type(state, view)]


def parent_pin_id(state: PinState) -> str | None:
    """The pin it was saved from; None for one the account made itself."""
    pin_id = state.pin.pin_id
    return digit_id(pin_id, "parent") if fraction(pin_id, "repin") < _REPIN_SHARE else None


def is_missing(pin_id: str, quirks: Quirks) -> bool:
    """Whether the quirk `missing_images` takes this pin's picture away."""
    return fraction(pin_id, "missing_images") < quirks.missing_images


def _media_type(state: PinState, view: View) -> str:
    toss = fraction(state.pin.pin_id, "not_images")
    if toss >= view.quirks.not_images:
        return "image"
    return "video" if toss < view.quirks.not_images / 2 else "multiple_images"


def _media(state: PinState, media_type: str, view: View) -> Json:
    images = _images(state, view)
    if media_type == "image":
        return {"images": images}
    if media_type == "video":
        spec = state.pin.spec
        cover = images["1200x"]["url"]
        size = {"width": spec.width, "height": spec.height}
        return {"images": images, "cover_image_url": cover, "video_url": None, "duration": _VIDEO_MS, **size}
    frames = [_images(state, view, frame) for frame in range(CAROUSEL_LENGTH)]
    texts = {"title": None, "description": None, "link": None}
    return {"items": [{"item_type": "image", "images": frame, **texts} for frame in frames]}


def _images(state: PinState, view: View, frame: int = 0) -> Json:
    spec = state.pin.spec
    wide = 564 if view.quirks.width_564 else 600
    sizes = {
        "150x150": ("150x150", 150, 150),
        "400x300": ("400x300", 400, 300),
        "600x": (f"{wide}x", wide, scaled_height(spec, wide)),
        "1200x": ("1200x", 1200, scaled_height(spec, 1200)),
    }
    return {
        name: {"width": width, "height": height, "url": _image_url(state, folder, view, frame)}
        for name, (folder, width, height) in sizes.items()
    }


def scaled_height(spec: PictureSpec, width: int) -> int:
    """The height of the picture at that width, in pixels."""
    return max(1, round(width * spec.height / spec.width))


def _image_url(state: PinState, size: str, view: View, frame: int = 0) -> str:
    suffix = f"-{frame}" if frame else ""
    return f"{view.base_url}/media/{size}/{state.pin.pin_id}{suffix}.jpg"


def _title(spec: PictureSpec) -> str:
    names = [BY_SLUG[slug].name if slug in BY_SLUG else slug.replace("_", " ") for slug, _ in spec.mixture]
    return " and ".join(names).capitalize()[:_TITLE_MAX]


def _timestamp(moment: datetime, view: View) -> str:
    text = moment.replace(tzinfo=None).isoformat()
    return text if view.quirks.naive_timestamps else f"{text}Z"
