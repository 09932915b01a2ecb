"""HEAD requests: answered as the GET would be, without the body. What may be asked is not decided here."""

from __future__ import annotations

from starlette.types import ASGIApp, Message, Receive, Scope, Send


class Heads:
    """The middleware: RFC 9110, 9.3.2, for every route that answers GET.

    FastAPI's routes answer the methods they name and no other, and naming HEAD at each would double the API's
    description.

    Args:
        app: what answers GET.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer; the headers are those of GET, the body's length among them."""
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await self._app(scope, receive, send)
            return

        async def send_without_body(message: Message) -> None:
            await send({**message, "body": b""} if message["type"] == "http.response.body" else message)

        await self._app({**scope, "method": "GET"}, receive, send_without_body)
