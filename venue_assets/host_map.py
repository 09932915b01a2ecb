"""The operator's host map: sites that are fetched at a given address, past the address checks. Reading it only."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from pydantic import TypeAdapter, ValidationError

from resources.errors import SetupError
from venue_assets.crawler.addresses import read_host_map

_FILE: Final = TypeAdapter(dict[str, str | None])


def load_host_map(file: Path | None) -> dict[str, str]:
    """Host to "ADDRESS:PORT" from the JSON file that CRAWL_HOST_MAP names; nothing where it is unset.

    A null stands for a host that is not served at present: the demo world's file has it while nothing runs.

    Raises:
        SetupError: the file cannot be read, or an entry is no address with a port.
    """
    if file is None:
        return {}
    try:
        mapped = _FILE.validate_json(file.read_bytes())
        addresses = {host: address for host, address in mapped.items() if address is not None}
        read_host_map(addresses)
    except (OSError, ValueError) as error:
        # Pydantic's own text quotes the file, which may be any.
        reason = error.errors()[0]["msg"] if isinstance(error, ValidationError) else error
        remedy = 'correct CRAWL_HOST_MAP, or the file it names: {"HOST": "127.0.0.1:PORT", ...}'
        raise SetupError(f"the host map {file} cannot be read: {reason}", remedy) from error
    return addresses
