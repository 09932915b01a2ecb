"""Running an ASGI application on a loopback port inside this process, for tests and for the demo.

Only the starting, waiting and stopping belong here; what is served is the caller's business.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Final

import uvicorn

if TYPE_CHECKING:
    from starlette.types import ASGIApp

_HOST: Final = "127.0.0.1"
_START_TIMEOUT_S: Final = 20.0
_STOP_TIMEOUT_S: Final = 10.0


class _AnnouncingServer(uvicorn.Server):
    """A uvicorn server that says when it listens, so that nobody has to poll."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready = threading.Event()

    async def startup(self, *args: object, **kwargs: object) -> None:
        try:
            await super().startup(*args, **kwargs)  # type: ignore[arg-type]  # uvicorn's own signature, passed on
        finally:
            self.ready.set()

    def run_on(self, listener: socket.socket) -> None:
        # SystemExit is how uvicorn gives up when the application does not start; `started` then stays False.
        with suppress(SystemExit):
            self.run([listener])


@contextmanager
def serving(app: ASGIApp, *, port: int = 0) -> Iterator[str]:
    """Serve `app` on 127.0.0.1 in a thread for the length of the `with` block.

    Args:
        app: any ASGI application.
        port: TCP port; 0 takes a free one.

    Yields:
        The base URL without a trailing slash, e.g. `http://127.0.0.1:40123`; it accepts connections already.

    Raises:
        OSError: the port is taken.
        RuntimeError: the application failed to start.
    """
    listener = socket.create_server((_HOST, port))
    config = uvicorn.Config(app, log_level="warning", access_log=False, timeout_graceful_shutdown=2)
    server = _AnnouncingServer(config)
    thread = threading.Thread(target=server.run_on, args=(listener,), name="demo-server", daemon=True)
    thread.start()
    try:
        if not server.ready.wait(_START_TIMEOUT_S) or not server.started:
            raise RuntimeError("the application did not start; its log says why")
        yield f"http://{_HOST}:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(_STOP_TIMEOUT_S)
        listener.close()
