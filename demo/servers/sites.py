"""The HTTP server of the venues' sites: all of them on one port, told apart by the Host header.

`<slug>.venue.test` is a site, and `<slug>.localhost` the same one for browsers, which resolve such names to
this machine. Any other Host (127.0.0.1, localhost) is the operator's: `/` lists the sites, and under `/_control/`

* `POST faults` {"host", "fault": "429" | "503" | "slow" | "truncated" | null, ...}: see `demo.servers.faults.Fault`
* `GET log`: per host what was asked, and `DELETE log` to forget it
* `POST sites/{host}/edit` {"path", "old", "new"} changes a page's text, {"remove_photo": name} takes a
  photograph down, {"undo": true} restores the site

Sites never answer `/_control/`, so no crawler can reach it by a link.
"""

from __future__ import annotations

import asyncio
import gzip
import html
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, Final

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from demo.servers.faults import Fault, FaultSwitch
from demo.servers.same_site import is_cross_site
from demo.sites.store import Answer, SiteStore
from demo.world.venues import HOST_SUFFIX

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

BROWSER_SUFFIX: Final = ".localhost"
_COMPRESSED: Final = ("text/", "application/xml")
_METHODS: Final = ("GET", "HEAD")


@dataclass(slots=True)
class HostLog:
    """What one host was asked: requests by "METHOD status", by path, with validators, and body bytes sent."""

    requests: Counter[str] = field(default_factory=Counter)
    paths: Counter[str] = field(default_factory=Counter)
    conditional: int = 0
    body_bytes: int = 0


class RequestLog:
    """Counts per host; read it in process or at `GET /_control/log`."""

    def __init__(self) -> None:
        self.hosts: dict[str, HostLog] = {}

    def note(self, host: str, request: Request, status: int, body_bytes: int) -> None:
        """Count one answered request."""
        log = self.hosts.setdefault(host, HostLog())
        log.requests[f"{request.method} {status}"] += 1
        log.paths[request.scope["path"]] += 1
        log.conditional += "if-none-match" in request.headers or "if-modified-since" in request.headers
        log.body_bytes += body_bytes

    def clear(self) -> None:
        """Forget everything."""
        self.hosts.clear()


