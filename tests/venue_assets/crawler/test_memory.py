"""What one crawl remembers for the next: copies of one photograph, servers without validators, sites that are down."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

from PIL import Image

from tests.venue_assets.crawler.crawling import crawl, photographs, rejections, venue
from tests.venue_assets.crawler.raw_server import Answer, Asked, RawServer, page, raw_server, response
from tests.venue_assets.crawler.test_adversarial import PHOTO, pictures
from venue_assets.crawler.job import PhotoMemory, VenueJob
from venue_assets.crawler.spool import SpooledVenue

SITE = "http://copies.test/"


def smaller(photo: bytes) -> bytes:
    buffer = BytesIO()
    with Image.open(BytesIO(photo)) as image:
        image.resize((image.width * 2 // 3, image.height * 2 // 3)).save(buffer, "JPEG", quality=85)
    return buffer.getvalue()


def with_etag(body: bytes, media_type: str) -> Answer:
    """Answers 304 to whoever has it already."""
    tag = f'"{len(body)}"'

    def answer(request: Asked) -> bytes:
        if request.headers.get("if-none-match") == tag:
            return b"HTTP/1.1 304 Not Modified\r\n\r\n"
        return response(body, f"ETag: {tag}", media_type=media_type)

    return answer


def thin(job: VenueJob) -> VenueJob:
    """The memory of someone who keeps nothing of a copy but that it is one."""
    return job.model_copy(
        update={
            "photos": tuple(
                PhotoMemory(
                    url=photo.url, etag=photo.etag, content_sha256=photo.content_sha256, rejection=photo.rejection
                )
                if photo.rejection is not None
                else photo
                for photo in job.photos
            )
        }
    )


def crawl_once(folder: Path, server: RawServer, job: VenueJob) -> SpooledVenue:
    server.asked.clear()
    return crawl(folder, [job], server.host_map)[job.site_url]


def show(server: RawServer, *names: str) -> None:
    for host in ("full.test", "thin.test"):
        server.site(host, {"/": page(pictures(*names), title=f"{len(names)} pictures")})


def test_a_copy_takes_the_place_of_the_original_that_is_gone(tmp_path: Path) -> None:
    files = {"/large.jpg": with_etag(PHOTO, "image/jpeg"), "/small.jpg": with_etag(smaller(PHOTO), "image/jpeg")}
    sites = ["http://full.test/", "http://thin.test/"]
    with raw_server() as server:
        for host in ("full.test", "thin.test"):
            server.site(host, files)
        show(server, "/small.jpg", "/large.jpg")
        first = crawl(tmp_path / "1", [venue(site) for site in sites], server.host_map)
        for site in sites:
            assert [photo.source_url for photo in photographs(first[site].result())] == [f"{site}large.jpg"]
            assert rejections(first[site].result())[f"{site}small.jpg"] == "duplicate"

        show(server, "/small.jpg")
        full, less = (venue(site, first[site].result()) for site in sites)
        second = crawl(tmp_path / "2", [full, thin(less)], server.host_map)
        for site in sites:
            (photo,) = photographs(second[site].result())
            assert photo.source_url == f"{site}small.jpg"
            assert photo.photo_id is not None
            assert len(second[site].photo(photo.photo_id)) == photo.bytes  # nobody had kept a copy's bytes

        server.asked.clear()
        third = crawl(tmp_path / "3", [venue(site, second[site].result()) for site in sites], server.host_map)
        for site in sites:
            assert [photo.unchanged for photo in photographs(third[site].result())] == [True]
        asked = [request for request in server.asked if request.path == "/small.jpg"]
        assert ["if-none-match" in request.headers for request in asked] == [True, True]


def test_a_server_without_validators_is_recognised_by_the_bytes(tmp_path: Path) -> None:
    with raw_server() as server:
        server.site("copies.test", {"/large.jpg": response(PHOTO, media_type="image/jpeg")})
        server.site("copies.test", {"/": page(pictures("/large.jpg"))})
        first = crawl_once(tmp_path / "1", server, venue(SITE)).result()
        spooled = crawl_once(tmp_path / "2", server, venue(SITE, first))
        result = spooled.result()
        assert all(page.unchanged for page in result.pages)
        assert [(photo.photo_id, photo.unchanged) for photo in photographs(result)] == [
            (photo.photo_id, True) for photo in photographs(first)
        ]
        assert list((spooled.folder / "photos").iterdir()) == []


def test_a_front_page_that_fails_fails_the_venue_at_once(tmp_path: Path) -> None:
    with raw_server() as server:
        server.site("copies.test", {"/": page('<a href="/rooms">Rooms</a>'), "/rooms": page(title="Rooms")})
        first = crawl_once(tmp_path / "1", server, venue(SITE)).result()
        server.site("copies.test", {"/": response(b"", status="503 Unavailable")})
        result = crawl_once(tmp_path / "2", server, venue(SITE, first)).result()
        assert (result.outcome, result.reason.partition(":")[0], result.pages) == ("failed", "http_503", ())
        assert "/rooms" not in [request.path for request in server.asked]
