"""Where photographs are kept: one file per content, named by its SHA-256, on any fsspec file system.

What a photograph shows, and whose it is, stands in the database. This file knows bytes and names only.
"""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from fsspec.implementations.local import LocalFileSystem
from upath import UPath

from resources.errors import SetupError
from resources.identity import content_id
from resources.settings import absolute_location

_PHOTO_ID: Final = re.compile(r"[0-9a-f]{64}")
_EXTRAS: Final = {"s3": "s3", "s3a": "s3", "gs": "gcs", "gcs": "gcs"}


class CorruptPhotoError(RuntimeError):
    """A stored file's bytes are not those its name promises (a disk or copy error)."""


class PhotoStore:
    """Content-addressed files below one root: `ROOT/ab/abcdef...`, the first two digits spreading the folders.

    Args:
        root: a folder, or a URL of any installed fsspec file system (`s3://`, `gs://`, `memory://` ...).

    Raises:
        SetupError: the file system's package is not installed, or the scheme is unknown.
    """

    def __init__(self, root: str) -> None:
        try:
            self.root = UPath(absolute_location(root))
            self._local = isinstance(self.root.fs, LocalFileSystem)
        except (ImportError, ValueError) as error:
            extra = _EXTRAS.get(root.partition(":")[0])
            remedy = (
                f".venv/bin/pip install -e '.[{extra}]'" if extra else "set PHOTO_STORE_URL to a folder, s3:// or gs://"
            )
            raise SetupError(f"the photo store {root!r} cannot be opened: {error}", remedy) from error

    def put(self, content: bytes) -> str:
        """Store `content` and return its id (64 hexadecimal digits). Storing it again writes nothing.

        Atomic: a reader, or a run after a crash, sees the whole file or none.
        """
        photo_id = content_id(content)
        path = self.path(photo_id)
        if path.exists() and path.stat().st_size == len(content):
            return photo_id
        if self._local:
            _replace_file(Path(str(path)), content)
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)  # an object store shows an upload only when it is complete
        return photo_id

    def get(self, photo_id: str) -> bytes:
        """The bytes of a photo.

        Raises:
            FileNotFoundError: the store does not have it.
            CorruptPhotoError: the file's bytes do not have this id.
        """
        content: bytes = self.path(photo_id).read_bytes()
        if content_id(content) != photo_id:
            raise CorruptPhotoError(f"photo {photo_id} in {self.root} holds other bytes than its name says")
        return content

    def exists(self, photo_id: str) -> bool:
        """Whether the store has this photo."""
        return self.path(photo_id).exists()

    def delete(self, photo_id: str) -> None:
        """Remove a photo; no error when it is not there."""
        self.path(photo_id).unlink(missing_ok=True)

    def ids(self) -> Iterator[str]:
        """Every stored photo's id, in no particular order."""
        if not self.root.exists():
            return
        for folder in self.root.iterdir():
            if len(folder.name) == 2 and folder.is_dir():
                yield from (path.name for path in folder.iterdir() if _PHOTO_ID.fullmatch(path.name))

    def path(self, photo_id: str) -> UPath:
        """Where a photo is, or would be, stored.

        Raises:
            ValueError: not a photo id (so no id from outside can name a file elsewhere).
        """
        if not _PHOTO_ID.fullmatch(photo_id):
            raise ValueError(f"not a photo id: {photo_id!r}")
        return self.root / photo_id[:2] / photo_id


def _replace_file(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, temporary = tempfile.mkstemp(prefix=".put-", dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())  # or a power cut could leave the name without the bytes
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
