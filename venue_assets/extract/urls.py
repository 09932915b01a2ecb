"""Addresses: absolute, canonical, same site or not. No links (see `links`), no judgement (see `traps`)."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import SplitResult, quote, unquote, urljoin, urlsplit

MAX_URL: Final = 2048
"""Bytes in UTF-8; longer addresses are no addresses. Postgres' index rows hold 2,704 bytes, a venue's id among them."""

_PORTS: Final = {"http": 80, "https": 443}
# Characters that need no escape in a path or query (RFC 3986); "%" so that escapes stay.
_SAFE: Final = "/:@!$&'()*+,;=~-._%"
_BLANKS: Final = re.compile(r"[\t\r\n]")
_TRACKING: Final = re.compile(
    r"utm_\w+|fbclid|gclid|dclid|gbraid|wbraid|msclkid|mc_[ce]id|igshid|_ga|_gl|yclid|ref_src"
)


def absolute_url(url: str, base: str) -> str | None:
    """`url` as seen on the page `base`, http or https, or None where it is no such address; never raises."""
    try:
        joined = urljoin(base, _BLANKS.sub("", url.strip()))
        parts = urlsplit(joined)
        # Reading the port checks it.
        is_web = parts.scheme in _PORTS and bool(parts.hostname) and parts.port != 0
        is_short = len(joined.encode()) <= MAX_URL
    except ValueError:  # lone surrogates, which have no UTF-8, among them
        return None
    return joined if is_web and is_short else None


def canonical_url(url: str, base: str = "") -> str | None:
    """One spelling for one page: lower-case host, no default port, fragment, user, tracking parameters or dots.

    The order of the remaining parameters and a trailing slash are kept, because servers may tell them apart.
    Idempotent; None for what is no http(s) address.
    """
    found = absolute_url(url, base or url)
    if found is None:
        return None
    parts = urlsplit(found)
    host = _ascii_host(parts)
    if host is None:
        return None
    path = quote(_without_dots(parts.path), safe=_SAFE)
    query = quote(_without_tracking(parts.query), safe=_SAFE + "?")
    canonical = f"{parts.scheme}://{host}{path}" + (f"?{query}" if query else "")
    return canonical if len(canonical) <= MAX_URL else None


def is_same_site(url: str, site_url: str) -> bool:
    """Whether the address belongs to the site: the same host and port, whatever the scheme and a leading `www.`."""
    key = site_key(url)
    return key is not None and key == site_key(site_url)


def site_key(url: str) -> str | None:
    """What the addresses of one site share: host without `www.` and port; None for what is no http(s) address."""
    canonical = canonical_url(url)
    return urlsplit(canonical).netloc.removeprefix("www.") if canonical else None


def file_extension(url: str) -> str:
    """The extension of the path's last segment, lower-case, without dot, or ""."""
    try:
        name = unquote(urlsplit(url).path).rpartition("/")[2]
    except ValueError:
        return ""
    stem, dot, extension = name.rpartition(".")
    return extension.lower() if dot and stem and extension.isalnum() else ""


def _ascii_host(parts: SplitResult) -> str | None:
    host = (parts.hostname or "").rstrip(".")
    if not host.isascii():
        try:
            host = host.encode("idna").decode("ascii")
        except UnicodeError:
            return None
    if ":" in host:
        host = f"[{host}]"
    if not host or re.search(r"[\s%<>\"\\^`{|}/?#@]", host):
        return None
    is_default = parts.port in (None, _PORTS[parts.scheme])
    return host if is_default else f"{host}:{parts.port}"


def _without_dots(path: str) -> str:
    """RFC 3986, 5.2.4."""
    segments = path.split("/")
    kept: list[str] = []
    for segment in segments[1:]:
        if segment == "..":
            kept[-1:] = []
        elif segment != ".":
            kept.append(segment)
    # A path that ends in a dot segment names the folder.
    return "/" + "/".join([*kept, ""] if kept and segments[-1] in (".", "..") else kept)


def _without_tracking(query: str) -> str:
    kept = [pair for pair in query.split("&") if pair and not _TRACKING.fullmatch(pair.partition("=")[0].lower())]
    return "&".join(kept)
