"""The picture files of pins. They lie on a file server of their own, which gets no token."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlsplit

import httpx

from resources.pictures import MAX_BYTES
from resources.pinterest.errors import UnavailableError
from resources.pinterest.requests import Patience, Timing, TooLargeError, read_capped

_HOST: Final = "pinimg.com"


class PictureRefusedError(Exception):
    """A picture that will not be had; `reason` is a short code such as `http_404`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Pictures:
    """Fetches pictures; usable from several threads.

    Args:
        http: without credentials; redirects are not followed.
        api_url: base of the API: what serves pictures from the same host may, as the demo does.
        timing: where time comes from.
        patience: how long to try.
    """

    def __init__(
        self, http: httpx.Client, api_url: str, timing: Timing | None = None, patience: Patience | None = None
    ) -> None:
        self._http = http
        self._api = urlsplit(api_url)
        self._timing = timing or Timing()
        self._patience = patience or Patience()

    def fetch(self, url: str) -> bytes:
        """The bytes of a picture.

        Raises:
            PictureRefusedError: it is gone, too large, or lies where Pinterest's pictures do not.
            UnavailableError: no answer in any attempt; another time may do.
        """
        if not self._is_allowed(url):
            raise PictureRefusedError("foreign_address")
        reason = ""
        for attempt in range(1, self._patience.attempts + 1):
            try:
                with self._http.stream("GET", url, follow_redirects=False) as response:
                    status = response.status_code
                    content = read_capped(response, MAX_BYTES) if response.is_success else b""
            except TooLargeError as error:
                raise PictureRefusedError("too_large") from error
            except httpx.RequestError as error:
                reason = f"no answer ({type(error).__name__})"
            else:
                if response.is_success:
                    return content
                if status < 500 and status not in (408, 429):
                    raise PictureRefusedError(f"http_{status}")
                reason = f"status {status}"
            if attempt < self._patience.attempts:
                self._timing.sleep(self._patience.back_off_s(attempt, self._timing.chance))
        raise UnavailableError(f"picture: {reason}, after {self._patience.attempts} attempts")

    def _is_allowed(self, url: str) -> bool:
        """Whether the address is one of Pinterest's: what an answer names is fetched from inside our network."""
        try:
            parts = urlsplit(url)
            host = (parts.hostname or "").lower()
            same_server = (parts.scheme, host, parts.port) == (self._api.scheme, self._api.hostname, self._api.port)
        except ValueError:
            return False
        is_pinterest = parts.scheme == "https" and parts.port is None and (host == _HOST or host.endswith(f".{_HOST}"))
        return parts.username is None and (is_pinterest or same_server)
