"""Fetching pictures: what lasts is told from what passes, and nothing is fetched from elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import httpx
import pytest
from starlette.responses import RedirectResponse, Response

from resources.pictures import Picture, inspect_picture
from resources.pinterest.errors import UnavailableError
from resources.pinterest.pictures import PictureRefusedError, Pictures
from tests.resources.pinterest import surroundings
from tests.resources.pinterest.surroundings import LONG_BOARD, Client, Time, odd_server, world

PICTURE = f"/media/564x/{10**17 + 1000}.jpg"


@dataclass(frozen=True)
class Fetching:
    """Pictures at the demo server."""

    client: Client
    pictures: Pictures
    url: str


@pytest.fixture
def fetching() -> Iterator[Fetching]:
    with surroundings.client(of=world(3)) as ours, httpx.Client(timeout=2) as http:
        base = str(ours.demo.http.base_url)
        yield Fetching(ours, Pictures(http, f"{base}/v5", ours.time.timing()), f"{base}{PICTURE}")


def test_a_picture_is_what_the_api_points_to(fetching: Fetching) -> None:
    found = {pin.id: pin.image_urls(600)[0] for pin in fetching.client.api.board_pins(LONG_BOARD)}
    assert fetching.url in found.values()
    assert inspect_picture(fetching.pictures.fetch(fetching.url)) == Picture("image/jpeg", 564, 423)


@pytest.mark.parametrize("fault", [{"kind": "server_error"}, {"kind": "rate_limit"}, {"kind": "slow", "seconds": 30}])
def test_what_passes_is_tried_again(fetching: Fetching, fault: dict[str, object]) -> None:
    fetching.client.demo.control("POST", "faults", path="/media/*", **fault)
    assert fetching.pictures.fetch(fetching.url)
    assert len(fetching.client.time.waits) == 1


def test_what_does_not_pass_is_unavailable(fetching: Fetching) -> None:
    fetching.client.demo.control("POST", "faults", path="/media/*", kind="server_error", times=None)
    with pytest.raises(UnavailableError, match="after 5 attempts"):
        fetching.pictures.fetch(fetching.url)


def test_what_is_gone_is_refused_at_once(fetching: Fetching) -> None:
    fetching.client.demo.control("PUT", "quirks", missing_images=1)
    with pytest.raises(PictureRefusedError, match="http_404"):
        fetching.pictures.fetch(fetching.url)
    assert fetching.client.time.waits == []


def test_half_a_picture_is_broken(fetching: Fetching) -> None:
    fetching.client.demo.control("POST", "faults", path="/media/*", kind="malformed")
    assert inspect_picture(fetching.pictures.fetch(fetching.url)) == "broken"


@pytest.mark.parametrize(
    "url",
    [
        "http://169.254.169.254/latest/meta-data/", "http://localhost/x.jpg", "https://pinimg.com.example.org/x.jpg",
        "https://evilpinimg.com/x.jpg", "http://i.pinimg.com/x.jpg", "https://i.pinimg.com:8443/x.jpg",
        "https://user@i.pinimg.com/x.jpg", "file:///etc/passwd", "https://[::1", "", "x.jpg",
    ],
)  # fmt: skip
def test_pictures_lie_where_pinterests_lie_and_nowhere_else(fetching: Fetching, url: str) -> None:
    with pytest.raises(PictureRefusedError, match="foreign_address"):
        fetching.pictures.fetch(url)


def test_a_picture_that_moved_elsewhere_is_not_followed() -> None:
    with odd_server(RedirectResponse("http://169.254.169.254/", 302)) as (url, asked), httpx.Client() as http:
        with pytest.raises(PictureRefusedError, match="http_302"):
            Pictures(http, url, Time().timing()).fetch(f"{url}/x.jpg")
        assert "authorization" not in asked[0].headers


def test_a_picture_beyond_all_measure_is_not_read_to_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("resources.pinterest.pictures.MAX_BYTES", 1000)
    with (
        odd_server(Response(b"x" * 2000)) as (url, _),
        httpx.Client() as http,
        pytest.raises(PictureRefusedError, match="too_large"),
    ):
        Pictures(http, url, Time().timing()).fetch(f"{url}/x.jpg")
