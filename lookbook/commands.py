"""What `venue-taste lookbook` does: serving the app by itself, and links for people. The command itself is in `cli`."""

from __future__ import annotations

import signal
from collections.abc import Callable

from lookbook.access import Access, Purpose
from lookbook.connections import open_doors
from lookbook.reading.people import find_handle
from lookbook.server import serving
from resources.database import DatabaseUrls
from resources.errors import SetupError
from resources.settings import Settings

_ENDS = (signal.SIGINT, signal.SIGTERM)


def serve_until_stopped(urls: DatabaseUrls, settings: Settings, say: Callable[[str], None]) -> None:
    """Serve the lookbook until Ctrl-C or a TERM signal; `say` is told the address.

    Raises:
        SetupError: as `serving`.
    """
    # Blocked before any thread starts, which all inherit: or one of them would be ended by the signal.
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _ENDS)
    try:
        with serving(urls, settings) as address:
            say(address)
            signal.sigwait(_ENDS)
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def sign_in_link(urls: DatabaseUrls, settings: Settings, handle: str, lifetime_s: float, address: str) -> str:
    """A link by which a person comes to their own pages, good for so many seconds.

    Raises:
        SetupError: LOOKBOOK_TOKEN is unset, or there is nobody of that handle.
    """
    token = settings.lookbook_token
    if token is None:
        raise SetupError("without LOOKBOOK_TOKEN nobody needs a link", "set LOOKBOOK_TOKEN, here and for the lookbook")
    doors = open_doors(urls, settings)
    try:
        with doors.reader.connect() as connection:
            person = find_handle(connection, handle.strip())
    finally:
        doors.close()
    if person is None:
        raise SetupError(f"there is nobody called {handle!r}", f"venue-taste users add {handle!r}")
    key = Access(token.get_secret_value()).sign(Purpose.LINK, person.user_id, lifetime_s)
    return f"{address.rstrip('/')}/enter?key={key}"
