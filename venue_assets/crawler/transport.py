"""The download handler Scrapy uses for http and https: one request on an aiohttp session that cannot reach inside.

Scrapy's own handlers connect to whatever a name resolves to. This one refuses names with a non-public address among
their answers and opens sockets to public addresses only. A name is resolved once per connection and the socket goes to
that very answer, so a second, different DNS answer (rebinding) has nothing to act on. Redirects, robots.txt, retries
and budgets are `venue_assets.crawler.fetch`'s business.

Request meta read here:
    max_bytes: largest body, after decompression (int).
    cut: take the first `max_bytes` of a larger body instead of refusing it (bool).
    skip_body: media types, as prefixes, whose bodies are of no use (tuple of str).
    timeout: seconds for the whole request (float).
    spend: called with the size of each piece of the body, as transferred, before it is decoded; may raise
        BudgetExceededError, which ends the request (callable).
"""

from __future__ import annotations

import socket
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, Final

import aiohttp
import yarl
from aiohttp.abc import AbstractResolver, ResolveResult

from venue_assets.crawler.addresses import RefusedAddressError, admit, check_address, read_host_map
from venue_assets.crawler.bodies import BodyBuffer, BodyTooLargeError, EncodingError
from venue_assets.crawler.errors import FetchError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response

_CONNECT_SECONDS: Final = 10.0
_OWN_HEADERS: Final = ("User-Agent", "Accept", "Accept-Encoding", "Content-Type")


class PublicResolver(AbstractResolver):
    """Resolves names with the system's resolver, and refuses a name if any of its addresses is not public."""

    def __init__(self, resolver: AbstractResolver) -> None:
        self._resolver = resolver

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """The addresses of `host`.

        Raises:
            RefusedAddressError: one of them is not public.
            OSError: the name has none.
        """
        answers = await self._resolver.resolve(host, port, family)
        for answer in answers:
            check_address(answer["host"])
        return answers

    async def close(self) -> None:
        """Let the resolver go."""
        await self._resolver.close()


def public_socket(address: aiohttp.connector.AddrInfoType) -> socket.socket:
    """A socket for one address, the last check before connecting.

    Raises:
        RefusedAddressError: the address is not public.
    """
    family, kind, protocol, _, (host, *_) = address
    check_address(str(host))
    return socket.socket(family, kind, protocol)


