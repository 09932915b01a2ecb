"""What every site of a world answers, by host and path: the HTTP-free half of the site server.

Originals come from the folder of built sites, and what is not there yet is made on request and kept. Edits
(a changed page, a photograph taken down) live in memory only and die with the store.
"""

from __future__ import annotations

import html
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from demo.sites.disk import SCRATCH, site_file, write_whole
from demo.sites.plan import SitePlan, without_photo
from demo.sites.planner import plan_for
from demo.sites.render import CALENDAR_MONTHS, render_missing, render_page
from demo.sites.targets import Target, target_bytes, targets

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from demo.world.model import World

_MONTHS: Final = frozenset(str(month) for month in range(1, CALENDAR_MONTHS + 1))


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole response before HTTP's own business; `location` is set for redirects only."""

    status: int
    body: bytes
    content_type: str
    modified: datetime | None = None
    location: str | None = None


@dataclass(slots=True)
class _Edits:
    """How a site differs from its plan: the plan without what was removed, texts replaced, and when."""

    plan: SitePlan
    texts: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    modified: dict[str, datetime] = field(default_factory=dict)


class SiteStore:
    """All sites of a world. Thread-safe for reading; edits are meant to come from one thread at a time."""

    def __init__(self, world: World, folder: Path) -> None:
        """Serve `world`, whose built files are (or will be kept) under `folder`/sites."""
        self._world = world
        self._sites = folder / "sites"
        self._scratch = folder / SCRATCH
        self._numbers = {venue.host: number for number, venue in enumerate(world.venues)}
        self._edits: dict[str, _Edits] = {}
        self._planned = lru_cache(maxsize=1024)(lambda number: plan_for(world, number))
        self._targets = lru_cache(maxsize=1024)(
            lambda number: {target.path: target for target in targets(self._planned(number))}
        )

    @property
    def hosts(self) -> tuple[str, ...]:
        """Every host name, in the world's order."""
        return tuple(self._numbers)

    def plan(self, host: str) -> SitePlan:
        """The site as it is now, edits to its photographs included.

        Raises:
            KeyError: no such host.
        """
        if host in self._edits:
            return self._edits[host].plan
        return self._planned(self._numbers[host])

    def answer(self, host: str, path: str, query: Mapping[str, str]) -> Answer:
        """What the site answers to a GET; every path gets an answer, if only a 404.

        Raises:
            KeyError: no such host.
        """
        plan = self.plan(host)
        aliases = {alias: page for alias, page in plan.aliases if "?" not in alias}
        path = aliases.get(path, path)
        target = self._target(host, path)
        if target is None:
            return self._elsewhere(plan, path)
        page = plan.page(path)
        if page is not None and page.kind == "availability" and "month" in query:
            if query["month"] not in _MONTHS:
                return self._missing(plan)
            body = render_page(plan, page, self._world.now, int(query["month"]))
            return Answer(200, body, target.content_type, target.modified)
        if host in self._edits:
            body, modified = self._edited(self._edits[host], target)
        else:
            body, modified = self._original(host, plan, target)
        return Answer(200, body, target.content_type, modified)

    def replace_text(self, host: str, path: str, old: str, new: str) -> None:
        """Change a page's text from now on; both texts are plain text, not markup.

        Raises:
            KeyError: no such host or page.
            ValueError: the page does not contain `old`.
        """
        edits = self._edits.get(host) or _Edits(self.plan(host))
        page = edits.plan.page(path)
        if page is None:
            raise KeyError(f"{host} has no page {path}")
        target = Target(path, "", page.modified)
        before, modified = self._edited(edits, target)
        pair = (html.escape(old), html.escape(new))
        if pair[0] not in before.decode(edits.plan.charset):
            raise ValueError(f"{host}{path} does not contain {old!r}")
        edits.texts.setdefault(path, []).append(pair)
        edits.modified[path] = _later_than(modified)
        self._edits[host] = edits

    def remove_photo(self, host: str, photo: str) -> None:
        """Take a photograph down: its files are gone and the pages that showed it have changed.

        Raises:
            KeyError: no such host or photograph.
        """
        old = self._edits.get(host) or _Edits(self.plan(host))
        new = _Edits(without_photo(old.plan, photo), old.texts, dict(old.modified))
        for page in old.plan.pages:
            target = Target(page.path, "", page.modified)
            before, modified = self._edited(old, target)
            if self._edited(new, target)[0] != before:
                new.modified[page.path] = _later_than(modified)
        self._edits[host] = new

    def undo_edits(self, host: str) -> None:
        """The texts and photographs as they were built; nothing happens when the site was never edited.

        What had changed changes once more, so its Last-Modified moves on; it does not go back to the first one.
        """
        if host not in self._edits:
            return
        old, plan = self._edits[host], self._planned(self._numbers[host])
        modified = {path: _later_than(moment) for path, moment in old.modified.items()}
        self._edits[host] = _Edits(plan, modified=modified)

    def _target(self, host: str, path: str) -> Target | None:
        target = self._targets(self._numbers[host]).get(path)
        if target is None or host not in self._edits:
            return target
        gone = self._planned(self._numbers[host]).image(path) and not self._edits[host].plan.image(path)
        return None if gone else target

    def _edited(self, edits: _Edits, target: Target) -> tuple[bytes, datetime]:
        plan = edits.plan
        if plan.page(target.path) is None:
            return self._original(plan.host, plan, target)
        body = target_bytes(plan, target.path, self._world.now)
        for old, new in edits.texts.get(target.path, ()):
            body = body.decode(plan.charset).replace(old, new).encode(plan.charset, "xmlcharrefreplace")
        return body, edits.modified.get(target.path, target.modified)

    def _original(self, host: str, plan: SitePlan, target: Target) -> tuple[bytes, datetime]:
        file = site_file(self._sites, host, target.path)
        try:
            body = file.read_bytes()
        except FileNotFoundError:
            body = target_bytes(plan, target.path, self._world.now)
            write_whole(file, body, self._scratch, target.modified)
            return body, target.modified
        return body, datetime.fromtimestamp(int(file.stat().st_mtime), UTC)

    def _elsewhere(self, plan: SitePlan, path: str) -> Answer:
        location = dict(plan.redirects).get(path)
        if location is None and plan.page(f"{path}/") is not None:
            location = f"{path}/"
        if location is None:
            return self._missing(plan)
        return Answer(301, b"", "text/html; charset=utf-8", location=location)

    def _missing(self, plan: SitePlan) -> Answer:
        return Answer(404, render_missing(plan), "text/html; charset=utf-8")


def _later_than(modified: datetime) -> datetime:
    """The present in whole seconds, but after `modified`, so that Last-Modified always moves."""
    return max(datetime.now(UTC).replace(microsecond=0), modified + timedelta(seconds=1))
