"""Which addresses the crawler may reach: the rules for URLs as written, and for IP addresses as connected to.

Pure functions. `transport` applies the first before a request, the second to every address a name resolves to and,
last, to the one a socket is opened for, so no spelling, DNS answer or redirect gets past all three.
"""

from __future__ import annotations

import ipaddress
import re
import socket
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

import idna

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address

_PORTS: Final = {"http": 80, "https": 443}
_FORBIDDEN: Final = re.compile(r"[\x00-\x20\x7f\\]")
_LABEL: Final = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)")
# The URL standard: a host whose last label is a number, in any notation, is an IPv4 address, never a name.
_NUMERIC_END: Final = re.compile(r"(?:^|\.)(?:[0-9]+|0x[0-9a-f]*)$")

_NAT64: Final = ipaddress.IPv6Network("64:ff9b::/96")
_IPV4_COMPATIBLE: Final = ipaddress.IPv6Network("::/96")
_GLOBAL_UNICAST: Final = ipaddress.IPv6Network("2000::/3")
# Beside what `ipaddress` knows as not global, which grows from one Python release to the next.
_SPECIAL: Final = (
    ipaddress.IPv4Network("192.0.0.0/24"),  # IETF protocol assignments; clouds put metadata services there
    ipaddress.IPv4Network("192.88.99.0/24"),  # 6to4 relays
    ipaddress.IPv4Network("168.63.129.16/32"),  # a public number that is a cloud's internal control address
    ipaddress.IPv6Network(
        "2001::/23"
    ),  # Teredo among them: tunnels to an IPv4 address chosen by whoever wrote the name
    ipaddress.IPv6Network("3fff::/20"),  # documentation
)


class RefusedAddressError(OSError):
    """A URL or an address that the crawler does not connect to.

    An OSError, so that HTTP clients report it as the failed connection it is instead of tripping over it.

    Attributes:
        reason: short constant: `bad_url`, `scheme_not_allowed`, `port_not_allowed`, `userinfo`, `address_not_public`.
        detail: what was refused.
    """

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Target:
    """Where a request for an admitted URL goes.

    Attributes:
        scheme: "http" or "https", as the URL says.
        host: lower case, ASCII, without trailing dot; IPv6 without brackets.
        connect_to: (host, port) of the operator's host map, to be spoken to in plain HTTP and without further
            checks; None for the public web.
    """

    scheme: str
    host: str
    connect_to: tuple[str, int] | None = None


def is_public(address: IPAddress) -> bool:
    """Whether an address belongs to the public internet, looking into IPv6 forms that carry an IPv4 address."""
    if isinstance(address, ipaddress.IPv6Address):
        carried = _carried_ipv4(address)
        if carried is not None:
            return is_public(carried)
        if address not in _GLOBAL_UNICAST:
            return False
    if any(address.version == network.version and address in network for network in _SPECIAL):
        return False
    return address.is_global and not address.is_multicast and not address.is_reserved


def _carried_ipv4(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address.sixtofour is not None:
        return address.sixtofour
    if address in _NAT64 or address in _IPV4_COMPATIBLE:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return None


def check_address(text: str) -> None:
    """Refuse an address, as a resolver returns it, that is not public.

    Raises:
        RefusedAddressError: it is not, or it is no IP address.
    """
    try:
        address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError as error:
        raise RefusedAddressError("address_not_public", f"{text!r} is not an IP address") from error
    if not is_public(address):
        raise RefusedAddressError("address_not_public", text)


def admit(url: str, host_map: dict[str, tuple[str, int]]) -> Target:
    """Where a request for `url` may go, judged by the URL alone (names are not resolved here).

    Args:
        url: absolute URL.
        host_map: host -> (host, port) of the operator; hosts in it are exempt from the rules on ports and addresses.

    Raises:
        RefusedAddressError: the URL is not one to be requested.
    """
    if _FORBIDDEN.search(url):
        # Parsers disagree on what these mean, so what one checks another might not fetch.
        raise RefusedAddressError("bad_url", "blank, control character or backslash")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise RefusedAddressError("bad_url", str(error)) from error
    if parts.scheme not in _PORTS:
        raise RefusedAddressError("scheme_not_allowed", parts.scheme or "none")
    if "@" in parts.netloc:
        raise RefusedAddressError("userinfo", parts.hostname or "")
    host = normal_host(parts.hostname or "")
    if host in host_map:
        return Target(parts.scheme, host, host_map[host])
    if port not in (None, *_PORTS.values()):
        raise RefusedAddressError("port_not_allowed", str(port))
    if ":" in host or _NUMERIC_END.search(host):
        check_address(host)
    return Target(parts.scheme, host)


def normal_host(host: str) -> str:
    """The one spelling of a host: lower case, ASCII, no trailing dot, IPv4 in dotted decimal.

    Raises:
        RefusedAddressError: it is neither a host name nor an IP address.
    """
    if ":" in host:
        try:
            return str(ipaddress.IPv6Address(host.partition("%")[0]))
        except ValueError as error:
            raise RefusedAddressError("bad_url", f"host {host!r}") from error
    try:
        # As browsers do (UTS 46): folds case, full-width digits and exotic dots.
        name = host.lower() if host.isascii() else idna.encode(host, uts46=True).decode()
    except idna.IDNAError as error:
        raise RefusedAddressError("bad_url", f"host {host!r}") from error
    name = name.removesuffix(".")
    if len(name) > 253 or not all(_LABEL.fullmatch(label) for label in name.split(".")):
        raise RefusedAddressError("bad_url", f"host {host!r}")
    if _NUMERIC_END.search(name):
        try:
            return socket.inet_ntoa(socket.inet_aton(name))  # reads 127.1, 0x7f.1, 017700000001, 2130706433 alike
        except OSError as error:
            raise RefusedAddressError("bad_url", f"host {host!r}") from error
    return name


def read_host_map(host_map: dict[str, str]) -> dict[str, tuple[str, int]]:
    """Parse the operator's map of host -> "ADDRESS:PORT".

    Raises:
        ValueError: an entry is not of that form.
    """
    return {normal_host(host): _address_and_port(host, address) for host, address in host_map.items()}


def _address_and_port(host: str, address: str) -> tuple[str, int]:
    name, _, port = address.rpartition(":")
    if not name or not port.isdecimal() or not 0 < int(port) < 65536:
        raise ValueError(f"host_map[{host!r}] must be ADDRESS:PORT, not {address!r}")
    return name.strip("[]"), int(port)
