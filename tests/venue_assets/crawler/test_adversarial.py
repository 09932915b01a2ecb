"""Sites that mean harm, or behave as if they did: each is refused with its reason, and the rest of the crawl goes on.

One crawl visits them all, so that a hostile site that takes others down with it fails these tests too. What needs a
DNS of our own (names that point inside, rebinding) is in `test_transport`; every spelling of every kind of address in
`test_addresses`; hostile markup, function by function and with time limits, in `extract/test_parsing`.
"""

from __future__ import annotations

import asyncio
import gzip
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import brotli  # type: ignore[import-untyped]  # ships no types
import pytest
from PIL import Image

from demo.sites.images import image_bytes
from demo.sites.planner import plan_for
from demo.world.generate import generate_world
from tests.venue_assets.crawler.crawling import crawl, page_urls, photographs, rejections, venue
from tests.venue_assets.crawler.raw_server import (
    MISSING,
    Answer,
    Asked,
    RawServer,
    page,
    raw_server,
    redirect,
    response,
)
from venue_assets.crawler.job import Limits, VenueResult

LIMITS = Limits(
    delay=0, retries=1, pages=40, page_bytes=1_000_000, photo_bytes=1_000_000, request_seconds=3, seconds=45,
    retry_after_seconds=5, concurrency=128, concurrency_per_host=4, user_agent="venue-taste-tests/1",
)  # fmt: skip
BOMB = bytes(50_000_000)


def links(*paths: str) -> str:
    return "".join(f'<a href="{path}">{path}</a> ' for path in paths)


def pictures(*sources: str) -> str:
    return "".join(f'<img src="{source}" alt="The hall at dusk">' for source in sources)


