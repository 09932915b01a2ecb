"""A page for a person: their tastes, their first venues, and for each reason the pin beside the venue's photograph.

Self-contained HTML in which nothing is fetched and no script runs. Read from the serving contract, as any app would.
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import io
import json
import os
import tempfile
import uuid
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, PackageLoader, StrictUndefined, Template, select_autoescape
from PIL import Image, ImageOps
from sqlalchemy import Connection, text

from resources.photo_store import CorruptPhotoError, PhotoStore
from resources.settings import load_settings

VENUES_SHOWN: Final = 10

_LOADER: Final = PackageLoader("taste_assets")
_PAGE: Final = "report.html"
_SIZE: Final = (300, 224)  # pixels, twice what is shown, for sharp screens
_QUALITY: Final = 70
_PICTURES_KEPT: Final = 2000  # 20 kB each
_HEAD: Final = 600  # bytes of a page that hold its digest

_PERSON: Final = text(
    """
    SELECT handle, preference_text AS words, treatment, list_kind AS kind, list_length,
        to_char(list_generated_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI "UTC"') AS generated_at,
        (SELECT max(strategy) FROM serving.recommendations AS listed WHERE listed.user_id = people.user_id) AS strategy
    FROM serving.people AS people JOIN serving.freshness USING (user_id)
    WHERE user_id = :user_id AND list_kind IS NOT NULL
    """
)
_TASTES: Final = text(
    """
    SELECT polarity, label, weight, pin_count, medoid_photo_id FROM serving.taste_clusters
    WHERE user_id = :user_id ORDER BY polarity DESC, cluster_index
    """
)
_VENUES: Final = text(
    """
    SELECT rank, name, city, site_url, vibe, score, matches,
        (SELECT photo_id FROM serving.venue_photos AS shown WHERE shown.venue_id = venues.venue_id
         ORDER BY position, photo_id LIMIT 1) AS first_photo_id
    FROM serving.recommendations JOIN serving.venues AS venues USING (venue_id)
    WHERE user_id = :user_id AND rank <= :shown ORDER BY rank
    """
)


def report_folder() -> Path:
    """Where pages are: `reports` in VENUE_TASTE_HOME."""
    return load_settings().venue_taste_home / "reports"


def page_path(root: Path, user_id: uuid.UUID) -> Path:
    """Where a person's page is, or would be."""
    return root / f"{user_id}.html"


def page_owner(path: Path) -> uuid.UUID | None:
    """Whose page a file is; None for a file that is no page."""
    try:
        return uuid.UUID(path.stem)
    except ValueError:
        return None


def remove_page(root: Path, user_id: uuid.UUID) -> None:
    """Remove a person's page; no error when there is none."""
    page_path(root, user_id).unlink(missing_ok=True)


def page_content(connection: Connection, user_id: uuid.UUID) -> dict[str, Any] | None:
    """What a page says, without pictures; None for who has no list (or is gone)."""
    about = {"user_id": user_id, "shown": VENUES_SHOWN}
    person = connection.execute(_PERSON, about).mappings().one_or_none()
    if person is None:
        return None
    return {
        "person": dict(person),
        "tastes": [dict(row) for row in connection.execute(_TASTES, about).mappings()],
        "venues": [dict(row) for row in connection.execute(_VENUES, about).mappings()],
    }


def write_page(path: Path, content: Mapping[str, Any], thumbnails: Thumbnails) -> bool:
    """Write a page unless it says this already, and tell whether it was written. A reader sees all of it or none."""
    digest = content_digest(content)
    if _written_digest(path) == digest:
        return False
    pictures = {photo_id: thumbnails.get(photo_id) for photo_id in _photo_ids(content)}
    page = _template().render(content, digest=digest, pictures=pictures)
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, temporary = tempfile.mkstemp(prefix=".page-", dir=path.parent)  # readable by its owner alone
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(page)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    return True


def content_digest(content: Mapping[str, Any]) -> str:
    """Of what a page says and of how it is laid out."""
    told = json.dumps([_layout(), content], sort_keys=True, default=str)
    return hashlib.sha256(told.encode()).hexdigest()


class Thumbnails:
    """Pictures of the store as small data URLs, each read once while it is in use."""

    def __init__(self, store: PhotoStore) -> None:
        self._store = store
        self._kept: OrderedDict[str, str | None] = OrderedDict()

    def get(self, photo_id: str) -> str | None:
        """The picture; None where its file is not kept."""
        if photo_id not in self._kept:
            self._kept[photo_id] = self._read(photo_id)
            if len(self._kept) > _PICTURES_KEPT:
                self._kept.popitem(last=False)
        self._kept.move_to_end(photo_id)
        return self._kept[photo_id]

    def _read(self, photo_id: str) -> str | None:
        try:
            content = self._store.get(photo_id)
        except (FileNotFoundError, CorruptPhotoError):
            return None  # PIN_RETENTION; that a file is damaged is found and said where it is embedded
        encoded = io.BytesIO()
        picture = Image.open(io.BytesIO(content)).convert("RGB")
        ImageOps.fit(picture, _SIZE).save(encoded, "JPEG", quality=_QUALITY)
        return f"data:image/jpeg;base64,{base64.b64encode(encoded.getvalue()).decode()}"


def _photo_ids(content: Mapping[str, Any]) -> Iterable[str]:
    wanted = {taste["medoid_photo_id"] for taste in content["tastes"]}
    for venue in content["venues"]:
        wanted.add(venue["first_photo_id"])
        wanted.update(reason[name] for reason in venue["matches"] for name in ("photo_id", "medoid_photo_id"))
    return sorted(wanted - {None})


def _written_digest(path: Path) -> str | None:
    with contextlib.suppress(FileNotFoundError), path.open("rb") as file:
        head = file.read(_HEAD).decode("utf-8", "replace")
        _, found, rest = head.partition('name="made-from" content="')
        return rest.partition('"')[0] if found else None
    return None


@cache
def _layout() -> str:
    return _LOADER.get_source(Environment(autoescape=True), _PAGE)[0]


@cache
def _template() -> Template:
    environment = Environment(
        loader=_LOADER,
        autoescape=select_autoescape(),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template(_PAGE)