class SiteServer:
    """The ASGI application; `store`, `faults` and `log` are there for tests that run it in their process."""

    def __init__(self, store: SiteStore) -> None:
        self.store = store
        self.faults = FaultSwitch()
        self.log = RequestLog()
        self._hosts = frozenset(store.hosts)
        self.app = Starlette(
            routes=[
                Route("/_control/faults", self._set_fault, methods=["POST"]),
                Route("/_control/log", self._show_log, methods=["GET"]),
                Route("/_control/log", self._clear_log, methods=["DELETE"]),
                Route("/_control/sites/{host}/edit", self._edit, methods=["POST"]),
                Route("/", self._index, methods=["GET"]),
            ]
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a site's request, or hand the operator's on."""
        host = _site_name(scope) if scope["type"] == "http" else None
        if host is None:
            app: ASGIApp = self.app
            if _is_control(scope) and is_cross_site(Headers(scope=scope)):
                app = JSONResponse({"message": "asked for by a page of another site"}, 403)
            await app(scope, receive, send)
            return
        request = Request(scope, receive)
        response = await self._serve(host, request)
        sent = 0 if request.method == "HEAD" else len(response.body)
        self.log.note(host, request, response.status_code, sent)
        await response(scope, receive, send)

    async def _serve(self, host: str, request: Request) -> Response:
        if host not in self._hosts:
            return Response("no such site\n", 404, media_type="text/plain")
        path: str = request.scope["path"]
        fault = self.faults.take(host, path)
        if fault is not None and fault.fault in ("429", "503"):
            waiting = {} if fault.retry_after is None else {"Retry-After": str(fault.retry_after)}
            return Response("try again later\n", int(fault.fault), waiting, media_type="text/plain")
        if fault is not None and fault.fault == "slow":
            await asyncio.sleep(fault.delay)
        if request.method not in _METHODS:
            return Response("method not allowed\n", 405, {"Allow": ", ".join(_METHODS)})
        answer = await run_in_threadpool(self.store.answer, host, path, request.query_params)
        response = _as_response(answer, request)
        if fault is not None and fault.fault == "truncated":
            return _CutShort(response)
        return response

    async def _index(self, request: Request) -> Response:
        port = f":{request.url.port}" if request.url.port else ""
        rows = "".join(
            f'<li><a href="http://{html.escape(host.removesuffix(HOST_SUFFIX) + BROWSER_SUFFIX)}{port}/">'
            f"{html.escape(host)}</a></li>"
            for host in self.store.hosts
        )
        return HTMLResponse(f"<!DOCTYPE html><title>Venue sites</title><h1>Venue sites</h1><ul>{rows}</ul>")

    async def _set_fault(self, request: Request) -> Response:
        try:
            wanted = TypeAdapter(dict[str, Any]).validate_json(await request.body())
            host = self._known(str(wanted.pop("host", "")))
            self.faults.set(host, None if wanted.get("fault") is None else Fault.model_validate(wanted))
        except (ValidationError, KeyError) as error:
            return _refused(error)
        return JSONResponse({"host": host, "fault": wanted.get("fault")})

    async def _show_log(self, request: Request) -> Response:
        return JSONResponse(
            {
                host: {
                    "requests": dict(log.requests),
                    "paths": dict(log.paths),
                    "conditional": log.conditional,
                    "body_bytes": log.body_bytes,
                }
                for host, log in sorted(self.log.hosts.items())
            }
        )

    async def _clear_log(self, request: Request) -> Response:
        self.log.clear()
        return Response(status_code=204)

    async def _edit(self, request: Request) -> Response:
        try:
            host = self._known(request.path_params["host"])
            edit = SiteEdit.model_validate_json(await request.body())
            await run_in_threadpool(edit.apply, self.store, host)
        except (ValidationError, KeyError, ValueError) as error:
            return _refused(error)
        return JSONResponse({"host": host, **edit.model_dump(exclude_none=True)})

    def _known(self, host: str) -> str:
        if host not in self._hosts:
            raise KeyError(f"no such site: {host!r}")
        return host


class SiteEdit(BaseModel):
    """Body of an edit: `path`, `old` and `new` for a text, or `remove_photo`, or `undo`."""

    model_config = ConfigDict(extra="forbid")

    path: str | None = None
    old: str | None = None
    new: str | None = None
    remove_photo: str | None = None
    undo: bool | None = None

    def apply(self, store: SiteStore, host: str) -> None:
        """Make the edit.

        Raises:
            KeyError: no such page or photograph.
            ValueError: nothing to do, or the page does not contain the old text.
        """
        if self.undo:
            store.undo_edits(host)
        elif self.remove_photo is not None:
            store.remove_photo(host, self.remove_photo)
        elif self.path is not None and self.old and self.new is not None:
            store.replace_text(host, self.path, self.old, self.new)
        else:
            raise ValueError("an edit has path, old and new, or remove_photo, or undo")


class _CutShort(Response):
    """Announces the whole body, sends half, and ends without saying so: the server closes the connection."""

    def __init__(self, whole: Response) -> None:
        super().__init__(whole.body, whole.status_code)
        self.raw_headers = whole.raw_headers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        half = bytes(self.body[: len(self.body) // 2])
        await send({"type": "http.response.body", "body": half, "more_body": True})


def _is_control(scope: Scope) -> bool:
    return scope["type"] == "http" and str(scope["path"]).startswith("/_control/")


def _site_name(scope: Scope) -> str | None:
    """The site a request is for, by its Host header; None for the operator's own names."""
    host = next((value.decode("latin-1") for name, value in scope["headers"] if name == b"host"), "")
    name = host.rsplit(":", 1)[0].lower()
    if name.endswith(BROWSER_SUFFIX):
        return name.removesuffix(BROWSER_SUFFIX) + HOST_SUFFIX
    return name if name.endswith(HOST_SUFFIX) else None


def _as_response(answer: Answer, request: Request) -> Response:
    if answer.location is not None:
        return Response(status_code=answer.status, headers={"Location": answer.location})
    headers = {"Content-Type": answer.content_type}
    body = answer.body
    tag = f'"{blake2b(body, digest_size=12).hexdigest()}"'
    if answer.content_type.startswith(_COMPRESSED):
        headers["Vary"] = "Accept-Encoding"
        if _accepts_gzip(request.headers.get("accept-encoding", "")):
            # The same text in other bytes: equal for readers, so the validator is a weak one.
            body, tag = gzip.compress(body, compresslevel=5, mtime=0), f"W/{tag}"
            headers["Content-Encoding"] = "gzip"
    if answer.status == 200:
        headers["ETag"] = tag
        if answer.modified is not None:
            headers["Last-Modified"] = format_datetime(answer.modified.astimezone(UTC), usegmt=True)
        if _unchanged(request, tag, answer.modified):
            del headers["Content-Type"]
            headers.pop("Content-Encoding", None)
            return Response(status_code=304, headers=headers)
    if request.method == "HEAD":
        return Response(status_code=answer.status, headers={**headers, "Content-Length": str(len(body))})
    return Response(body, answer.status, headers)


def _accepts_gzip(header: str) -> bool:
    """Whether gzip is named without being refused by `q=0`."""
    for part in header.lower().split(","):
        coding, _, weight = part.partition(";")
        if coding.strip() == "gzip":
            return weight.replace(" ", "") not in ("q=0", "q=0.0", "q=0.00", "q=0.000")
    return False


def _unchanged(request: Request, tag: str, modified: datetime | None) -> bool:
    """RFC 9110: If-None-Match decides when present, compared weakly; else If-Modified-Since."""
    wanted = request.headers.get("if-none-match")
    if wanted is not None:
        known = [item.strip().removeprefix("W/") for item in wanted.split(",")]
        return "*" in known or tag.removeprefix("W/") in known
    since = request.headers.get("if-modified-since")
    if since is None or modified is None:
        return False
    try:
        read = parsedate_to_datetime(since)
    except ValueError:
        # A date nobody can read is as good as none.
        return False
    return modified <= (read if read.tzinfo else read.replace(tzinfo=UTC))


def _refused(error: Exception) -> Response:
    return JSONResponse({"message": str(error)}, 422)
