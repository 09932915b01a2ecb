"""Where a model's weights are: in a folder, in the Hugging Face cache, or fetched into it once; and their fingerprint.

What is in the cache is used as it is: a model changes when an operator changes it, not when its repository does. No
weights are opened here.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from pickle import UnpicklingError
from typing import Final

from resources.errors import SetupError

_SHA256: Final = re.compile(r"[0-9a-f]{64}")
_CHUNK: Final = 1 << 20
_SNAPSHOT: Final = ("*.json", "*.txt", "*.model", "*.safetensors")


def hub_file(setting: str, repository: str, names: Sequence[str], offline: str) -> Path:
    """The first of these files of a hub repository, from the cache if any of them is there, or else fetched.

    Args:
        setting: environment variable that named the repository, for messages.
        repository: ORG/NAME.
        names: alternatives, the preferred first.
        offline: a value of the setting that needs no network, for messages.

    Raises:
        SetupError: not in the cache, and fetching is switched off, impossible, or finds nothing.
    """
    from huggingface_hub import hf_hub_download, try_to_load_from_cache
    from huggingface_hub.errors import EntryNotFoundError, HFValidationError, LocalEntryNotFoundError

    try:
        for name in names:
            cached = try_to_load_from_cache(repository, name)
            if isinstance(cached, str):
                return Path(cached)
        _require_network(setting, repository, offline)
        for name in names:
            try:
                return Path(hf_hub_download(repository, name))
            except LocalEntryNotFoundError as error:  # is an EntryNotFoundError, and means: no network
                raise _not_fetched(setting, repository, offline, error) from error
            except EntryNotFoundError:
                continue
    except HFValidationError as error:
        raise _no_name(setting, repository) from error
    except _network_errors() as error:
        raise _not_fetched(setting, repository, offline, error) from error
    raise SetupError(f"{repository} has none of the files {', '.join(names)}", f"name another model in {setting}")


def hub_folder(setting: str, repository: str, offline: str) -> Path:
    """The folder of a hub repository's configuration, tokenizer and safetensors, from the cache or fetched.

    Raises:
        SetupError: as `hub_file`.
    """
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HFValidationError, LocalEntryNotFoundError

    try:
        try:
            folder = Path(snapshot_download(repository, local_files_only=True))
            if (folder / "config.json").is_file() and weight_files(folder):
                return folder
        except LocalEntryNotFoundError:
            pass  # nothing of it is here
        _require_network(setting, repository, offline)
        ignored = ["onnx/*", "openvino/*"]
        return Path(snapshot_download(repository, allow_patterns=list(_SNAPSHOT), ignore_patterns=ignored))
    except HFValidationError as error:
        raise _no_name(setting, repository) from error
    except _network_errors() as error:
        raise _not_fetched(setting, repository, offline, error) from error


def weight_files(folder: Path) -> list[Path]:
    """The weights of a model folder: its safetensors, sub-folders (dense layers) included; else its `.bin`."""
    return sorted(folder.rglob("*.safetensors")) or sorted(folder.rglob("*.bin"))


def content_sha256(file: Path) -> str:
    """SHA-256 of a file, 64 hexadecimal digits.

    The Hugging Face cache names large files by just that, and then nothing need be read.
    """
    stored = file.resolve()
    if stored.parent.name == "blobs" and _SHA256.fullmatch(stored.name):
        return stored.name
    status = stored.stat()
    return _hashed(stored, status.st_size, status.st_mtime_ns)


def loading_errors() -> tuple[type[Exception], ...]:
    """What the model libraries raise for a weights file that is broken, or another model's."""
    from safetensors import SafetensorError

    return (OSError, ValueError, RuntimeError, KeyError, TypeError, SafetensorError, UnpicklingError)


def combined_sha256(files: Sequence[Path]) -> str:
    """One fingerprint of several files, in the given order."""
    return hashlib.sha256("".join(content_sha256(file) for file in files).encode()).hexdigest()


@cache
def _hashed(file: Path, _size: int, _modified: int) -> str:
    digest = hashlib.sha256()
    with file.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def _network_errors() -> tuple[type[Exception], ...]:
    import httpx
    from huggingface_hub.errors import HfHubHTTPError

    return (HfHubHTTPError, httpx.HTTPError, OSError)


def _require_network(setting: str, repository: str, offline: str) -> None:
    from huggingface_hub import constants

    if constants.HF_HUB_OFFLINE:
        raise SetupError(
            f"{setting} needs {repository}, which is not in {_expected(repository)}, and HF_HUB_OFFLINE is set",
            f"unset HF_HUB_OFFLINE once to fetch it, or set {setting}={offline}",
        )


def _not_fetched(setting: str, repository: str, offline: str, error: Exception) -> SetupError:
    return SetupError(
        f"{setting} needs {repository}, which is not in {_expected(repository)} and cannot be fetched: {error}",
        f"connect this machine, copy that folder from one that has it, or set {setting}={offline}",
    )


def _no_name(setting: str, repository: str) -> SetupError:
    return SetupError(
        f"{setting} names {repository!r}, which is neither a folder here nor a model of the Hugging Face hub",
        f"correct {setting}: ORG/NAME of a model on the hub, or the path of a folder",
    )


def _expected(repository: str) -> Path:
    from huggingface_hub import constants

    return Path(constants.HF_HUB_CACHE) / f"models--{repository.replace('/', '--')}"
