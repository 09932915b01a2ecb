"""A folder of pictures as a source of taste: each sub-folder is a board, and so is the folder with what lies in it.

Any file system that fsspec knows (a path, `s3://`, `gs://` ...). A picture counts as pinned when its file was written;
EXIF dates are not used, they say when a photograph was taken, not when somebody chose it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from upath import UPath

from resources.errors import SetupError
from resources.pictures import MAX_BYTES
from resources.settings import absolute_location
from taste_assets.sources.protocol import (
    BoardGoneError,
    ImageRefusedError,
    ImageUnavailableError,
    SourceBoard,
    SourceError,
    SourceName,
    SourcePin,
    fingerprint,
)

_REMEDY: Final = "bring it back, or take it out: venue-taste users import-folder HANDLE FOLDER --remove"
_RENAME: Final = "rename what is not named in UTF-8 (find FOLDER shows it with question marks)"
_TIMES: Final = ("mtime", "LastModified", "last_modified", "created", "updated")  # as file systems call it
_UNDATED: Final = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class _File:
    path: str
    size: int
    written_at: datetime


class FolderSource:
    """The folders somebody imported.

    Args:
        roots: folders, as `canonical_folder` spells them.
    """

    name: SourceName = "folder"
    requests = 0
    limit_waits = 0

    def __init__(self, roots: list[str]) -> None:
        self._roots = roots
        self._sizes: dict[str, int] = {}

    def boards(self) -> list[SourceBoard]:
        """Each root and each of its sub-folders; files deeper down belong to the sub-folder they lie under."""
        found = []
        for root in self._roots:
            for folder, files in _folders(root).items():
                written = max((file.written_at for file in files), default=None)
                mark = fingerprint(*(part for file in files for part in (file.path, file.size, file.written_at)))
                name = UPath(folder).name or folder
                found.append(SourceBoard(folder_board_id(folder), name, len(files), written, mark, folder))
        return found

    def pins(self, board_id: str, source_url: str | None) -> list[SourcePin]:
        """Every file of a folder; whether it is a picture shows when it is decoded."""
        root = next((root for root in self._roots if source_url in (root, _child(root, source_url))), None)
        if root is None or source_url is None:
            raise BoardGoneError(f"{source_url} is not among the imported folders")
        files = _folders(root).get(source_url)
        if files is None:
            raise BoardGoneError(f"{source_url} is gone")
        self._sizes.update({file.path: file.size for file in files})
        return [_pin(file) for file in files]

    def image(self, url: str) -> bytes:
        """The bytes of a file."""
        if self._sizes.get(url, 0) > MAX_BYTES:
            raise ImageRefusedError("too_large")
        try:
            content: bytes = UPath(url).read_bytes()
        except FileNotFoundError as error:
            raise ImageRefusedError("file_gone") from error
        except OSError as error:
            raise ImageUnavailableError(f"{type(error).__name__}: {error}") from error
        return content


def canonical_folder(location: str) -> str:
    """The one spelling of a folder, whether it is there or not."""
    return absolute_location(location).rstrip("/") or "/"


def existing_folder(location: str) -> str:
    """The one spelling of a folder.

    Raises:
        SetupError: it is no folder, or its file system is not installed or does not answer.
    """
    folder = canonical_folder(location)
    try:
        if UPath(folder).is_dir():
            return folder
    except (ImportError, ValueError, OSError) as error:
        raise SetupError(f"{location!r} cannot be read: {error}", "correct the folder's address") from error
    raise SetupError(f"{location!r} is no folder", "give a folder of pictures, or a URL such as s3://bucket/folder")


def folder_board_id(folder: str) -> str:
    """The id of a folder's board."""
    return f"folder-{fingerprint(folder)}"


def _folders(root: str) -> dict[str, list[_File]]:
    """Files by board's folder, each list in order of path.

    Raises:
        SourceError: the root is not there or cannot be listed whole.
    """
    try:
        place = UPath(root)
        fs, base = place.fs, place.path.rstrip("/")
        if not fs.isdir(place.path):
            raise SourceError("folder_gone", f"the folder {root} is not there", _REMEDY)
        entries: Mapping[str, Mapping[str, Any]] = fs.find(place.path, withdirs=True, detail=True)
    except (ImportError, ValueError, OSError) as error:
        raise SourceError("folder_unreadable", f"the folder {root} cannot be listed: {error}", _REMEDY) from error
    if not all(_is_storable(path) for path in entries):
        raise SourceError("folder_unreadable", f"the folder {root} holds a name that is not UTF-8", _RENAME)
    folders: defaultdict[str, list[_File]] = defaultdict(list, {root: []})
    for path, info in sorted(entries.items()):
        parts = path.removeprefix(base).strip("/").split("/")
        if parts == [""] or any(part.startswith(".") for part in parts):
            continue
        is_folder = info["type"] == "directory"
        folder = f"{root.rstrip('/')}/{parts[0]}" if is_folder or len(parts) > 1 else root
        if is_folder:
            folders[folder] += []
        else:
            location = f"{root.rstrip('/')}/{'/'.join(parts)}"
            folders[folder].append(_File(location, int(info.get("size") or 0), _written_at(info)))
    return dict(folders)


def _is_storable(path: str) -> bool:
    """Whether the database can hold it: file systems may have names that are no text."""
    try:
        return bool(path.encode())
    except UnicodeEncodeError:
        return False


def _child(root: str, folder: str | None) -> str | None:
    """`folder` if it lies directly in `root`."""
    return folder if folder is not None and folder.rpartition("/")[0] == root.rstrip("/") else None


def _written_at(info: Mapping[str, Any]) -> datetime:
    value = next((info[name] for name in _TIMES if info.get(name) is not None), None)
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            return _UNDATED
    if isinstance(value, datetime):
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
    return datetime.fromtimestamp(float(value), UTC) if isinstance(value, int | float) else _UNDATED


def _pin(file: _File) -> SourcePin:
    pin_id = f"file-{fingerprint(file.path, file.size, file.written_at)}"
    return SourcePin(pin_id, file.written_at, (file.path,), title=UPath(file.path).name)
