"""The site server's contract over real HTTP: validators, compression, redirects, faults, edits and the log."""

from __future__ import annotations

import gzip
import json
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from typer.testing import CliRunner

from demo.commands import app as command
from demo.servers.running import serving
from demo.servers.sites import SiteServer
from demo.sites.build import build_world
from demo.sites.planner import plan_for
from demo.sites.store import SiteStore
from demo.sites.targets import target_bytes, targets
from demo.world.generate import generate_world
from resources.errors import SetupError

ROOT = Path(__file__).parents[2]
WORLD = generate_world(7, 12, 4)
PLAIN, WORDPRESS, JSONLD, CARDS = (plan_for(WORLD, number) for number in range(4))
CALENDAR = next(
    (plan, page)
    for plan in (plan_for(WORLD, number) for number in range(12))
    for page in plan.pages
    if page.kind == "availability"
)


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A lazily built world: pictures painted by one test are there for the next."""
    out = tmp_path_factory.mktemp("world")
    build_world(WORLD, out, lazy=True)
    return out


@pytest.fixture
def server(kept: Path) -> SiteServer:
    return SiteServer(SiteStore(WORLD, kept))


@pytest.fixture
def address(server: SiteServer) -> Iterator[str]:
    with serving(server) as url:
        yield url


@pytest.fixture
def operator(address: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=address) as client:
        yield client


@pytest.fixture
def client(address: str) -> Iterator[httpx.Client]:
    """A visitor of the first site, who asks for nothing compressed."""
    headers = {"Host": PLAIN.host, "Accept-Encoding": "identity"}
    with httpx.Client(base_url=address, headers=headers) as visiting:
        yield visiting


def test_every_target_is_served_as_planned(client: httpx.Client) -> None:
    for target in targets(PLAIN):
        answer = client.get(target.path)
        assert answer.status_code == 200
        assert answer.headers["content-type"] == target.content_type
        assert answer.content == target_bytes(PLAIN, target.path, WORLD.now)


def test_hosts_are_told_apart(client: httpx.Client, operator: httpx.Client) -> None:
    assert JSONLD.venue.name in client.get("/", headers={"Host": f"{JSONLD.host}:80"}).text
    browser = JSONLD.host.replace(".venue.test", ".localhost:8600")
    assert JSONLD.venue.name in client.get("/", headers={"Host": browser.upper()}).text
    assert client.get("/", headers={"Host": "nobody.venue.test"}).status_code == 404
    index = operator.get("/").text
    assert all(venue.host in index for venue in WORLD.venues)


def test_dead_links_redirects_and_aliases(client: httpx.Client) -> None:
    for path in (*PLAIN.dead_pages, *PLAIN.dead_images, "/no/such/thing"):
        assert client.get(path).status_code == 404
    (path, target), *_ = PLAIN.redirects
    moved = client.get(path)
    assert (moved.status_code, moved.headers["location"]) == (301, target)
    assert client.get("/index.html").content == client.get("/").content
    slashless = client.get("/details", headers={"Host": WORDPRESS.host})
    assert (slashless.status_code, slashless.headers["location"]) == (301, "/details/")
    assert client.get("/?utm_source=x").content == client.get("/").content
    assert client.get("/../../world.json").status_code == 404
    assert client.get("/%2e%2e/%2e%2e/world.json").status_code == 404


def test_escaped_paths_are_the_same_paths(client: httpx.Client) -> None:
    path = next(image.path for image in CARDS.of_kind("photo") if "@" in image.path)
    visiting = {"Host": CARDS.host}
    assert client.get(path.replace("@", "%40"), headers=visiting).content == client.get(path, headers=visiting).content
    assert client.get(path + "%3Fa", headers=visiting).status_code == 404


def test_the_control_endpoint_is_not_on_any_site(client: httpx.Client) -> None:
    assert client.get("/_control/log").status_code == 404
    assert client.post("/_control/faults", json={"host": PLAIN.host, "fault": "503"}).status_code == 405
    assert client.get("/").status_code == 200


@pytest.mark.parametrize("path", ["/", PLAIN.images[0].path, "/style.css"])
def test_validators_answer_304_without_a_body(client: httpx.Client, path: str) -> None:
    first = client.get(path)
    tag, modified = first.headers["etag"], first.headers["last-modified"]
    for wanted in (tag, f'"other", W/{tag}', "*"):
        again = client.get(path, headers={"If-None-Match": wanted})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    assert client.get(path, headers={"If-Modified-Since": modified}).status_code == 304
    assert client.get(path, headers={"If-Modified-Since": "Sat, 01 Jan 2000 00:00:00 GMT"}).status_code == 200
    assert client.get(path, headers={"If-Modified-Since": "the day before yesterday"}).status_code == 200
    # If-None-Match decides when both are there.
    both = {"If-None-Match": '"other"', "If-Modified-Since": modified}
    assert client.get(path, headers=both).status_code == 200


def test_text_is_compressed_when_asked_for(client: httpx.Client) -> None:
    with client.stream("GET", "/", headers={"Accept-Encoding": "br, gzip;q=0.5"}) as zipped:
        raw = b"".join(zipped.iter_raw())
    plain = client.get("/")
    assert zipped.headers["content-encoding"] == "gzip"
    assert zipped.headers["vary"] == plain.headers["vary"] == "Accept-Encoding"
    assert gzip.decompress(raw) == plain.content
    assert len(raw) < len(plain.content) / 2
    tag = zipped.headers["etag"]
    assert client.get("/", headers={"Accept-Encoding": "gzip", "If-None-Match": tag}).status_code == 304
    assert "content-encoding" not in client.get("/", headers={"Accept-Encoding": "gzip;q=0"}).headers
    photo = client.get(PLAIN.images[0].path, headers={"Accept-Encoding": "gzip"})
    assert "content-encoding" not in photo.headers


def test_head_says_what_get_says(client: httpx.Client) -> None:
    for path in ("/", PLAIN.images[0].path, "/no/such/thing", PLAIN.redirects[0][0]):
        got, head = client.get(path), client.head(path)
        assert head.status_code == got.status_code
        assert head.content == b""
        for name in ("content-length", "content-type", "etag", "last-modified", "location"):
            assert head.headers.get(name) == got.headers.get(name)
    assert client.post("/enquire").headers["allow"] == "GET, HEAD"


def test_the_calendar_goes_on(client: httpx.Client) -> None:
    plan, page = CALENDAR
    leaves = {client.get(f"{page.path}?month={n}", headers={"Host": plan.host}).content for n in (1, 2, 600)}
    assert len(leaves) == 3
    assert client.get(f"{page.path}?month=1201", headers={"Host": plan.host}).status_code == 404


def test_429_and_503_wear_off(client: httpx.Client, operator: httpx.Client) -> None:
    for status in (429, 503):
        fault = {"host": PLAIN.host, "fault": str(status), "retry_after": 7, "times": 2}
        assert operator.post("/_control/faults", json=fault).status_code == 200
        failed = [client.get("/") for _ in range(3)]
        assert [answer.status_code for answer in failed] == [status, status, 200]
        assert [answer.headers.get("retry-after") for answer in failed] == ["7", "7", None]
    assert client.get("/", headers={"Host": CARDS.host}).status_code == 200


def test_a_fault_keeps_to_its_prefix_until_lifted(client: httpx.Client, operator: httpx.Client) -> None:
    fault = {"host": PLAIN.host, "fault": "503", "path_prefix": "/images/"}
    operator.post("/_control/faults", json=fault)
    image = PLAIN.images[0].path
    assert client.get("/").status_code == 200
    assert [client.get(image).status_code for _ in range(2)] == [503, 503]
    assert "retry-after" not in client.get(image).headers
    operator.post("/_control/faults", json={"host": PLAIN.host, "fault": None})
    assert client.get(image).status_code == 200


def test_slow_answers_late(client: httpx.Client, operator: httpx.Client) -> None:
    operator.post("/_control/faults", json={"host": PLAIN.host, "fault": "slow", "delay": 1, "times": 1})
    with pytest.raises(httpx.ReadTimeout):
        client.get("/", timeout=0.2)
    assert client.get("/").status_code == 200


@pytest.mark.parametrize("path", ["/", PLAIN.images[0].path])
def test_truncated_breaks_off(client: httpx.Client, operator: httpx.Client, path: str) -> None:
    operator.post("/_control/faults", json={"host": PLAIN.host, "fault": "truncated", "times": 1})
    with pytest.raises(httpx.RemoteProtocolError, match="without sending complete"):
        client.get(path)
    assert client.get(path).status_code == 200


@pytest.mark.parametrize(
    "fault",
    [
        {"host": "nobody.venue.test", "fault": "503"},
        {"host": PLAIN.host, "fault": "on fire"},
        {"host": PLAIN.host, "fault": "slow", "delay": -1},
        {"host": PLAIN.host, "fault": "503", "colour": "red"},
        {"fault": "503"},
        [],
    ],
)
def test_a_fault_nobody_understands_is_refused(operator: httpx.Client, fault: object) -> None:
    assert operator.post("/_control/faults", json=fault).status_code == 422
    assert operator.get("/", headers={"Host": PLAIN.host}).status_code == 200


def test_the_log_tells_a_second_crawl_from_a_first(
    client: httpx.Client, operator: httpx.Client, server: SiteServer
) -> None:
    paths = [target.path for target in targets(PLAIN)]
    tags = {path: client.get(path).headers["etag"] for path in paths}
    first = operator.get("/_control/log").json()[PLAIN.host]
    assert first["requests"] == {"GET 200": len(paths)}
    assert first["conditional"] == 0
    assert first["body_bytes"] == sum(len(target_bytes(PLAIN, path, WORLD.now)) for path in paths)
    assert first["paths"] == dict.fromkeys(paths, 1)
    assert operator.delete("/_control/log").status_code == 204
    for path, tag in tags.items():
        client.get(path, headers={"If-None-Match": tag})
    second = server.log.hosts[PLAIN.host]
    assert dict(second.requests) == {"GET 304": len(paths)}
    assert (second.conditional, second.body_bytes) == (len(paths), 0)


def test_an_edited_text_changes_one_page(client: httpx.Client, operator: httpx.Client) -> None:
    before = {page.path: client.get(page.path) for page in PLAIN.pages}
    city = PLAIN.venue.city
    edit = {"path": "/", "old": f"near {city} in", "new": "near Much Wenlock & Co in"}
    assert operator.post(f"/_control/sites/{PLAIN.host}/edit", json=edit).status_code == 200
    after = {path: client.get(path, headers={"If-None-Match": was.headers["etag"]}) for path, was in before.items()}
    changed = {path for path, answer in after.items() if answer.status_code != 304}
    assert changed == {"/"}
    assert "near Much Wenlock &amp; Co in" in after["/"].content.decode(PLAIN.charset)
    assert after["/"].headers["last-modified"] != before["/"].headers["last-modified"]
    since = {"If-Modified-Since": before["/"].headers["last-modified"]}
    assert client.get("/", headers=since).status_code == 200
    operator.post(f"/_control/sites/{PLAIN.host}/edit", json={"undo": True})
    assert client.get("/").content == before["/"].content


def test_a_removed_photo_is_gone(client: httpx.Client, operator: httpx.Client) -> None:
    name = PLAIN.venue.photos[1].name
    files = [image.path for image in PLAIN.images if image.photo == name]
    before = {page.path: client.get(page.path) for page in PLAIN.pages}
    showing = {path for path, answer in before.items() if any(file.encode() in answer.content for file in files)}
    assert showing
    assert operator.post(f"/_control/sites/{PLAIN.host}/edit", json={"remove_photo": name}).status_code == 200
    assert [client.get(file).status_code for file in files] == [404] * len(files)
    for path, was in before.items():
        answer = client.get(path, headers={"If-None-Match": was.headers["etag"]})
        assert answer.status_code == (200 if path in showing else 304)
        assert not any(file.encode() in answer.content for file in files)
    assert client.get(PLAIN.images[0].path).status_code == 200


@pytest.mark.parametrize(
    ("host", "edit"),
    [
        (PLAIN.host, {}),
        (PLAIN.host, {"path": "/", "old": "words that are not there", "new": ""}),
        (PLAIN.host, {"path": "/nowhere", "old": "a", "new": "b"}),
        (PLAIN.host, {"remove_photo": "no-such-photo"}),
        ("nobody.venue.test", {"undo": True}),
    ],
)
def test_an_impossible_edit_changes_nothing(
    client: httpx.Client, operator: httpx.Client, host: str, edit: object
) -> None:
    before = client.get("/").headers["etag"]
    assert operator.post(f"/_control/sites/{host}/edit", json=edit).status_code == 422
    assert client.get("/").headers["etag"] == before


def test_many_visitors_at_once(address: str) -> None:
    """Lazy painting under load: everyone gets whole, equal files."""
    plan = plan_for(WORLD, 5)
    path = plan.of_kind("photo")[0].path
    bodies: list[bytes] = []

    def visit() -> None:
        bodies.append(httpx.get(f"{address}{path}", headers={"Host": plan.host}).content)

    visitors = [threading.Thread(target=visit) for _ in range(8)]
    for visitor in visitors:
        visitor.start()
    for visitor in visitors:
        visitor.join()
    assert bodies == [target_bytes(plan, path, WORLD.now)] * 8


def test_the_command_builds_and_serves(tmp_path: Path) -> None:
    out = tmp_path / "world"
    arguments = ["--venues", "5", "--users", "8", "--seed", "3", "--out", str(out), "--lazy"]
    result = CliRunner().invoke(command, arguments)
    assert result.exit_code == 0, result.output
    assert "venues" in result.output
    assert "complete already" in CliRunner().invoke(command, arguments).output
    ports = ["--sites-port", "0", "--pinterest-port", "0"]
    process = subprocess.Popen(
        [sys.executable, "-u", "-m", "demo.commands", "serve", "--world", str(out), *ports],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        lines = [process.stdout.readline().split() for _ in range(3)]
        hosts = json.loads((out / "hosts.json").read_bytes())
        assert len(hosts) == 5
        for host, address in hosts.items():
            assert f"http://{address}/" == lines[0][1]
            assert httpx.get(f"http://{address}/", headers={"Host": host}).status_code == 200
        users = httpx.get(lines[1][-1].rstrip(")")).json()["users"]
        assert len(users) == 8
        process.send_signal(signal.SIGINT)
        assert process.wait(20) == 0
    finally:
        process.kill()
        process.wait()


def test_the_command_explains_what_is_missing(tmp_path: Path) -> None:
    runner = CliRunner()
    assert runner.invoke(command, ["--venues", "3"]).exit_code == 2
    assert runner.invoke(command, ["serve", "--world", str(tmp_path)]).exit_code == 2
    small = ["--users", "0", "--lazy", "--out", str(tmp_path / "world")]
    assert runner.invoke(command, ["--venues", "3", *small]).exit_code == 0
    other = runner.invoke(command, ["--venues", "4", *small])
    assert isinstance(other.exception, SetupError)
    assert "holds another world" in other.exception.problem