async def endless(writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<html><body>")
    while True:
        writer.write(b"more and more " * 500)
        await writer.drain()


async def endless_nothing(writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: gzip\r\n\r\n")
    while True:
        writer.write(gzip.compress(b"") * 1000)
        await writer.drain()


async def endless_headers(writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\n")
    while True:
        writer.write(b"X-More: and more\r\n" * 200)
        await writer.drain()


async def drip(writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 100000\r\n\r\n")
    while True:
        writer.write(b"x")
        await writer.drain()
        await asyncio.sleep(0.1)


async def cut_short(writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 5000\r\n\r\n<p>and then")
    await writer.drain()


def png_of(width: int, height: int) -> bytes:
    buffer = BytesIO()
    Image.new("1", (width, height)).save(buffer, "PNG")
    return buffer.getvalue()


def photographs_of_a_site() -> Iterator[bytes]:
    plan = plan_for(generate_world(7, 1, 0), 0)
    yield from (image_bytes(plan, image) for image in plan.images if image.kind == "photo" and image.format == "JPEG")


PHOTO, *_, OTHER_PHOTO = photographs_of_a_site()
JPEG = "image/jpeg"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)" width="900" height="600"><rect/></svg>'

# path -> (answer, reason). Each is linked from the front page of pages.test.
PAGES: dict[str, tuple[Answer, str]] = {
    "/bomb-gzip": (response(gzip.compress(BOMB), "Content-Encoding: gzip"), "body_too_large"),
    "/bomb-brotli": (response(brotli.compress(BOMB, quality=1), "Content-Encoding: br"), "body_too_large"),
    "/broken-gzip": (response(b"<p>plain</p>", "Content-Encoding: gzip"), "bad_encoding"),
    "/unasked-coding": (response(b"....", "Content-Encoding: deflate"), "bad_encoding"),
    "/endless": (endless, "body_too_large"),
    "/endless-nothing": (endless_nothing, "body_too_large"),
    "/announced-large": (b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 9999999999\r\n\r\nx",
                         "body_too_large"),
    "/length-is-no-number": (b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: lots\r\n\r\nx",
                             "bad_response"),
    "/cut-short": (cut_short, "body_cut_short"),
    "/drip": (drip, "timeout"),
    "/no-http": (b"SSH-2.0-OpenSSH_9.6\r\n\r\n", "bad_response"),
    "/endless-headers": (endless_headers, "bad_response"),
    "/brochure": (response(b"%PDF-1.7", media_type="application/pdf"), "not_html"),
    "/picture": (response(PHOTO), "not_html"),
    "/empty": (response(b""), "not_html"),
    "/gone": (MISSING, "http_404"),
    "/broken": (response(b"oops", status="500 Internal Server Error"), "http_500"),
    "/loop-1": (redirect("/loop-2"), "redirect"),
    "/loop-2": (redirect("/loop-1"), "redirect"),
    "/to-file": (redirect("file:///etc/passwd"), "redirect"),
    "/to-nothing": (redirect("http://[broken/"), "bad_url"),
    "/nowhere": (response(b"", status="302 Found"), "http_302"),
    "/unasked-304": (response(b"", status="304 Not Modified"), "http_304"),
    "/to-accented": (redirect("/café"), "redirect"),
    "/to-an-endless-address": (redirect("/" + "x" * 4000), "redirect"),
}  # fmt: skip

FACT = "<p>The barn seats 120 guests.</p>"
# Pages of markup.test: hostile to readers, and each with a fact that is not to be lost.
MARKUP: dict[str, bytes] = {
    "/wrong-charset": response(f"<p>Château</p>{FACT}".encode("cp1252"), media_type="text/html; charset=utf-8"),
    "/charset-that-is-none": response(f"<p>Café</p>{FACT}".encode(), media_type="text/html; charset=zip"),
    "/xml-declaration": response(f"<?xml version='1.0' encoding='utf-16'?><html><body>{FACT}</body></html>".encode()),
    "/nuls": response(b"<title>N\0</title>\0<p>One\0 and</p>\0" + FACT.encode().replace(b"a", b"a\0")),
    "/references-to-controls": response(f"<p>1&#x1F;&#3;&#x0B;&#8;&#xFFFF;&#&#3;3;</p>\x0c{FACT}".encode()),
    "/lone-surrogates": response(
        rf'<script type="application/ld+json">{{"@type": "\udc80", "a\ud800": "\ud800"}}</script>Items.{FACT}'.encode()
    ),
    "/20000-divs": response(("<div>" * 20_000 + "deep" + "</div>" * 20_000 + FACT).encode()),
    "/100000-items": response(("<ul>" + "<li>a" * 100_000 + "</ul>" + FACT).encode()),
    "/long-addresses": response(f'<img src="/{"宴" * 1800}.jpg"><a href="/{"宴" * 1800}">x</a>{FACT}'.encode()),
}

# The same for the pictures of photos.test.
FILES: dict[str, tuple[Answer, str]] = {
    "/108-megapixels.png": (response(png_of(12000, 9000), media_type="image/png"), "too_many_pixels"),
    "/svg.jpg": (response(SVG, media_type=JPEG), "unsupported_format"),
    "/page.jpg": (page("not a picture"), "unsupported_format"),
    "/noise.jpg": (response(bytes(range(256)) * 40, media_type=JPEG), "unsupported_format"),
    "/half.jpg": (response(PHOTO[: len(PHOTO) // 2], media_type=JPEG), "broken"),
    "/endless.jpg": (endless, "body_too_large"),
    "/drip.jpg": (drip, "timeout"),
    "/bomb.jpg": (response(gzip.compress(BOMB), "Content-Encoding: gzip", media_type=JPEG), "body_too_large"),
    "/film.jpg": (response(bytes(900_000), media_type="video/mp4"), "unsupported_format"),
    "/loop.jpg": (redirect("/loop.jpg"), "too_many_redirects"),
    "/to-loopback.jpg": (redirect("http://127.0.0.1/x.jpg"), "address_not_public"),
    "/to-decimal.jpg": (redirect("http://2130706433/x.jpg"), "address_not_public"),
    "/to-mapped.jpg": (redirect("http://[::ffff:169.254.169.254]/x.jpg"), "address_not_public"),
    "/to-file.jpg": (redirect("file:///etc/passwd"), "scheme_not_allowed"),
    "/to-userinfo.jpg": (redirect("http://photos.test@127.0.0.1/x.jpg"), "userinfo"),
    "/to-backslash.jpg": (redirect("http://photos.test\\@127.0.0.1/x.jpg"), "bad_url"),
}  # fmt: skip

# Pictures that photos.test shows from elsewhere, INSIDE being a server that must hear nothing.
ELSEWHERE = {
    "http://127.0.0.1/x.jpg": "address_not_public",
    "http://2130706433/x.jpg": "address_not_public",
    "http://0x7f.0.0.1/x.jpg": "address_not_public",
    "http://017700000001/x.jpg": "address_not_public",
    "http://127.1/x.jpg": "address_not_public",
    "http://[::1]/x.jpg": "address_not_public",
    "http://[::ffff:127.0.0.1]/x.jpg": "address_not_public",
    "http://[64:ff9b::7f00:1]/x.jpg": "address_not_public",
    "http://[64:ff9b::169.254.169.254]/x.jpg": "address_not_public",
    "http://0177.0.0.1/x.jpg": "address_not_public",
    "http://0x7f000001/x.jpg": "address_not_public",
    "http://\uff11\uff12\uff17.0.0.1/x.jpg": "address_not_public",
    "http://169.254.169.254/latest/meta-data/x.jpg": "address_not_public",
    "http://localhost/x.jpg": "address_not_public",
    "http://localhost./x.jpg": "address_not_public",
    "http://INSIDE/x.jpg": "port_not_allowed",
    "http://localhost:INSIDE_PORT/x.jpg": "port_not_allowed",
}


def site_with_traps(request: Asked) -> bytes:
    number = int((re.search(r"\d+", request.path) or ["0"])[0]) + 1
    return page(
        links(
            f"/diary?month={number}", f"/events/2026-{number % 12 + 1:02}", f"/rooms?sid={number:08x}", "/a/a/a",
            f"/rooms;jsessionid={number:08x}", f"/shop?colour={number}&sort=price", f"/search?q={number}",
            f"/rooms?unheard_of={number}", f"/deep{request.path.partition('?')[0].rstrip('/')}/down",
        ),
        title=f"Page {request.path}",
    )  # fmt: skip


def endless_site(request: Asked) -> bytes:
    number = int((re.search(r"\d+", request.path) or ["0"])[0])
    return page(links(f"/room-{2 * number + 1}", f"/room-{2 * number + 2}"), title=f"Room {number}")


def set_up(server: RawServer, inside: RawServer) -> None:
    def here(url: str) -> str:
        return url.replace("INSIDE_PORT", inside.address.rpartition(":")[2]).replace("INSIDE", inside.address)

    server.site(
        "pages.test",
        {
            "/": page(
                links(
                    "/fine",
                    "/odd-header",
                    "/untyped",
                    *PAGES,
                    here("http://INSIDE/secret"),
                    "file:///etc/passwd",
                    "data:text/html,x",
                )
            ),
            "/fine": page(title="A fine page"),
            "/caf%C3%A9": page(title="A page whose address should have been escaped"),
            "/odd-header": page(title="A page with an odd header").replace(
                b"Content-Type", b"X: caf\xe9\r\nContent-Type"
            ),
            "/untyped": page(title="An untyped page").replace(b"Content-Type: text/html; charset=utf-8\r\n", b""),
            **{path: answer for path, (answer, _) in PAGES.items()},
        },
    )
    server.site(
        "photos.test",
        {
            "/": page(pictures("/fine.jpg", *FILES, *(here(url) for url in ELSEWHERE))),
            "/fine.jpg": response(PHOTO, media_type=JPEG),
            **{path: answer for path, (answer, _) in FILES.items()},
        },
    )
    server.site("markup.test", {"/": page(links(*MARKUP)), **MARKUP})
    server.site("traps.test", {"/robots.txt": MISSING, "/sitemap.xml": MISSING, "*": site_with_traps})
    server.site("endless.test", {"/robots.txt": MISSING, "/sitemap.xml": MISSING, "*": endless_site})
    server.site("loop.test", {"/": redirect("/again"), "/again": redirect("/")})
    server.site("moved-inside.test", {"/": redirect(here("http://INSIDE/secret"))})
    server.site("robots-broken.test", {"/robots.txt": response(b"", status="503 Unavailable"), "/": page()})
    server.site("robots-hangs.test", {"/robots.txt": drip, "/": page()})
    server.site("robots-moved-inside.test", {"/robots.txt": redirect("http://169.254.169.254/"), "/": page()})
    long_robots = b"User-agent: *\nDisallow: /early\n" + b"# \n" * 200_000 + b"Disallow: /late\n"
    server.site(
        "robots-long.test",
        {
            "/robots.txt": response(long_robots, media_type="text/plain"),
            "/": page(links("/early", "/late")),
            "/early": page(title="Early"),
            "/late": page(title="Late"),
        },
    )
    server.site(
        "cookies.test",
        {
            "/": response(links("/next").encode(), "Set-Cookie: id=1; Path=/", "Set-Cookie: other=2"),
            "/next": page(title="Next"),
        },
    )
    sitemap = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><urlset>&b;'
    server.site("sitemap-bomb.test", {"/sitemap.xml": response(sitemap + b"<url>" * 9000), "/": page()})


@dataclass(frozen=True)
class Seen:
    """What the crawl made of the sites, and what the servers saw of the crawl."""

    results: dict[str, VenueResult]
    server: RawServer
    inside: RawServer

    def __getitem__(self, host: str) -> VenueResult:
        return self.results[f"http://{host}/"]


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Seen]:
    with raw_server() as server, raw_server() as inside:
        set_up(server, inside)
        hosts = {host for host, _ in server.answers}
        venues = [venue(f"http://{host}/") for host in sorted(hosts)]
        folder: Path = tmp_path_factory.mktemp("crawl")
        spooled = crawl(folder, venues, server.host_map, LIMITS)
        yield Seen({url: one.result() for url, one in spooled.items()}, server, inside)


@pytest.mark.parametrize("path", PAGES)
def test_a_hostile_page_is_refused_with_its_reason(seen: Seen, path: str) -> None:
    assert rejections(seen["pages.test"])[f"http://pages.test{path}"] == PAGES[path][1]


@pytest.mark.parametrize("path", FILES)
def test_a_hostile_picture_is_refused_with_its_reason(seen: Seen, path: str) -> None:
    assert rejections(seen["photos.test"])[f"http://photos.test{path}"] == FILES[path][1]


@pytest.mark.parametrize("url", ELSEWHERE)
def test_a_picture_at_an_inside_address_is_refused_however_it_is_spelled(seen: Seen, url: str) -> None:
    address = seen.inside.address
    here = url.replace("INSIDE_PORT", address.rpartition(":")[2]).replace("INSIDE", address)
    assert rejections(seen["photos.test"])[here] == ELSEWHERE[url]


def test_nothing_inside_was_ever_asked(seen: Seen) -> None:
    assert seen.inside.asked == []


def test_what_is_fine_beside_all_that_is_taken(seen: Seen) -> None:
    assert page_urls(seen["pages.test"]) == {
        f"http://pages.test/{path}" for path in ("", "fine", "odd-header", "untyped", "caf%C3%A9")
    }
    assert [photo.source_url for photo in photographs(seen["photos.test"])] == ["http://photos.test/fine.jpg"]


@pytest.mark.parametrize("path", MARKUP)
def test_hostile_markup_is_read_and_loses_no_fact(seen: Seen, path: str) -> None:
    (found,) = [one for one in seen["markup.test"].pages if one.url == f"http://markup.test{path}"]
    assert found.rejection is None
    assert "120 guests" in json.dumps(found.extraction)
    assert seen["markup.test"].outcome == "complete"
    assert seen["markup.test"].seconds < 15


def test_refusals_are_not_retried_and_passing_failures_are(seen: Seen) -> None:
    asked = [request.path for request in seen.server.to("pages.test")]
    for path, (_, reason) in PAGES.items():
        expected = 2 if reason in ("timeout", "body_cut_short", "http_500") else 1
        assert asked.count(path) == expected, path


def test_reasons_are_counted(seen: Seen) -> None:
    result = seen["photos.test"]
    assert sum(result.rejected_photos.values()) == len(FILES) + len(ELSEWHERE)
    assert result.rejected_photos["address_not_public"] >= len(ELSEWHERE) - 2


def test_named_traps_are_left_alone_and_unnamed_ones_bounded(seen: Seen) -> None:
    result = seen["traps.test"]
    asked = [request.path for request in seen.server.to("traps.test")]
    assert not [path for path in asked if re.search("month|sid=|sort|search|/a/a|events", path)]
    assert sum("unheard_of" in path for path in asked) <= 10
    assert {"trap_calendar", "trap_session_id", "trap_facets", "trap_service"} <= set(result.rejected_pages)


def test_a_site_without_end_is_cut_at_the_page_budget_in_its_own_order(seen: Seen) -> None:
    result = seen["endless.test"]
    assert (result.outcome, result.reason.partition(":")[0]) == ("partial", "page_budget")
    rooms = [f"http://endless.test/room-{number}" for number in range(1, LIMITS.pages)]
    assert [page.url for page in result.pages] == ["http://endless.test/", *rooms]


@pytest.mark.parametrize(
    ("host", "reason"),
    [
        ("loop.test", "too_many_redirects"),
        ("moved-inside.test", "port_not_allowed"),
        ("robots-broken.test", "robots_unreachable"),
        ("robots-hangs.test", "robots_unreachable"),
        ("robots-moved-inside.test", "robots_unreachable"),
    ],
)
def test_a_site_without_a_front_page_to_be_had_fails_with_the_reason(seen: Seen, host: str, reason: str) -> None:
    result = seen[host]
    assert (result.outcome, result.reason.partition(":")[0], result.pages) == ("failed", reason, ())


@pytest.mark.parametrize("host", ["robots-broken.test", "robots-hangs.test", "robots-moved-inside.test"])
def test_without_its_robots_file_a_site_is_not_asked_for_anything(seen: Seen, host: str) -> None:
    assert {request.path for request in seen.server.to(host)} == {"/robots.txt"}


def test_a_robots_file_counts_up_to_its_cap(seen: Seen) -> None:
    assert page_urls(seen["robots-long.test"]) == {"http://robots-long.test/", "http://robots-long.test/late"}
    assert rejections(seen["robots-long.test"])["http://robots-long.test/early"] == "robots_disallowed"
    assert "/early" not in {request.path for request in seen.server.to("robots-long.test")}


def test_no_cookie_is_ever_sent(seen: Seen) -> None:
    assert len(page_urls(seen["cookies.test"])) == 2
    assert all("cookie" not in request.headers for request in seen.server.asked)


def test_a_sitemap_with_entities_and_unclosed_tags_does_no_harm(seen: Seen) -> None:
    assert page_urls(seen["sitemap-bomb.test"]) == {"http://sitemap-bomb.test/"}


@pytest.mark.parametrize("flood", [endless, endless_nothing])
def test_a_body_is_cut_off_where_the_venues_bytes_end(flood: Answer, tmp_path: Path) -> None:
    limits = LIMITS.model_copy(update={"bytes": 400_000, "page_bytes": 5_000_000})
    with raw_server() as server:
        server.site(
            "flood.test", {"/": page(links("/flood", "/after")), "/flood": flood, "/after": page(title="After")}
        )
        result = crawl(tmp_path, [venue("http://flood.test/")], server.host_map, limits)["http://flood.test/"].result()
    assert (result.outcome, result.reason) == ("partial", "byte_budget: 400000 bytes")
    assert 400_000 < result.bytes_downloaded < 700_000
