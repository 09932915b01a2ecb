"""The pictures of one venue: fetching each once, inspecting it, and folding copies of one photograph into the best.

What is a photograph and what is a copy, `venue_assets.extract` decides; which files to ask for, and what the last run
knew of them, is decided here.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from venue_assets.crawler.answers import Answer, Known
from venue_assets.crawler.errors import FetchError
from venue_assets.crawler.fetch import Fetcher
from venue_assets.crawler.job import PhotoMemory, PhotoResult, Rejection
from venue_assets.crawler.readers import off_loop
from venue_assets.extract import values
from venue_assets.extract.photo_candidates import merge_candidates
from venue_assets.extract.photo_inspection import inspect_photo
from venue_assets.extract.photo_set import fold_duplicates

if TYPE_CHECKING:
    from venue_assets.crawler.spool import VenueSpool

INSPECTION_VERSION: Final = 1
"""Raise it when `inspect_photo` judges or stores pictures otherwise: files that other versions judged are read anew."""

_SIZES_TRIED: Final = 3
"""Files asked for per picture: the best size, and the next ones where it cannot be had."""

_DUPLICATE: Final = "duplicate"


@dataclass(slots=True)
class PhotoVisit:
    """What came of asking for one picture file.

    Attributes:
        photo: the inspected photograph; its `body` is empty once that is in the spool, or when it is the last run's.
        size: of the photograph's stored bytes.
        inspection_version: of the rules that judged it.
        is_passing: the rejection may be gone the next time.
    """

    candidate: values.PhotoCandidate
    url: str
    etag: str | None = None
    last_modified: str | None = None
    content_sha256: str | None = None
    unchanged: bool = False
    stale: Rejection | None = None
    photo: values.Photo | None = None
    size: int | None = None
    inspection_version: int = INSPECTION_VERSION
    rejection: Rejection | None = None
    is_passing: bool = False

    @property
    def is_accepted(self) -> bool:
        """Whether it is one of the venue's photographs."""
        return self.photo is not None and self.rejection is None

    @property
    def passing_failure(self) -> Rejection | None:
        """Why this run did not get to see the file, where that may pass."""
        return self.stale or (self.rejection if self.is_passing else None)

    def result(self, position: int) -> PhotoResult:
        """The file as a value for the spool."""
        photo = self.photo
        return PhotoResult(
            source_url=self.url,
            page_url=self.candidate.page_url,
            alt_text=self.candidate.alt_text,
            position=position,
            etag=self.etag,
            last_modified=self.last_modified,
            content_sha256=self.content_sha256,
            inspection_version=self.inspection_version,
            unchanged=self.unchanged,
            stale=self.stale,
            photo_id=photo.sha256 if photo else None,
            mime=photo.mime if photo else None,
            width=photo.width if photo else None,
            height=photo.height if photo else None,
            phash=f"{photo.phash:016x}" if photo else None,
            bytes=self.size,
            source_pixels=photo.source_pixels if photo else None,
            rejection=self.rejection,
        )


