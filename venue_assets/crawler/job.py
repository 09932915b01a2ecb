"""The contract between whoever starts a crawl and the crawler's process: the job in, the results out.

Only values here. `venue_assets.crawler.spool` knows how results lie on disk; nothing here knows HTTP or a database.

The crawler remembers nothing between runs. What it must know of the last one (validators, hashes, what a page linked
to) travels in the job as `PageMemory` and `PhotoMemory`, and every result carries what the next job needs.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

from venue_assets.crawler.addresses import RefusedAddressError, read_host_map

Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class _Value(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Limits(_Value):
    """How much a crawl may take, and how politely. The defaults suit small sites on shared hosting.

    Reaching a venue's limit is no error: the crawl of that venue stops cleanly and its outcome is "partial".
    """

    pages: int = Field(
        default=60,
        ge=1,
        description="Pages asked for per venue. Venue sites measured have 2 to 20.",
    )
    photos: int = Field(
        default=200, ge=0, description="Picture files asked for per venue, logos and duplicates among them."
    )
    bytes: int = Field(
        default=200_000_000, ge=1, description="Body bytes downloaded per venue, as transferred, before decompression."
    )
    seconds: float = Field(default=1800, gt=0, description="Time per venue, waiting out of politeness included.")
    page_bytes: int = Field(default=5_000_000, ge=1, description="Largest page or sitemap, after decompression.")
    photo_bytes: int = Field(default=25_000_000, ge=1, description="Largest picture file.")
    robots_bytes: int = Field(
        default=512 * 1024, ge=1, description="What is read of robots.txt; RFC 9309 asks for at least 500 KiB."
    )
    sitemaps: int = Field(default=20, ge=0, description="Sitemap files read per venue, nested ones included.")
    request_seconds: float = Field(default=30, gt=0, description="Time for one request, from connecting to last byte.")
    delay: float = Field(
        default=1.0, ge=0, description="Seconds between requests to one host. A larger Crawl-delay replaces it."
    )
    concurrency_per_host: int = Field(
        default=2, ge=1, description="Requests to one host at a time; 1 where robots.txt gives a Crawl-delay."
    )
    concurrency: int = Field(
        default=32, ge=1, description="Requests at a time; concurrency / concurrency_per_host venues are under way."
    )
    retries: int = Field(
        default=2, ge=0, description="Further attempts after a timeout, a broken body, 408, 425, 429 or 5xx."
    )
    retry_after_seconds: float = Field(
        default=120, ge=0, description="Longest Retry-After waited for; a host that asks for more is left for this run."
    )
    redirects: int = Field(default=5, ge=0, description="Redirects followed one after the other, each hop checked.")
    obey_robots: bool = Field(default=True, description="Off only for hosts whose owner agreed.")
    user_agent: str = Field(
        default="venue-taste/0.1",
        pattern=r"^[^\s/]",
        description="User-Agent header, and the name looked up in robots.txt. Add how to reach you, such as (+https://...).",
    )


class Rejection(_Value):
    """Why something was not taken: a short constant to count by, and what was seen."""

    reason: str
    detail: str = ""


class PageMemory(_Value):
    """What the last run knew of a page; copy the fields of its `PageResult`.

    `extraction` is opaque to everyone but the crawler. It lets an unchanged page (304: no body) still yield its
    text, links and photos, so leave it out and the page is downloaded again.
    """

    url: str
    status: int
    etag: str | None = None
    last_modified: str | None = None
    content_sha256: Sha256 | None = None
    extraction: dict[str, Any] | None = None


class PhotoFile(_Value):
    """What is known of a picture file that was inspected; `PhotoResult` says what the fields mean."""

    etag: str | None = None
    last_modified: str | None = None
    content_sha256: Sha256 | None = None
    inspection_version: int = 1
    photo_id: Sha256 | None = None
    mime: str | None = None
    width: int | None = None
    height: int | None = None
    phash: str | None = None
    bytes: int | None = None
    source_pixels: int | None = None
    rejection: Rejection | None = None


class PhotoMemory(PhotoFile):
    """What the last run knew of a picture file; copy the fields of its `PhotoResult`, rejected ones as well.

    Leave out a photo whose bytes the photo store no longer has, and it is downloaded again.
    """

    url: str


class SiteFile(_Value):
    """A robots.txt or sitemap as last read, so that the next run can ask whether it changed.

    `body` is base64, None where the site has no such file (`status` 404) or it is too large to remember.
    """

    url: str
    status: int
    etag: str | None = None
    last_modified: str | None = None
    body: str | None = None


class VenueJob(_Value):
    """One venue to visit.

    Attributes:
        site_url: may name a folder of a shared host: the crawl stays inside it. Where there is no https, http is tried.
        pages, photos, site_files: of the last `VenueResult` that was not "failed".
    """

    venue_id: uuid.UUID
    site_url: str
    pages: tuple[PageMemory, ...] = ()
    photos: tuple[PhotoMemory, ...] = ()
    site_files: tuple[SiteFile, ...] = ()


class CrawlJob(_Value):
    """A whole run.

    Attributes:
        venues_file: JSON lines, one `VenueJob` each; read line by line, so it may be long.
        spool: folder the results go to, of one crawler at a time; made when missing. Venues that are finished there
            already are not visited again.
        host_map: host -> "127.0.0.1:PORT" (or any address): connections for that host go there instead, with the
            original Host header, in plain HTTP even for https URLs, and without the checks on addresses and ports.
            For tests, the demo and staging mirrors. Never fill it from what a site says.
        limits: per venue and per host.
    """

    venues_file: Path
    spool: Path
    host_map: dict[str, str] = Field(default_factory=dict)
    limits: Limits = Limits()

    @field_validator("host_map")
    @classmethod
    def _readable(cls, host_map: dict[str, str]) -> dict[str, str]:
        try:
            read_host_map(host_map)
        except RefusedAddressError as error:
            raise ValueError(f"host_map: {error}") from error
        return host_map

    def venues(self) -> Iterator[VenueJob]:
        """The venues of `venues_file`, one by one.

        Raises:
            pydantic.ValidationError: a line is not a `VenueJob`.
            OSError: the file cannot be read.
        """
        with self.venues_file.open(encoding="utf-8") as lines:
            for line in lines:
                if line.strip():
                    yield VenueJob.model_validate_json(line)


class PageResult(_Value):
    """One page of a finished venue.

    Attributes:
        url: normalised; the address the page was asked for.
        status: HTTP status of the answer; for an unchanged page the remembered one, 0 when there was no answer.
        content_sha256: of the body after decompression; None when rejected.
        unchanged: the site said so (304) or the body has the remembered hash.
        stale: why the page could not be had this time, where that may pass: the values are those of the last run.
        markdown: the page's own text. Filled for unchanged pages too: what counts as text repeated on every page
            may change with another page, so compare before writing. None when rejected.
        extraction: for the next run's `PageMemory`.
        fetched_at: when the answer came.
        rejection: why the page is not one of the venue's; such pages are listed so that they can be explained.
    """

    url: str
    status: int
    etag: str | None = None
    last_modified: str | None = None
    content_sha256: Sha256 | None = None
    unchanged: bool = False
    stale: Rejection | None = None
    markdown: str | None = None
    extraction: dict[str, Any] | None = None
    fetched_at: datetime
    rejection: Rejection | None = None


class PhotoResult(PhotoFile):
    """One picture file that the venue's pages name.

    Without `rejection` it is one of the venue's photographs: `photo_id` is set, and the bytes are in the spool unless
    `unchanged` or `stale` (then they are those of the last run, and the photo store has them).

    Attributes:
        source_url: where the file is; may be another host (a CDN).
        page_url: the first page, in the crawl's order, that shows it.
        position: 0, 1, ... over a venue's accepted photos, in the order of pages and of pictures in them;
            -1 when rejected.
        content_sha256: of the file as served; `photo_id` is that of the stored file (upright, without metadata).
        inspection_version: of the rules that judged it; the next run judges what others judged once more.
        bytes: size of the stored file.
        source_pixels: width times height of the file as served; tells the largest of several copies.
        phash: perceptual hash, 16 hexadecimal digits.
        stale: why the file could not be had this time, where that may pass: the values are those of the last run.
        rejection: `duplicate` (of a larger file of the same photograph, which `detail` names), what `inspect_photo` and
            `photo_candidates` say (`graphic`, `tiny`, `logo_or_icon`, ...), or why it was not had (`http_404`,
            `timeout`, `body_too_large`, `address_not_public`, `robots_disallowed`, ...).
    """

    source_url: str
    page_url: str
    alt_text: str = ""
    position: int
    unchanged: bool = False
    stale: Rejection | None = None


class VenueResult(_Value):
    """What came of one venue.

    Attributes:
        outcome: "complete": everything reachable was seen, so what is missing here is gone from the site.
            "partial": a budget ended it or some addresses failed for a passing reason; `reason` names them. What the
            last run knew and this one did not get to see is listed as `stale`, so here too what is missing is gone.
            "failed": the site could not be read at all; pages and photos are empty and mean nothing: keep the old ones.
        reason: "" when complete, else e.g. "page_budget", "byte_budget", "time_budget", "site_unreachable",
            "robots_disallowed", with what was seen.
        pages, photos: in the crawl's order, rejected ones included.
        rejected_pages, rejected_photos: counts by reason.
        requests: requests sent, robots.txt, sitemaps, redirects and retries included.
        conditional_requests: those of them that carried a validator.
        bytes_downloaded: body bytes as transferred.
        site_files: robots.txt and sitemaps, for the next job.
        identity: what the site says of itself (name, address, position ...), merged over its pages.
        ended_at: when the venue was finished.
    """

    venue_id: uuid.UUID
    site_url: str
    outcome: Literal["complete", "partial", "failed"]
    reason: str = ""
    pages: tuple[PageResult, ...] = ()
    photos: tuple[PhotoResult, ...] = ()
    rejected_pages: dict[str, int] = Field(default_factory=dict)
    rejected_photos: dict[str, int] = Field(default_factory=dict)
    requests: int = 0
    conditional_requests: int = 0
    bytes_downloaded: int = 0
    seconds: float = 0
    site_files: tuple[SiteFile, ...] = ()
    identity: dict[str, Any] = Field(default_factory=dict)
    ended_at: datetime
