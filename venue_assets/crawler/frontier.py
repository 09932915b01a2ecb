"""Which pages of a site to ask for next: its bounds, addresses already known, traps, and the order. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit, urlunsplit

from venue_assets.extract.traps import trap_reason
from venue_assets.extract.urls import canonical_url, is_same_site

_QUERIES_PER_PATH: Final = 10
"""Addresses that differ in their query alone: more are a shop, a calendar or a search that `traps` does not know."""

_MOST_KNOWN: Final = 20_000
"""Addresses a frontier keeps in mind; a site that names more is generating them."""


@dataclass(frozen=True, slots=True)
class Scope:
    """The bounds of a site: one host, and one folder of it ("" for all).

    A venue listed as `https://hotel.example/venues/barn` is that page and what lies below it; the rest of the host
    belongs to others.
    """

    scheme: str
    netloc: str
    folder: str

    @classmethod
    def of(cls, site_url: str) -> Scope:
        """The site that `site_url`, its first page, belongs to."""
        parts = urlsplit(site_url)
        folder = parts.path.rstrip("/")
        if "." in folder.rpartition("/")[2]:  # a file: its folder
            folder = folder.rpartition("/")[0]
        return cls(parts.scheme, parts.netloc, folder)

    def moved_to(self, page_url: str) -> Scope:
        """The site after its first page was found at `page_url`: on another host, the folder of that page."""
        parts = urlsplit(page_url)
        is_same = is_same_site(page_url, f"{self.scheme}://{self.netloc}")
        return Scope(parts.scheme, parts.netloc, self.folder if is_same else parts.path.rpartition("/")[0])

    def page(self, url: str) -> str | None:
        """The address as this site spells it (one scheme, with or without `www.`), None when it is not of this site."""
        canonical = canonical_url(url)
        if canonical is None or not is_same_site(canonical, f"{self.scheme}://{self.netloc}"):
            return None
        parts = urlsplit(canonical)
        if self.folder and not f"{parts.path}/".startswith(f"{self.folder}/"):
            return None
        return urlunsplit((self.scheme, self.netloc, parts.path, parts.query, ""))


class Frontier:
    """The pages known so far, in the order in which they became known; each is handed out once."""

    def __init__(self, scope: Scope, most: int) -> None:
        """Start empty; no more than `most` pages are handed out."""
        self._scope = scope
        self._most = most
        self._order: dict[str, int] = {}
        self._waiting: list[str] = []
        self._handed_out = 0
        self.left_out = 0
        """Pages over the limit, so far as they were taken with `beyond_limit`."""
        self._queries: Counter[str] = Counter()
        self._skipped: dict[str, str] = {}

    def add(self, urls: Iterable[str]) -> None:
        """Note addresses; those of other sites, known ones and traps are left out."""
        for url in urls:
            page = self._scope.page(url)
            if page is None or page in self._order or page in self._skipped or len(self._order) >= _MOST_KNOWN:
                continue
            reason = self._reason_against(page)
            if reason is not None:
                if len(self._skipped) < _MOST_KNOWN:
                    self._skipped[page] = reason
                continue
            self._order[page] = len(self._order)
            self._waiting.append(page)

    def next_wave(self) -> list[str]:
        """All pages that wait, as far as the limit allows; empty at the end."""
        wave = self._waiting[: self._most - self._handed_out]
        self._waiting = self._waiting[len(wave) :]
        self._handed_out += len(wave)
        return wave

    def beyond_limit(self) -> list[str]:
        """All pages that wait, whatever the limit: after an empty wave, those over it."""
        rest, self._waiting = self._waiting, []
        self.left_out += len(rest)
        return rest

    @property
    def skipped(self) -> Counter[str]:
        """How many addresses were left out as traps, by reason."""
        return Counter(self._skipped.values())

    def position(self, page: str) -> int:
        """Place of a page in the order.

        Raises:
            KeyError: the page was never added.
        """
        return self._order[page]

    def _reason_against(self, page: str) -> str | None:
        reason = trap_reason(page)
        if reason is not None:
            return f"trap_{reason}"
        path, _, query = page.partition("?")
        if query:
            self._queries[path] += 1
            if self._queries[path] > _QUERIES_PER_PATH:
                return "trap_many_queries"
        return None