class PhotoVisits:
    """All picture files of one venue.

    Args:
        memories: what the last run knew.
        fetcher: the venue's own.
        spool: the venue's folder, for the bytes.
        readers: where pictures are decoded, off the event loop.
    """

    def __init__(self, memories: Iterable[PhotoMemory], fetcher: Fetcher, spool: VenueSpool, readers: Executor) -> None:
        self._memory = {memory.url: memory for memory in memories}
        self._fetcher = fetcher
        self._spool = spool
        self._readers = readers
        self._visits: dict[str, PhotoVisit] = {}
        self._stored: set[str] = {
            memory.photo_id for memory in self._memory.values() if memory.photo_id and memory.rejection is None
        }
        self._new: set[str] = set()
        self._dropped: tuple[values.DroppedPicture, ...] = ()
        self._named: tuple[values.PhotoCandidate, ...] = ()
        self.planned: tuple[values.PhotoCandidate, ...] = ()
        self.left_out = 0

    def plan(self, pages: Sequence[values.PhotoCandidates], most: int) -> None:
        """Decide which pictures to ask for: those the pages name, each once, in order, at most `most`."""
        merged = merge_candidates(pages)
        self._dropped = merged.dropped
        self._named = merged.kept
        self.planned = self._named[:most]
        self.left_out = len(self._named) - len(self.planned)

    async def fetch(self, candidate: values.PhotoCandidate) -> None:
        """Ask for a picture, in its best size that can be had.

        Raises:
            BudgetExceededError: the venue's bytes are used up.
        """
        for url in candidate.urls[:_SIZES_TRIED]:
            if url not in self._visits:
                self._visits[url] = await self._ask(candidate, url)
            if self._visits[url].is_accepted:
                return

    def carry_over(self, why: Rejection) -> None:
        """Take the last run's word for the pictures that the pages name and that were not asked for."""
        for candidate in self._named:
            if any(url in self._visits for url in candidate.urls):
                continue
            for url in candidate.urls[:_SIZES_TRIED]:
                memory = self._memory.get(url)
                if memory is not None and memory.photo_id is not None:
                    self._visits[url] = _remembered(candidate, memory, stale=why)
                    break

    def fold(self) -> None:
        """Reject copies: of several files of one photograph the best stays."""
        copies = [(visit, visit.photo) for visit in self._in_order() if visit.photo and visit.is_accepted]
        for group in fold_duplicates([photo for _, photo in copies]):
            for place in group.members:
                if place != group.best:
                    copies[place][0].rejection = Rejection(reason=_DUPLICATE, detail=copies[group.best][0].url)

    async def complete(self) -> None:
        """Download again what was a copy in the last run and has become the best, or the last: nobody has its bytes.

        Raises:
            BudgetExceededError: the venue's bytes are used up.
        """
        accepted = {visit.url for visit in self._in_order() if visit.is_accepted}
        again = [visit for visit in self._in_order() if self._lacks_bytes(visit) or _is_orphan(visit, accepted)]
        for visit in again:
            self._memory.pop(visit.url, None)
            self._visits[visit.url] = await self._ask(visit.candidate, visit.url)
        if again:
            self.fold()

    def results(self) -> list[PhotoResult]:
        """Accepted photos in order, then the rejected; the spool keeps the bytes of the accepted ones alone."""
        in_order = self._in_order()
        for visit in in_order:
            if self._lacks_bytes(visit):
                visit.rejection, visit.is_passing = Rejection(reason="not_downloaded"), True
        accepted = [visit for visit in in_order if visit.is_accepted]
        self._spool.keep_only({visit.photo.sha256 for visit in accepted if visit.photo is not None})
        return [
            *(visit.result(position) for position, visit in enumerate(accepted)),
            *(visit.result(-1) for visit in in_order if not visit.is_accepted),
            *(
                PhotoResult(
                    source_url=dropped.url,
                    page_url=dropped.page_url,
                    position=-1,
                    rejection=Rejection(reason=dropped.reason),
                )
                for dropped in self._dropped
                if dropped.url not in self._visits
            ),
        ]

    @property
    def passing_failures(self) -> list[Rejection]:
        """Why files were not seen this time, where that may pass."""
        return [failure for visit in self._in_order() if (failure := visit.passing_failure) is not None]

    def _lacks_bytes(self, visit: PhotoVisit) -> bool:
        """Whether the file counts as a photograph of which neither the store nor the spool has the bytes."""
        return visit.is_accepted and visit.photo is not None and visit.photo.sha256 not in self._stored | self._new

    def _in_order(self) -> list[PhotoVisit]:
        urls = dict.fromkeys(url for candidate in self._named for url in candidate.urls)
        return [self._visits[url] for url in urls if url in self._visits]

    async def _ask(self, candidate: values.PhotoCandidate, url: str) -> PhotoVisit:
        memory = self._memory.get(url)
        try:
            answer = await self._fetcher.get(url, self._fetcher.photo, _known(memory))
            return await self._take_in(candidate, url, answer)
        except FetchError as error:
            if error.passing and memory is not None and memory.photo_id is not None:
                return _remembered(candidate, memory, stale=error.rejection)
            return PhotoVisit(candidate, url, rejection=error.rejection, is_passing=error.passing)

    async def _take_in(self, candidate: values.PhotoCandidate, url: str, answer: Answer) -> PhotoVisit:
        """The file that an answer brings.

        Raises:
            FetchError: inspecting it failed.
        """
        memory = self._memory.get(url)
        if memory is not None and answer.unchanged:
            return _remembered(candidate, memory)
        content_sha256 = hashlib.sha256(answer.body).hexdigest()
        if memory is not None and memory.content_sha256 == content_sha256 and _is_current(memory):
            visit = _remembered(candidate, memory)
        else:
            visit = await self._inspect(candidate, url, answer)
        visit.etag, visit.last_modified = answer.etag, answer.last_modified
        visit.content_sha256 = content_sha256
        return visit

    async def _inspect(self, candidate: values.PhotoCandidate, url: str, answer: Answer) -> PhotoVisit:
        if not answer.body:
            why = Rejection(reason="unsupported_format", detail=answer.media_type or "empty")
            return PhotoVisit(candidate, url, rejection=why)
        photo = await off_loop(self._readers, url, inspect_photo, answer.body)
        if isinstance(photo, values.Rejection):
            return PhotoVisit(candidate, url, rejection=Rejection(reason=photo.reason, detail=photo.detail))
        self._new.add(self._spool.put_photo(photo.body))
        return PhotoVisit(candidate, url, photo=replace(photo, body=b""), size=len(photo.body))


def _is_orphan(visit: PhotoVisit, accepted: set[str]) -> bool:
    """Whether all that is known of the file is that it was a copy of one that is no longer there."""
    why = visit.rejection
    return visit.photo is None and why is not None and why.reason == _DUPLICATE and why.detail not in accepted


def _known(memory: PhotoMemory | None) -> Known | None:
    if memory is None:
        return None
    is_known = memory.content_sha256 is not None and _is_current(memory)
    return Known(memory.etag, memory.last_modified) if is_known else None


def _is_current(memory: PhotoMemory) -> bool:
    """Whether inspecting the same bytes again would give the same."""
    return memory.inspection_version == INSPECTION_VERSION


def _remembered(candidate: values.PhotoCandidate, memory: PhotoMemory, *, stale: Rejection | None = None) -> PhotoVisit:
    """A file as the last run knew it; whether it is a copy is decided anew."""
    photo = _remembered_photo(memory)
    return PhotoVisit(
        candidate,
        memory.url,
        etag=memory.etag,
        last_modified=memory.last_modified,
        content_sha256=memory.content_sha256,
        inspection_version=memory.inspection_version,
        unchanged=True,
        stale=stale,
        photo=photo,
        size=memory.bytes,
        rejection=None if photo is not None else memory.rejection,
    )


def _remembered_photo(memory: PhotoMemory) -> values.Photo | None:
    match memory:
        case PhotoMemory(
            photo_id=str(photo_id), mime=str(mime), width=int(width), height=int(height), phash=str(phash)
        ):
            pixels = memory.source_pixels or width * height
            return values.Photo(b"", photo_id, mime, width, height, pixels, int(phash, 16))
        case _:
            return None
