"""POST and GET of JSON to a model server, with patience for a busy one. What is asked is the caller's business."""

from __future__ import annotations

import ipaddress
import time
from dataclasses import dataclass, field
from typing import Any, Final

import httpx

from resources.errors import SetupError

_BUSY: Final = frozenset({429, 502, 503, 504})
_ATTEMPTS: Final = 5
_LONGEST_WAIT_S: Final = 60.0
_TIMEOUT: Final = httpx.Timeout(300.0, connect=10.0)  # the first answer of a local server may include loading the model
_SHOWN: Final = 300


@dataclass(frozen=True, slots=True)
class ModelServer:
    """A server of embeddings.

    Attributes:
        base_url: without a trailing slash.
        setting: environment variable that the address comes from, for messages.
        headers: sent with every request.
        first_wait_s: before a request is tried again; doubled each time. The server's Retry-After comes first.
    """

    base_url: str
    setting: str
    headers: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    first_wait_s: float = 1.0

    @property
    def uses_proxy(self) -> bool:
        """Whether the environment's proxy and certificates (HTTPS_PROXY, NO_PROXY, SSL_CERT_FILE) are used.

        In many companies a provider on the internet is reached through them only, as are the hub and Pinterest. A
        server on this machine is never behind a proxy, which would look for it on its own.
        """
        host = httpx.URL(self.base_url).host
        try:
            address = ipaddress.ip_address(host)
        except ValueError:
            return host != "localhost"
        return not (address.is_loopback or address.is_unspecified)

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        """The JSON answer to a request.

        Raises:
            SetupError: no answer, a refusal, an answer that is no JSON, or a server that stays busy.
        """
        address = f"{self.base_url}{path}"
        try:
            with httpx.Client(headers=self.headers, timeout=_TIMEOUT, trust_env=self.uses_proxy) as client:
                answer = self._patiently(client, method, address, body)
            if answer.is_success:
                return answer.json()
        except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
            reason = str(error) or type(error).__name__
            raise SetupError(
                f"the embedding server at {address} does not answer: {reason}", f"start it, or correct {self.setting}"
            ) from error
        raise SetupError(
            f"{address} answered {answer.status_code}: {answer.text[:_SHOWN]}",
            f"correct TEXT_ENCODER, {self.setting} or TEXT_ENCODER_API_KEY",
        )

    def _patiently(self, client: httpx.Client, method: str, address: str, body: Any) -> httpx.Response:
        for attempt in range(_ATTEMPTS):
            answer = client.request(method, address, json=body)
            if answer.status_code not in _BUSY or attempt == _ATTEMPTS - 1:
                break
            wait = _retry_after(answer)
            time.sleep(min(_LONGEST_WAIT_S, self.first_wait_s * 2**attempt if wait is None else max(0.0, wait)))
        return answer


def _retry_after(answer: httpx.Response) -> float | None:
    try:
        return float(answer.headers["Retry-After"])
    except (KeyError, ValueError):  # absent, or a date
        return None
