"""Identity: how things get ids and buckets that never change between runs, machines or Python processes.

Pure functions. The constants below are part of every stored id: changing one is a data migration.
"""

from __future__ import annotations

import hashlib
import ipaddress
import posixpath
import re
import uuid
from typing import Final
from urllib.parse import quote, unquote, urlsplit

import idna

VENUE_BUCKETS: Final = 16
"""Number of venue partitions. Stable: changing it re-buckets every venue (a migration)."""

USER_BUCKETS: Final = 32
"""Number of user partitions. Stable: changing it re-buckets every person (a migration)."""

NAMESPACE: Final = uuid.UUID("5b8a935c-a58a-58e5-9ebe-aedf9a5d9d3c")
"""UUIDv5 of the DNS name `venue-taste.example`: the namespace of every id made here (RFC 9562, section 5.5). Stable."""

_DEFAULT_PORTS: Final = {"http": 80, "https": 443}
_INDEX_PAGE: Final = re.compile(r"/(?:index|default)\.(?:html?|php|aspx?)$", re.IGNORECASE)
_HOST_LABEL: Final = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)")
_UNRESERVED: Final = "-._~"
_PATH_SAFE: Final = _UNRESERVED + "!$&'()*+,;=:@/"


def bucket_of(identifier: str | uuid.UUID, buckets: int) -> int:
    """Bucket of an id, in [0, buckets): BLAKE2b-64 of its text, big-endian, modulo `buckets`.

    Python's own `hash` is salted per process and must never decide where a row lives.

    Raises:
        ValueError: `buckets` is not positive.
    """
    if buckets < 1:
        raise ValueError(f"buckets must be at least 1, not {buckets}")
    digest = hashlib.blake2b(str(identifier).encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") % buckets


def canonical_site_url(url: str) -> str:
    """The one spelling of a venue site's address, so that a venue is listed once.

    Follows RFC 3986 section 6.2.2 (case, percent-encoding, dot segments) and 6.2.3 (default port, empty path),
    and folds what site owners treat as the same: missing scheme, `http` and `https`, a leading `www.`,
    index pages, a trailing slash, query and fragment. Idempotent.

    Raises:
        ValueError: not an http(s) address with a host, or one that carries a user name or password.
    """
    text = url.strip()
    if re.match(r"(?i)[a-z][a-z0-9+.-]*://", text) is None:
        text = f"https://{text}"
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError as error:
        raise ValueError(f"not a web address: {url!r} ({error})") from error
    if parts.scheme not in _DEFAULT_PORTS:
        raise ValueError(f"not an http or https address: {url!r}")
    if parts.username is not None or parts.password is not None:
        raise ValueError(f"an address must not carry a user name or password: {url!r}")
    host = _canonical_host(parts.hostname or "", url)
    authority = host if port is None or port in _DEFAULT_PORTS.values() else f"{host}:{port}"
    return f"https://{authority}{_canonical_path(parts.path)}"


def _canonical_host(host: str, url: str) -> str:
    host = host.rstrip(".").lower()
    if ":" in host:
        try:
            return f"[{ipaddress.IPv6Address(host)}]"
        except ValueError as error:
            raise ValueError(f"not a web address: {url!r} ({error})") from error
    try:
        # As browsers do (UTS 46); the standard library's codec follows the older IDNA 2003.
        ascii_host = host if host.isascii() else idna.encode(host, uts46=True).decode()
    except idna.IDNAError as error:
        raise ValueError(f"not a host name: {host!r} in {url!r}") from error
    while ascii_host.startswith("www.") and ascii_host.count(".") > 1:
        ascii_host = ascii_host[4:]
    labels = ascii_host.split(".")
    if labels[-1].isdigit():
        # What ends in a number is an address (URL Standard, "ends in a number"), and only one spelling of it is ours.
        try:
            return str(ipaddress.IPv4Address(ascii_host))
        except ValueError as error:
            raise ValueError(f"not a host name: {host!r} in {url!r}") from error
    if len(ascii_host) > 253 or not all(_HOST_LABEL.fullmatch(label) for label in labels):
        raise ValueError(f"not a host name: {host!r} in {url!r}")
    return ascii_host


def _canonical_path(path: str) -> str:
    # Decode once, then encode once: `%7e`, `%7E` and `~` become one spelling. A decoded `/` or `%` would change
    # the meaning, so those two stay encoded.
    segments = [
        quote(
            unquote(segment, errors="surrogateescape"),
            safe=_PATH_SAFE.replace("/", ""),
            errors="surrogateescape",
        )
        for segment in path.split("/")
    ]
    encoded = "/".join(segments)
    normal = "/" + posixpath.normpath(f"/{encoded}").lstrip("/")
    while _INDEX_PAGE.search(normal):
        normal = _INDEX_PAGE.sub("", normal)
    return normal.rstrip("/")


def venue_id(site_url: str) -> uuid.UUID:
    """UUIDv5 of a venue: of its site's canonical address.

    Raises:
        ValueError: as `canonical_site_url`.
    """
    return uuid.uuid5(NAMESPACE, f"venue:{canonical_site_url(site_url)}")


def user_id(handle: str) -> uuid.UUID:
    """UUIDv5 of a person, from the handle the calling app knows them by (case-sensitive, outer blanks dropped).

    Raises:
        ValueError: the handle is blank.
    """
    if not handle.strip():
        raise ValueError("a user's handle must not be blank")
    return uuid.uuid5(NAMESPACE, f"user:{handle.strip()}")


def content_id(content: bytes) -> str:
    """Id of a photograph or page body: the SHA-256 of its bytes, 64 lower-case hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()


def venue_bucket(identifier: uuid.UUID) -> int:
    """Venue partition, in [0, VENUE_BUCKETS)."""
    return bucket_of(identifier, VENUE_BUCKETS)


def user_bucket(identifier: uuid.UUID) -> int:
    """User partition, in [0, USER_BUCKETS)."""
    return bucket_of(identifier, USER_BUCKETS)
