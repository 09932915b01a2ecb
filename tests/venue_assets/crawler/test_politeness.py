"""What the crawler owes its hosts, and the limits it keeps to: one crawl of sites that measure it."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from itertools import pairwise

import pytest

from tests.venue_assets.crawler.crawling import crawl, page_urls, photographs, rejections, venue
from tests.venue_assets.crawler.raw_server import MISSING, Asked, RawServer, page, raw_server, response
from tests.venue_assets.crawler.test_adversarial import PHOTO, links, pictures
from venue_assets.crawler.job import Limits, VenueResult

LIMITS = Limits(
    delay=0, retries=1, pages=12, photos=3, bytes=200_000, seconds=6, request_seconds=5, retry_after_seconds=3,
    concurrency=64, concurrency_per_host=4, user_agent="venue-taste-tests/1 (+https://contact.example)",
)  # fmt: skip
CRAWL_DELAY = 0.4


def refusing_once(status: str, *headers: Callable[[], str]) -> Callable[[Asked], bytes]:
    """Answers the first request with an error, later ones with a page."""
    asked = 0

    def answer(request: Asked) -> bytes:
        nonlocal asked
        asked += 1
        if asked == 1:
            return response(b"", *(header() for header in headers), status=status)
        return page(title="Here at last")

    return answer


async def slow(writer: asyncio.StreamWriter) -> None:
    await asyncio.sleep(60)


def robots(text: str) -> bytes:
    return response(text.encode(), media_type="text/plain")


def large_page(request: Asked) -> bytes:
    number = int((re.search(r"\d+", request.path) or ["0"])[0])
    return page(links(f"/large-{number + 1}"), f"<p>{number} {'word ' * 10_000}</p>", title=f"Large {number}")


def in_two_seconds() -> str:
    return f"Retry-After: {format_datetime(datetime.now(UTC) + timedelta(seconds=2), usegmt=True)}"


def set_up(server: RawServer) -> None:
    group = f"User-agent: other\nDisallow: /\n\nUser-agent: *\nCrawl-delay: {CRAWL_DELAY}\n"
    paths = [f"/{number}" for number in range(4)]
    server.site(
        "slowly.test",
        {
            "/robots.txt": robots(group),
            "/": page(links(*paths)),
            **{path: page(title=f"Number {path}") for path in paths},
        },
    )
    server.site(
        "busy.test", {"/": page(links("/later")), "/later": refusing_once("429 Busy", lambda: "Retry-After: 1")}
    )
    server.site("date.test", {"/": page(links("/later")), "/later": refusing_once("503 Busy", in_two_seconds)})
    server.site("tomorrow.test", {"/robots.txt": MISSING, "*": response(b"", "Retry-After: 86400", status="429 Busy")})
    server.site("no-hint.test", {"/": page(links("/later")), "/later": refusing_once("502 Oops")})
    contact = "User-agent: contact\nDisallow: /\n\nUser-agent: venue-taste-tests\nDisallow: /private\n"
    server.site(
        "named.test",
        {
            "/robots.txt": robots(f"{contact}Sitemap: /hidden.xml\n"),
            "/": page(links("/private/a", "/public")),
            "/public": page(title="Public"),
            "/only-in-sitemap": page(title="Only in the sitemap"),
            "/hidden.xml": response(
                b"<urlset><url><loc>http://named.test/only-in-sitemap</loc></url>"
                b"<url><loc>http://named.test/private/b</loc></url></urlset>",
                media_type="application/xml",
            ),
        },
    )
    many = [f"/{number}" for number in range(30)]
    server.site(
        "many.test",
        {
            "/": page(links(*many), pictures(*(f"/{number}.jpg" for number in range(9)))),
            **{path: page(title=f"Number {path}") for path in many},
            "/0.jpg": response(PHOTO, media_type="image/jpeg"),
        },
    )
    server.site("large.test", {"/robots.txt": MISSING, "/sitemap.xml": MISSING, "*": large_page})
    server.site("slow.test", {"/": page(links("/quick", *(f"/slow-{number}" for number in range(8)))),
                              "/quick": page(title="Quick"),
                              **{f"/slow-{number}": slow for number in range(8)}})  # fmt: skip
    server.site("cdn.test", {"/shared.jpg": response(PHOTO, media_type="image/jpeg")})
    for name in ("barn", "mill"):
        server.site(
            "hotel.test",
            {
                f"/{name}/": page(links(f"/{name}/rooms", "/"), pictures("http://cdn.test/shared.jpg"), title=name),
                f"/{name}/rooms": page(links("/barn/", "/mill/"), title=f"Rooms of {name}"),
            },
        )
    server.site("old.test", {"*": response(b"", "Location: http://www.new.test/home", status="301 Moved")})
    server.site("www.new.test", {"/home": page(links("http://new.test/rooms", "http://old.test/x")),
                                 "/rooms": page(title="Rooms")})  # fmt: skip


@dataclass(frozen=True)
class Seen:
    results: dict[str, VenueResult]
    server: RawServer

    def __getitem__(self, host: str) -> VenueResult:
        return self.results[f"http://{host}/"]

    def paths(self, host: str) -> list[str]:
        return [request.path for request in self.server.to(host)]


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Seen]:
    with raw_server() as server:
        set_up(server)
        alone = {host for host, _ in server.answers} - {"hotel.test", "cdn.test", "www.new.test"}
        sites = [*(f"http://{host}/" for host in sorted(alone)), "http://hotel.test/barn/", "http://hotel.test/mill/"]
        spooled = crawl(tmp_path_factory.mktemp("crawl"), [venue(url) for url in sites], server.host_map, LIMITS)
        yield Seen({url: one.result() for url, one in spooled.items()}, server)


def test_a_crawl_delay_is_kept_between_any_two_requests(seen: Seen) -> None:
    times = [request.at for request in seen.server.to("slowly.test")][1:]  # robots.txt comes before it is known
    assert len(page_urls(seen["slowly.test"])) == 5
    # Arrivals jitter with the machine's load, sends do not: judge the whole span strictly, single gaps with room.
    assert times[-1] - times[0] > 0.97 * CRAWL_DELAY * (len(times) - 1) - 0.15
    assert min(later - earlier for earlier, later in pairwise(times)) > CRAWL_DELAY / 2


@pytest.mark.parametrize(("host", "seconds"), [("busy.test", 1.0), ("date.test", 1.0)])
def test_retry_after_is_waited_out(seen: Seen, host: str, seconds: float) -> None:
    # A date has whole seconds, so "in two seconds" may be little more than one away.
    first, second = (request.at for request in seen.server.to(host) if request.path == "/later")
    assert second - first >= 0.97 * seconds
    assert f"http://{host}/later" in page_urls(seen[host])


def test_a_host_that_asks_to_be_left_for_longer_is_left(seen: Seen) -> None:
    assert seen.paths("tomorrow.test") == ["/robots.txt", "/"]
    result = seen["tomorrow.test"]
    assert (result.outcome, result.reason.partition(":")[0]) == ("failed", "retry_later")


def test_an_error_without_a_hint_is_tried_again(seen: Seen) -> None:
    assert seen.paths("no-hint.test").count("/later") == 2
    assert seen["no-hint.test"].outcome == "complete"


def test_robots_rules_are_those_of_our_name_and_reach_what_the_sitemap_lists(seen: Seen) -> None:
    result = seen["named.test"]
    assert page_urls(result) == {f"http://named.test/{path}" for path in ("", "public", "only-in-sitemap")}
    assert set(rejections(result).values()) == {"robots_disallowed"}
    assert not [path for path in seen.paths("named.test") if path.startswith("/private")]


def test_robots_files_are_read_once_per_host_however_many_venues_live_there(seen: Seen) -> None:
    assert seen.paths("hotel.test").count("/robots.txt") == 1
    assert seen.paths("cdn.test").count("/robots.txt") == 1


def test_the_user_agent_says_who_is_asking(seen: Seen) -> None:
    assert {request.headers["user-agent"] for request in seen.server.asked} == {LIMITS.user_agent}


def test_page_and_photo_budgets(seen: Seen) -> None:
    result = seen["many.test"]
    assert result.outcome == "partial"
    assert result.reason == "page_budget: 19 more known; photo_budget: 6 more known"
    assert [page.url for page in result.pages] == ["http://many.test/", *(f"http://many.test/{n}" for n in range(11))]
    assert [photo.source_url for photo in photographs(result)] == ["http://many.test/0.jpg"]


def test_the_byte_budget_ends_a_venue_cleanly(seen: Seen) -> None:
    result = seen["large.test"]
    assert (result.outcome, result.reason.partition(":")[0]) == ("partial", "byte_budget")
    assert len(page_urls(result)) == 3  # of 50 kB each; the fourth is cut off where the bytes end
    assert LIMITS.bytes < result.bytes_downloaded <= LIMITS.bytes + 60_000


def test_the_time_budget_ends_a_venue_cleanly(seen: Seen) -> None:
    result = seen["slow.test"]
    assert (result.outcome, result.reason.partition(":")[0]) == ("partial", "time_budget")
    assert LIMITS.seconds <= result.seconds < LIMITS.seconds + 2
    assert page_urls(result) == {"http://slow.test/", "http://slow.test/quick"}


def test_venues_that_share_a_host_and_a_photo_each_get_their_own(seen: Seen) -> None:
    for name in ("barn", "mill"):
        result = seen.results[f"http://hotel.test/{name}/"]
        assert page_urls(result) == {f"http://hotel.test/{name}/", f"http://hotel.test/{name}/rooms"}
        assert [photo.source_url for photo in photographs(result)] == ["http://cdn.test/shared.jpg"]
    photo_ids = {photographs(seen.results[f"http://hotel.test/{name}/"])[0].photo_id for name in ("barn", "mill")}
    assert len(photo_ids) == 1


def test_a_site_that_moved_is_followed_and_its_old_host_is_no_part_of_it(seen: Seen) -> None:
    assert page_urls(seen["old.test"]) == {"http://www.new.test/home", "http://www.new.test/rooms"}
    assert seen.paths("old.test") == ["/robots.txt", "/"]
