"""Which addresses are sizes of one picture, which is the best, and which show no photo by their name alone.

Only evidence in the markup makes two addresses sizes of one picture: the same `img`, `picture`, `noscript`, link
around it, or an address that differs in size parameters (`?w=300`) only. File names are no evidence: one of the real
sites names five different photographs `mbr-510x340.jpeg`, `mbr-700x467.jpg` and so on. What stays apart here, the
perceptual hash brings together later.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qsl, urlsplit

from venue_assets.extract.image_sources import Source, is_image_url
from venue_assets.extract.urls import file_extension
from venue_assets.extract.values import DroppedPicture, PhotoCandidate, PhotoCandidates

if TYPE_CHECKING:
    from collections.abc import Sequence

MAX_SIZES: Final = 12
"""Addresses kept of one picture."""

_NAME_WORDS: Final = frozenset(
    {"logo", "logos", "icon", "icons", "favicon", "favicons", "sprite", "sprites", "avatar", "avatars", "badge",
     "badges", "flag", "flags", "emoji", "pixel", "spacer", "divider", "separator", "blank", "placeholder", "spinner",
     "loader", "captcha", "qrcode", "transparent"}
)  # fmt: skip
_ICON_FOLDERS: Final = frozenset({"icons", "logos", "flags", "emoji"})
_PORTRAIT_HOSTS: Final = frozenset({"gravatar", "pravatar"})
_SIZE_PARAMETERS: Final = frozenset(
    {"w", "h", "width", "height", "q", "quality", "fit", "resize", "crop", "auto", "format", "fm", "dpr", "size", "s",
     "sz", "scale", "strip", "ssl"}
)  # fmt: skip
_UNFIT_EXTENSIONS: Final = frozenset({"svg", "gif", "ico", "bmp", "tif", "tiff", "pdf", "mp4", "webm"})
# These rule a picture out wherever else it may appear.
_FINAL_REASONS: Final = ("similar_venues", "logo_or_icon")


@dataclass(slots=True)
class Picture:
    """A picture while its page is read."""

    sources: list[Source]
    alt_text: str = ""
    reason: str | None = None
    keys: set[str] = field(default_factory=set)


def group_pictures(pictures: Sequence[tuple[str, Picture]]) -> PhotoCandidates:
    """Join pictures that share an address, in their order, and part the photos from the rest.

    Args:
        pictures: pairs of a page's address and a picture on it, in order.
    """
    groups: dict[str, int] = {}
    members: dict[int, list[int]] = {}
    for index, (_, picture) in enumerate(pictures):
        # Stand-ins are shared by pictures that have nothing else in common.
        picture.keys = {_size_key(source.url) for source in picture.sources if source.trust > 0}
        picture.keys -= {_size_key(source.url) for source in picture.sources if _unfit(source.url)}
        joined = sorted({groups[key] for key in picture.keys if key in groups} | {index})
        target = joined[0]
        for other in joined:
            for member in members.pop(other, [index] if other == index else []):
                members.setdefault(target, []).append(member)
                groups.update(dict.fromkeys(pictures[member][1].keys, target))
    kept: list[PhotoCandidate] = []
    dropped: dict[str, DroppedPicture] = {}
    for _, indices in sorted(members.items()):
        verdict = _candidate([pictures[index] for index in sorted(indices)], len(kept))
        if isinstance(verdict, PhotoCandidate):
            kept.append(verdict)
        elif verdict is not None:
            dropped.setdefault(verdict.url, verdict)
    return PhotoCandidates(tuple(kept), tuple(dropped.values()))


def _candidate(pictures: list[tuple[str, Picture]], position: int) -> PhotoCandidate | DroppedPicture | None:
    sources = [source for _, picture in pictures for source in picture.sources]
    if not sources:
        return None
    page_url = pictures[0][0]
    reasons = [picture.reason for _, picture in pictures]
    final = next((reason for reason in _FINAL_REASONS if reason in reasons), None)
    reason = final or (reasons[0] if all(reasons) else None)
    fit: dict[str, Source] = {}
    for source in sources:
        if _unfit(source.url) is None:
            known = fit.get(source.url, source)
            fit[source.url] = Source(source.url, max(source.width, known.width), max(source.trust, known.trust))
    if reason is None and not fit:
        reason = _unfit(sources[0].url)
    if reason is not None:
        return DroppedPicture(sources[0].url, page_url, reason)
    ranked = sorted(fit.values(), key=lambda source: (-source.width, -source.trust))[:MAX_SIZES]
    return PhotoCandidate(
        urls=tuple(source.url for source in ranked),
        widths=tuple(source.width for source in ranked),
        page_url=page_url,
        pages=tuple(dict.fromkeys(url for url, _ in pictures)),
        alt_text=next((picture.alt_text for _, picture in pictures if picture.alt_text), ""),
        position=position,
    )


def _unfit(url: str) -> str | None:
    """Why the address alone shows no photo, or None."""
    if file_extension(url) in _UNFIT_EXTENSIONS:
        return "format"
    *folders, name = urlsplit(url).path.lower().split("/")
    words = set(re.findall(r"[a-z]+", name))
    host = set(re.findall(r"[a-z]+", urlsplit(url).netloc))
    if words & _NAME_WORDS or host & _PORTRAIT_HOSTS or _ICON_FOLDERS & set(folders):
        return "logo_or_icon"
    return None


def _size_key(url: str) -> str:
    """The address without the parameters that choose a size; only for addresses of image files."""
    parts = urlsplit(url)
    if not parts.query or not is_image_url(url):
        return url
    rest = [pair for pair in parse_qsl(parts.query, keep_blank_values=True) if pair[0].lower() not in _SIZE_PARAMETERS]
    return f"{parts.scheme}://{parts.netloc}{parts.path}?{sorted(rest)}"
