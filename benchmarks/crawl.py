"""How fast the crawler is and how much memory it takes, with politeness off, on loopback.

Forty hosts serve the demo world's sites; the crawler runs as its own process, as in production. The server runs in
this process and shares the machine's cores with it, so the time is an upper bound of the crawler's own.

    python -m benchmarks.crawl [--json]

What a crawl finds is measured by `benchmarks.crawl_truth`.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from benchmarks.figures import print_figures
from demo.servers.running import serving
from demo.sites.planner import plan_for
from demo.sites.targets import target_bytes, targets
from demo.world.generate import generate_world
from resources.identity import venue_id
from venue_assets.crawler.job import CrawlJob, Limits, PageMemory, PhotoMemory, VenueJob, VenueResult
from venue_assets.crawler.spool import finished

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

    from demo.world.model import World

HOSTS: Final = 40
SECONDS_LIMIT: Final = 25.0
"""For the first crawl of forty hosts and about 1,000 requests."""

MEGABYTES_LIMIT: Final = 250.0
"""Peak resident memory of the crawler's process."""

_ORIGINALS: Final = 4
"""Painted sites, one of each markup family; the hosts serve them under their own names."""


class Copies:
    """The ASGI application: each host shows one of the painted sites as its own. Answers from memory, with ETags."""

    def __init__(self, world: World) -> None:
        """Render the world's sites."""
        self.hosts = [f"copy-{number:02}.venue.test" for number in range(HOSTS)]
        self._sites = [dict(_files(world, number)) for number in range(len(world.venues))]
        self._names = [plan_for(world, number).host.encode() for number in range(len(world.venues))]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] != "http":
            return
        headers = dict(scope["headers"])
        host = headers[b"host"]
        number = int(host[5:7]) % len(self._sites)
        content_type, body = self._sites[number].get(scope["path"], ("", b""))
        tag = f'"{number}-{len(body)}"'.encode()
        status = 404 if not content_type else 304 if headers.get(b"if-none-match") == tag else 200
        if content_type.startswith(("text/", "application/xml")):
            body = body.replace(self._names[number], host)
        answered = [(b"content-type", content_type.encode()), (b"etag", tag)] if status == 200 else []
        await send({"type": "http.response.start", "status": status, "headers": answered})
        await send({"type": "http.response.body", "body": body if status == 200 else b""})


def _files(world: World, number: int) -> Iterator[tuple[str, tuple[str, bytes]]]:
    plan = plan_for(world, number)
    for target in targets(plan):
        yield target.path, (target.content_type, target_bytes(plan, target.path, world.now))


def measure() -> dict[str, Any]:
    """Crawl everything once, and again with the memory of the first time.

    Returns:
        Figures by self-explaining name; see the module's limits for what they should be.
    """
    copies = Copies(generate_world(seed=7, venues=_ORIGINALS, people=1))
    with serving(copies) as base, tempfile.TemporaryDirectory() as scratch:
        host_map = dict.fromkeys(copies.hosts, base.removeprefix("http://"))
        urls = [f"http://{host}/" for host in copies.hosts]
        first, first_seconds = _crawl(Path(scratch, "first"), [_job(url) for url in urls], host_map)
        # ru_maxrss is the largest of all children so far: taken before the second one runs.
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        peak = used.ru_maxrss / 1024
        known = {result.site_url: result for result in first}
        again, again_seconds = _crawl(Path(scratch, "again"), [_job(url, known[url]) for url in urls], host_map)
    requests = sum(result.requests for result in first)
    return {
        "hosts": len(first),
        "requests": requests,
        "pages": sum(page.rejection is None for result in first for page in result.pages),
        "photos": sum(photo.rejection is None for result in first for photo in result.photos),
        "complete_venues": sum(result.outcome == "complete" for result in first),
        "seconds": round(first_seconds, 2),
        "seconds_limit": SECONDS_LIMIT,
        "crawler_cpu_seconds": round(used.ru_utime + used.ru_stime, 2),
        "requests_per_second": round(requests / first_seconds, 1),
        "peak_megabytes": round(peak, 1),
        "peak_megabytes_limit": MEGABYTES_LIMIT,
        "unchanged_recrawl_seconds": round(again_seconds, 2),
        "unchanged_recrawl_bytes": sum(result.bytes_downloaded for result in again),
        "within_limits": first_seconds < SECONDS_LIMIT and peak < MEGABYTES_LIMIT,
    }


def _job(url: str, known: VenueResult | None = None) -> VenueJob:
    if known is None:
        return VenueJob(venue_id=venue_id(url), site_url=url)
    return VenueJob(
        venue_id=known.venue_id,
        site_url=url,
        pages=tuple(PageMemory(**page.model_dump(include=set(PageMemory.model_fields))) for page in known.pages),
        photos=tuple(
            PhotoMemory(url=photo.source_url, **photo.model_dump(include=set(PhotoMemory.model_fields)))
            for photo in known.photos
        ),
        site_files=known.site_files,
    )


def _crawl(folder: Path, venues: list[VenueJob], host_map: dict[str, str]) -> tuple[list[VenueResult], float]:
    folder.mkdir()
    venues_file, job_file, spool = folder / "venues.jsonl", folder / "job.json", folder / "spool"
    venues_file.write_text("".join(f"{venue.model_dump_json()}\n" for venue in venues))
    limits = Limits(delay=0, concurrency=16, concurrency_per_host=4)
    job = CrawlJob(venues_file=venues_file, spool=spool, host_map=host_map, limits=limits)
    job_file.write_text(job.model_dump_json())
    started = time.perf_counter()
    command = [sys.executable, "-m", "venue_assets.crawler", "--job", str(job_file)]
    subprocess.run(command, check=True, stderr=subprocess.DEVNULL)  # noqa: S603 - our own interpreter and module
    return [one.result() for one in finished(spool)], time.perf_counter() - started


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.crawl", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--json", action="store_true", help="print one JSON object as the last line")
    as_json = parser.parse_args().json
    figures = measure()
    print_figures(figures, as_json=as_json)


if __name__ == "__main__":
    main()
