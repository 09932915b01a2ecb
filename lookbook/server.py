"""Serving the lookbook: where it may listen, and its life beside other things in one process."""

from __future__ import annotations

import ipaddress
import socket
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Final

import uvicorn

from lookbook.access import Access
from lookbook.app import create_app
from lookbook.connections import open_doors
from lookbook.pictures import Pictures
from lookbook.talk import Talks
from lookbook.warming import warming
from lookbook.web import Lookbook
from resources.database import DatabaseUrls
from resources.errors import SetupError
from resources.photo_store import PhotoStore
from resources.settings import Settings

_STOP_S: Final = 10.0
_BACKLOG: Final = 128


@contextmanager
def serving(urls: DatabaseUrls, settings: Settings, *, refresh_s: float = 10.0) -> Iterator[str]:
    """Serve the lookbook on a thread of its own for the length of the block; its address.

    Args:
        urls: of the tables.
        settings: LOOKBOOK_* among them.
        refresh_s: seconds between a page's looks for new tastes.

    Raises:
        SetupError: it may not listen there, the port is taken, or the database cannot be read in its roles.
    """
    with closing(listening(settings)) as sock:
        doors = open_doors(urls, settings)
        try:
            book = Lookbook(doors, _pictures(settings), _access(settings), refresh_s)
            talks = Talks(book, settings)
            server = uvicorn.Server(_config(book, talks, settings))
            thread = threading.Thread(target=server.run, args=([sock],), name="lookbook", daemon=True)
            thread.start()
            try:
                with warming(talks.slow_parts()):
                    yield address(sock)
            finally:
                server.should_exit = True
                thread.join(_STOP_S)
        finally:
            doors.close()


def require_safe_host(settings: Settings) -> None:
    """Without LOOKBOOK_TOKEN the lookbook listens on this machine only.

    Raises:
        SetupError: it would listen beyond.
    """
    host = settings.lookbook_host
    if settings.lookbook_token is None and not is_loopback(host):
        raise SetupError(
            f"the lookbook would listen on {host}, where others can reach it, and anybody could be anyone",
            "set LOOKBOOK_TOKEN to a secret of 32 characters or more (`openssl rand -hex 32`), or leave LOOKBOOK_HOST "
            "at 127.0.0.1",
        )


def listening(settings: Settings) -> socket.socket:
    """A socket that listens where the settings say.

    Raises:
        SetupError: beyond this machine without LOOKBOOK_TOKEN, or the address cannot be had.
    """
    require_safe_host(settings)
    host, port = settings.lookbook_host, settings.lookbook_port
    sock = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    try:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.bind((host, port))
        sock.listen(_BACKLOG)
    except OSError as error:
        sock.close()
        raise SetupError(
            f"the lookbook cannot listen on {host} port {port}: {error.strerror or error}",
            "choose another port with LOOKBOOK_PORT (0 is any that is free), or correct LOOKBOOK_HOST",
        ) from error
    return sock


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach an address. A name is believed only if it is `localhost`."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def address(sock: socket.socket) -> str:
    """Where a browser finds a listening socket."""
    host, port = sock.getsockname()[:2]
    shown = f"[{host}]" if ":" in host else host
    return f"http://{shown}:{port}"


def _access(settings: Settings) -> Access:
    token = settings.lookbook_token
    return Access(None if token is None else token.get_secret_value())


def _pictures(settings: Settings) -> Pictures:
    return Pictures(PhotoStore(settings.photo_store))


def _config(book: Lookbook, talks: Talks, settings: Settings) -> uvicorn.Config:
    return uvicorn.Config(
        create_app(book, talks, requests_per_minute=settings.lookbook_requests_per_minute),
        # Links hold keys: addresses are not written down. A proxy on this machine is believed about who asks.
        access_log=False, log_level="warning", server_header=False, proxy_headers=True,
        forwarded_allow_ips="127.0.0.1", timeout_graceful_shutdown=2, lifespan="off",
    )  # fmt: skip