class GuardedDownloadHandler:
    """Scrapy's `DOWNLOAD_HANDLERS` interface: `from_crawler`, `download_request`, `close`."""

    lazy = False

    def __init__(self, host_map: dict[str, str], resolver: AbstractResolver | None = None) -> None:
        """Prepare the sessions; must be called with the event loop running.

        Args:
            host_map: see `CrawlJob`.
            resolver: where names are looked up; the system's resolver when None.
        """
        self._host_map = read_host_map(host_map)
        public = aiohttp.TCPConnector(
            resolver=PublicResolver(resolver or aiohttp.ThreadedResolver()),
            socket_factory=public_socket,
            limit=0,  # Scrapy's slots limit it
        )
        self._public = _session(public)
        self._mapped = _session(aiohttp.TCPConnector(limit=0))

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> GuardedDownloadHandler:
        """Called by Scrapy."""
        return cls(crawler.settings.getdict("HOST_MAP"))

    async def close(self) -> None:
        """Close all connections."""
        await self._public.close()
        await self._mapped.close()

    async def download_request(self, request: Request) -> Response:
        """Send the request and read the body, within its caps; only a 200 has one to be read.

        Raises:
            RefusedAddressError: the URL or the address behind it may not be reached.
            FetchError: there was no usable response.
            BudgetExceededError: raised by `spend`.
        """
        from scrapy.http import Headers, Response

        async with self._answer(request) as answer:
            # As bytes: a header in no known encoding is no reason to refuse a page.
            headers = Headers(answer.raw_headers)
            return Response(request.url, answer.status, headers, body=await _read_body(answer, request.meta))

    @asynccontextmanager
    async def _answer(self, request: Request) -> AsyncIterator[aiohttp.ClientResponse]:
        target = admit(request.url, self._host_map)
        headers = {str(name): value for name, value in request.headers.to_unicode_dict().items()}
        # Built from what was admitted, never parsed a second time by other rules.
        asked = yarl.URL(request.url, encoded=True)
        url = asked.with_scheme(target.scheme).with_host(target.host)
        session = self._public
        if target.connect_to is not None:
            host, port = target.connect_to
            headers["Host"] = url.host_port_subcomponent or target.host
            session, url = self._mapped, url.with_scheme("http").with_host(host).with_port(port)
        timeout = aiohttp.ClientTimeout(total=request.meta["timeout"], sock_connect=_CONNECT_SECONDS)
        try:
            async with session.request(
                request.method, url, headers=headers, timeout=timeout, allow_redirects=False
            ) as answer:
                yield answer
        except TimeoutError as error:
            raise FetchError("timeout", f"over {request.meta['timeout']:g} s", passing=True) from error
        except aiohttp.ClientConnectorDNSError as error:
            _reraise_refusal(error)
            unknown = error.os_error.errno == socket.EAI_NONAME
            raise FetchError("host_not_found", target.host, passing=not unknown) from error
        except aiohttp.ClientSSLError as error:
            raise FetchError("tls_failed", str(error), passing=True) from error
        except aiohttp.ClientConnectorError as error:
            _reraise_refusal(error)
            raise FetchError("connection_failed", str(error.os_error), passing=True) from error
        except (aiohttp.ClientPayloadError, aiohttp.ServerDisconnectedError, aiohttp.ClientOSError) as error:
            raise FetchError("body_cut_short", str(error) or type(error).__name__, passing=True) from error
        except (aiohttp.ClientError, ValueError) as error:
            raise FetchError("bad_response", f"{type(error).__name__}: {error}", passing=False) from error


def _session(connector: aiohttp.TCPConnector) -> aiohttp.ClientSession:
    return aiohttp.ClientSession(
        connector=connector,
        cookie_jar=aiohttp.DummyCookieJar(),
        auto_decompress=False,  # `bodies` does it, with a cap
        skip_auto_headers=_OWN_HEADERS,
        trust_env=False,  # a proxy would connect for us, unchecked
    )


async def _read_body(answer: aiohttp.ClientResponse, meta: dict[str, Any]) -> bytes:
    if answer.status != 200:
        # Nobody reads it, so we hang up on what has not come yet; the ledger has what did.
        meta["spend"](answer.content.total_bytes)
        return b""
    largest: int = meta["max_bytes"]
    cut: bool = meta.get("cut", False)
    # The header itself: aiohttp's own reading takes a missing one for application/octet-stream.
    media_type = answer.headers.get("Content-Type", "").strip().lower()
    if media_type.startswith(meta.get("skip_body", ())):
        return b""
    announced = answer.content_length
    if announced is not None and announced > largest and not cut:
        raise FetchError("body_too_large", f"{announced} bytes announced, {largest} allowed", passing=False)
    try:
        buffer = BodyBuffer(answer.headers.get("Content-Encoding", ""), largest)
        async for chunk in answer.content.iter_any():
            meta["spend"](len(chunk))
            buffer.feed(chunk)
    except BodyTooLargeError as error:
        if not cut:
            raise FetchError("body_too_large", str(error), passing=False) from error
    except EncodingError as error:
        raise FetchError("bad_encoding", str(error), passing=False) from error
    return buffer.value()


def _reraise_refusal(error: aiohttp.ClientConnectorError) -> None:
    """Tell our own refusal from a failed connection: a refusal is final, and must not look like a DNS error."""
    if isinstance(error.os_error, RefusedAddressError):
        raise error.os_error
