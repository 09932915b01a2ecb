"""HTTP to a model's server: no proxy, no redirect, no compression, and no answer larger than an answer can be."""

from __future__ import annotations

import json
from typing import Final

import httpx2

MAX_ANSWER_BYTES: Final = 1_000_000
"""A reading of a site is a few kilobytes of JSON; a server that sends this much is not answering the question."""


class CappedTransport(httpx2.AsyncBaseTransport):
    """Reads each answer whole, and stands an error in for one that is too large or compressed.

    A compressed answer was not asked for and could unfold to any size. The stand-in is an answer of the server's
    kind, because the provider's SDK would repeat a request whose transport raised.
    """

    def __init__(self, wrapped: httpx2.AsyncBaseTransport) -> None:
        self._wrapped = wrapped

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Send the request; the whole answer is read when this returns."""
        response = await self._wrapped.handle_async_request(request)
        try:
            if response.headers.get("content-encoding", "identity") != "identity":
                return _refusal("it is compressed, which was not asked for")
            body = bytearray()
            async for chunk in response.aiter_raw():
                body += chunk
                if len(body) > MAX_ANSWER_BYTES:
                    return _refusal(f"it is larger than {MAX_ANSWER_BYTES:,} bytes")
            return httpx2.Response(response.status_code, headers=response.headers, content=bytes(body))
        finally:
            await response.aclose()

    async def aclose(self) -> None:
        """Close the connections."""
        await self._wrapped.aclose()


def http_client() -> httpx2.AsyncClient:
    """A client for one server, to be closed by the caller; time-outs are set where the requests are made."""
    transport = CappedTransport(httpx2.AsyncHTTPTransport(trust_env=False))
    headers = {"Accept-Encoding": "identity"}
    return httpx2.AsyncClient(
        transport=transport, headers=headers, trust_env=False, follow_redirects=False, timeout=None
    )


def _refusal(reason: str) -> httpx2.Response:
    # Bad gateway is what a proxy says of an answer it cannot pass on; the second header keeps SDKs from repeating.
    message = f"the server's answer is not read: {reason}"
    return httpx2.Response(
        502,
        headers={"content-type": "application/json", "x-should-retry": "false"},
        content=json.dumps({"error": {"message": message, "type": "answer_refused"}}).encode(),
    )
