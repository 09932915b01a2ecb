"""The spool: how finished venues lie on disk between the crawler and whoever stores them.

    SPOOL/<venue_id>/result.json      a `VenueResult`
    SPOOL/<venue_id>/photos/<sha256>  bytes of each photo that is new in this run, named by its photo_id
    SPOOL/.unfinished-<venue_id>/     a venue under way, or left by a process that was killed

A venue's folder appears by one rename, so it is there whole or not at all.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from venue_assets.crawler.job import VenueResult

_UNFINISHED: Final = ".unfinished-"
_RESULT: Final = "result.json"
_PHOTOS: Final = "photos"
_VENUE_ID: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class VenueSpool:
    """One venue's folder while it is being written."""

    def __init__(self, spool: Path, venue_id: uuid.UUID) -> None:
        """Start the folder afresh; what there is of this venue and unfinished is removed."""
        self._final = spool / str(venue_id)
        self._folder = spool / f"{_UNFINISHED}{venue_id}"
        shutil.rmtree(self._folder, ignore_errors=True)
        (self._folder / _PHOTOS).mkdir(parents=True)

    def put_photo(self, content: bytes) -> str:
        """Keep a photo's bytes; returns their SHA-256, which is the photo's id."""
        photo_id = hashlib.sha256(content).hexdigest()
        (self._folder / _PHOTOS / photo_id).write_bytes(content)
        return photo_id

    def keep_only(self, photo_ids: set[str]) -> None:
        """Drop the bytes of all other photos (duplicates are known only when the whole set is)."""
        for path in (self._folder / _PHOTOS).iterdir():
            if path.name not in photo_ids:
                path.unlink()

    def finish(self, result: VenueResult) -> None:
        """Write the result and give the folder its name."""
        (self._folder / _RESULT).write_text(result.model_dump_json(), encoding="utf-8")
        for path in (*(self._folder / _PHOTOS).iterdir(), self._folder / _RESULT):
            _flush(path)  # or a power cut could leave the name without the bytes
        self._folder.rename(self._final)


@dataclass(frozen=True, slots=True)
class SpooledVenue:
    """A finished venue in the spool."""

    folder: Path

    @property
    def venue_id(self) -> uuid.UUID:
        """The venue, as the folder's name says."""
        return uuid.UUID(self.folder.name)

    def result(self) -> VenueResult:
        """What came of it (read from disk each time: a result may hold a megabyte of text)."""
        return VenueResult.model_validate_json((self.folder / _RESULT).read_bytes())

    def photo(self, photo_id: str) -> bytes:
        """Bytes of a photo that is new in this run.

        Raises:
            FileNotFoundError: the photo is not new (see `PhotoResult`), or not this venue's.
        """
        return (self.folder / _PHOTOS / photo_id).read_bytes()

    def remove(self) -> None:
        """Forget the venue, once what it says is stored."""
        shutil.rmtree(self.folder)


def clear_unfinished(spool: Path) -> None:
    """Make the folder, and remove what a killed process left in it; finished venues stay."""
    spool.mkdir(parents=True, exist_ok=True)
    for folder in spool.glob(f"{_UNFINISHED}*"):
        shutil.rmtree(folder)


def finished(spool: Path) -> Iterator[SpooledVenue]:
    """The finished venues, ordered by id; none when the folder does not exist. What else lies there is left alone."""
    if not spool.is_dir():
        return
    for folder in sorted(spool.iterdir()):
        if _VENUE_ID.fullmatch(folder.name):
            yield SpooledVenue(folder)


def is_finished(spool: Path, venue_id: uuid.UUID) -> bool:
    """Whether the venue's folder is there."""
    return (spool / str(venue_id)).is_dir()


def _flush(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
