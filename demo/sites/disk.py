"""Sites as files under one folder: where a path lives, and writing so that a file is whole or absent."""

from __future__ import annotations

import os
from pathlib import Path, PurePosixPath
from tempfile import NamedTemporaryFile
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from datetime import datetime

SCRATCH: Final = ".partial"
"""Folder, beside what is written, for files that are not whole yet; safe to delete when nobody writes."""


def site_file(sites: Path, host: str, path: str) -> Path:
    """The file of a URL path: `/a/` is a/index.html, `/a` is a.html, anything with a suffix is itself."""
    relative = PurePosixPath(path.lstrip("/"))
    if path.endswith("/"):
        relative = relative / "index.html"
    elif not relative.suffix:
        relative = relative.with_suffix(".html")
    return sites / host / relative


def write_whole(path: Path, data: bytes, scratch: Path, modified: datetime | None = None) -> None:
    """Write `data` to `path` in one step, with `modified` as its time; a killed process leaves no half file.

    Args:
        path: the file; its folder is made when missing.
        data: the whole content.
        scratch: a folder on the same file system for the file in the making.
        modified: the file's modification time; the present when None.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    scratch.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=scratch, delete=False) as unfinished:
        unfinished.write(data)
    ready = Path(unfinished.name)
    ready.chmod(0o644)
    if modified is not None:
        os.utime(ready, (modified.timestamp(), modified.timestamp()))
    ready.replace(path)
