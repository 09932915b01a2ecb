"""Keeping other web sites away from the control API: a page open in a browser can post to loopback, too.

Pure; the servers ask before they carry out anything under `/_control/`.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from urllib.parse import urlsplit


def is_cross_site(headers: Mapping[str, str]) -> bool:
    """Whether a request was made by a page of another site, or reached us under a name that is not this machine's.

    The second is DNS rebinding: a page's own name, pointed at 127.0.0.1.
    """
    origin = headers.get("origin")
    return not _is_loopback(f"//{headers.get('host', '')}") or (origin is not None and not _is_loopback(origin))


def _is_loopback(address: str) -> bool:
    try:
        name = urlsplit(address).hostname or ""
        return name == "localhost" or ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False
