"""The venues' sites against their plan and the truth file: links, pictures, facts, traps and the build."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections import deque
from dataclasses import dataclass, field, replace
from functools import cache
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit
from urllib.robotparser import RobotFileParser
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from demo.aesthetics import BY_SLUG
from demo.sites import facts
from demo.sites.build import build_world
from demo.sites.images import image_bytes
from demo.sites.origin import OtherWorldError
from demo.sites.plan import SitePlan, without_photo
from demo.sites.planner import plan_for
from demo.sites.render import CALENDAR_MONTHS, render_page, render_robots, render_sitemap
from demo.sites.store import Answer, SiteStore
from demo.sites.targets import target_bytes, targets
from demo.world.generate import generate_world
from demo.world.truth import venue_truth, world_truth

ROOT = Path(__file__).parents[2]
WORLD = generate_world()
PLANS = [plan_for(WORLD, number) for number in range(len(WORLD.venues))]
every_plan = pytest.mark.parametrize("plan", PLANS, ids=lambda plan: plan.venue.slug)
VOID = {"img", "link", "meta", "input", "br", "source", "hr"}
LAZY = ("data-src", "data-lazy-src")


@dataclass
class Seen:
    """What a parser of HTML finds on one page."""

    links: list[str] = field(default_factory=list)
    images: set[str] = field(default_factory=set)
    scripts: list[str] = field(default_factory=list)
    attributes: list[str] = field(default_factory=list)
    text: str = ""
    text_without_cards: str = ""


class Reader(HTMLParser):
    """Collects every image reference a crawler knows how to find; complains about unbalanced markup."""

    def __init__(self) -> None:
        super().__init__()
        self.seen = Seen()
        self._open: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = {name: value or "" for name, value in attrs}
        seen = self.seen
        seen.attributes += list(named.values())
        if tag == "a":
            seen.links.append(named["href"])
            if named["href"].endswith((".jpg", ".png", ".webp")):
                seen.images.add(named["href"])
        for name in ("src", *LAZY) if tag in ("img", "source") else ():
            seen.images.add(named.get(name, ""))
        for name in ("srcset", "data-srcset"):
            seen.images |= {part.split()[0] for part in named.get(name, "").split(",") if part.strip()}
        seen.images |= set(re.findall(r"url\('?([^')]+)'?\)", named.get("style", "")))
        if tag == "link" and named.get("rel") == "icon":
            seen.images.add(named["href"])
        if named.get("property") == "og:image":
            seen.images.add(named["content"])
        if tag not in VOID:
            self._open.append((tag, named.get("class", "") if tag != "script" else named.get("type", "js")))

    def handle_endtag(self, tag: str) -> None:
        opened, _ = self._open.pop()
        assert opened == tag

    def handle_data(self, data: str) -> None:
        if self._open and self._open[-1][0] == "script":
            if self._open[-1][1] == "application/ld+json":
                self.seen.scripts.append(data)
            return
        self.seen.text += data
        if ("section", "similar-venues") not in self._open:
            self.seen.text_without_cards += data


@cache
def read(plan: SitePlan) -> dict[str, Seen]:
    """Every page of a site, parsed, by path."""
    pages = {}
    for page in plan.pages:
        reader = Reader()
        reader.feed(render_page(plan, page, WORLD.now).decode(plan.charset))
        reader.close()
        pages[page.path] = reader.seen
    return pages


def on_site(plan: SitePlan, page: str, reference: str) -> str | None:
    """Path and query of a reference on this host, None for another host's or no http address at all."""
    parts = urlsplit(urljoin(f"http://{plan.host}{page}", reference))
    if parts.scheme != "http" or parts.netloc != plan.host:
        return None
    return parts.path + (f"?{parts.query}" if parts.query else "")


def images_of(plan: SitePlan, page: str) -> set[str]:
    found = {on_site(plan, page, reference) for reference in read(plan)[page].images if reference}
    return {path for path in found if path is not None}


@every_plan
def test_following_links_finds_what_the_truth_lists(plan: SitePlan) -> None:
    truth = {urlsplit(page["url"])._replace(scheme="", netloc="").geturl(): page for page in venue_truth(plan)["pages"]}
    found: set[str] = set()
    queue = deque(["/"])
    while queue:
        path = queue.popleft()
        if path in found:
            continue
        found.add(path)
        page = dict(plan.aliases).get(path, dict(plan.redirects).get(path, path))
        for link in read(plan)[page].links if page in read(plan) else ():
            target = on_site(plan, page, link)
            if target is not None and target != "/favicon.png" and plan.image(target) is None:
                # One leaf of the calendar stands for a hundred years.
                queue.append(re.sub(r"\?month=\d+$", "?month=", target))
    only_in_sitemap = {path for path, page in truth.items() if page.get("reached") == "sitemap"}
    assert found == set(truth) - only_in_sitemap
    content = [page for page in truth.values() if page["kind"] == "page"]
    assert 4 <= len(content) <= 12
    assert all(page["status"] == 200 for page in content)


@every_plan
def test_pages_name_exactly_the_pictures_of_the_plan(plan: SitePlan) -> None:
    named = {path for page in plan.pages for path in images_of(plan, page.path)}
    served = {image.path for image in plan.images if image.kind != "private"}
    assert named == served | set(plan.dead_images)


@every_plan
def test_every_photo_stands_on_the_pages_the_truth_says(plan: SitePlan) -> None:
    truth = venue_truth(plan)
    assert [photo["name"] for photo in truth["photos"]] == [photo.name for photo in plan.venue.photos]
    cover = plan.pages[0].hero
    assert cover is not None
    for photo in truth["photos"]:
        paths = {urlsplit(file["url"]).path for file in photo["urls"]}
        showing = {
            f"http://{plan.host}{page.path}"
            for page in plan.pages
            # The cover is the preview of every page, which is not showing it.
            if paths & (images_of(plan, page.path) - {cover.files[0].path})
        }
        assert showing == set(photo["pages"]) != set()
        assert {file["made"] for file in photo["urls"]} >= {"original"}
    made = {file["made"] for photo in truth["photos"] for file in photo["urls"]}
    assert made >= {"original", "copied", "re-encoded"}


@every_plan
def test_facts_stand_where_the_truth_says(plan: SitePlan) -> None:
    for said in plan.statements:
        seen = read(plan)[said.page]
        if said.place == "attribute":
            assert any(said.wording in value for value in seen.attributes)
        elif said.place != "json-ld":
            assert said.wording in " ".join(seen.text_without_cards.split(" "))
    stated = {said.fact for said in plan.statements}
    venue = plan.venue
    assert ("capacity" in stated) == (venue.capacity_max is not None)
    assert ("price" in stated) == (venue.price_min is not None or venue.price_on_application)
    assert ("amenities" in stated) == bool(venue.amenities)
    assert {"setting", "address"} <= stated
    assert ("position" in stated) == (plan.family != "plain")


@every_plan
def test_unstated_facts_are_nowhere(plan: SitePlan) -> None:
    text = " ".join(seen.text_without_cards for seen in read(plan).values())
    if plan.venue.capacity_max is None:
        assert not re.search(r"\d+ (guests|seated|standing)|(seats|up to) \d", text)
    if plan.venue.price_min is None:
        assert not re.search(r"[£$€]|CHF|per head|per day", text)
    if not plan.venue.price_on_application:
        assert not re.search(r"POA|on application", text, re.IGNORECASE)


@pytest.mark.parametrize("plan", [plan for plan in PLANS if plan.family == "jsonld"], ids=lambda p: p.host)
def test_json_ld_agrees_with_the_venue(plan: SitePlan) -> None:
    scripts = read(plan)["/"].scripts
    assert len(scripts) == 1 + plan.broken_json_ld
    for broken in scripts[:-1]:
        with pytest.raises(json.JSONDecodeError):
            json.loads(broken)
    described = json.loads(scripts[-1])
    venue = plan.venue
    assert described["@type"] == "EventVenue"
    assert described["name"] == venue.name
    assert described.get("maximumAttendeeCapacity") == venue.capacity_max
    assert described["geo"] == {"@type": "GeoCoordinates", "latitude": venue.lat, "longitude": venue.lon}
    assert len(described["image"]) == len(venue.photos)
    words = json.dumps(described, ensure_ascii=False)
    for said in (said for said in plan.statements if said.place == "json-ld"):
        if said.fact != "position":
            assert said.wording in words


@pytest.mark.parametrize("plan", [plan for plan in PLANS if plan.family == "cards"], ids=lambda p: p.host)
def test_similar_cards_carry_other_venues_numbers(plan: SitePlan) -> None:
    seen = read(plan)["/"]
    number = WORLD.venues.index(plan.venue)
    others = [WORLD.venues[number - step] for step in (1, 2, 3)]
    for other in others:
        assert other.name in seen.text
        assert other.name not in seen.text_without_cards
        assert f"http://{other.host}/" in seen.links
        if other.capacity_max is not None:
            assert str(other.standing_max or other.capacity_max) in seen.text
    assert {image.kind for image in plan.images if image.path.startswith("/assets/similar/")} == {"similar"}


@every_plan
def test_robots_and_sitemaps(plan: SitePlan) -> None:
    robots = render_robots(plan)
    assert (robots is None) == (plan.private is None)
    if robots is None:
        assert plan.family == "plain"
        assert not plan.of_kind("private")
        return
    rules = RobotFileParser()
    rules.parse(robots.decode().splitlines())
    allowed = [page.path for page in plan.pages] + [i.path for i in plan.images if i.kind != "private"]
    assert all(rules.can_fetch("anybody", path) for path in allowed)
    refused = ["/private/", *(image.path for image in plan.of_kind("private"))]
    assert len(refused) == 3
    assert not any(rules.can_fetch("anybody", path) for path in refused)
    listed = [urlsplit(found).path for site in rules.site_maps() or [] for found in sitemap_pages(plan, site)]
    assert sorted(listed) == (sorted(page.path for page in plan.pages) if listed else [])
    assert bool(listed) == (plan.family in ("jsonld", "wordpress"))


def sitemap_pages(plan: SitePlan, url: str) -> list[str]:
    """The page URLs of a sitemap, read through an index."""
    xml = render_sitemap(plan, urlsplit(url).path)
    assert xml is not None
    root = ET.fromstring(xml)  # noqa: S314  our own document
    found = [element.text or "" for element in root.findall(".//{*}loc")]
    if root.tag.endswith("sitemapindex"):
        return [page for part in found for page in sitemap_pages(plan, part)]
    return found


def test_the_world_has_every_awkwardness() -> None:
    assert {plan.family for plan in PLANS} == {"plain", "wordpress", "jsonld", "cards"}
    assert {plan.charset for plan in PLANS} == {"utf-8", "windows-1252"}
    assert any(plan.broken_json_ld for plan in PLANS)
    assert any(page.reached == "sitemap" for plan in PLANS for page in plan.pages)
    assert any(page.kind == "availability" for plan in PLANS for page in plan.pages)
    assert any(plan.private is None for plan in PLANS)
    kinds = {image.kind for plan in PLANS for image in plan.images}
    assert kinds == {
        "photo", "similar", "private", "logo", "icon", "badge", "divider", "placeholder", "pixel", "page",
    }  # fmt: skip
    assert {image.format for plan in PLANS for image in plan.of_kind("photo")} == {"JPEG", "PNG", "WEBP"}


def test_pages_use_the_words_of_their_look() -> None:
    for plan in PLANS:
        text = " ".join(seen.text for seen in read(plan).values())
        for slug, _ in plan.venue.mixture:
            look = BY_SLUG[slug]
            assert any(phrase in text for phrase in look.phrases)
            assert any(word in text.lower() for word in look.words)


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 2**31), number=st.integers(0, 11))
def test_any_seed_plans_a_sound_site(seed: int, number: int) -> None:
    world = generate_world(seed, 12, 0)
    plan = plan_for(world, number)
    assert plan == plan_for(world, number)
    paths = [target.path for target in targets(plan)]
    assert len(set(paths)) == len(paths)
    assert not set(paths) & {*plan.dead_pages, *plan.dead_images, *dict(plan.redirects)}
    for page in plan.pages:
        html = render_page(plan, page, world.now)
        assert html == render_page(plan, page, world.now)
        Reader().feed(html.decode(plan.charset))


@pytest.mark.parametrize(
    ("amount", "currency", "country", "plain", "short", "local"),
    [
        (3500, "GBP", "United Kingdom", "£3,500", "£3.5k", "£3,500"),
        (95, "GBP", "United Kingdom", "£95", "£95", "£95"),
        (12000, "EUR", "France", "€12,000", "€12k", "12\u00a0000\u00a0€"),
        (4200, "EUR", "Italy", "€4,200", "€4.2k", "4.200 €"),
        (4200, "CHF", "Switzerland", "CHF 4,200", "CHF 4.2k", "CHF 4'200"),
        (4250, "USD", "United States", "$4,250", "$4,250", "$4,250"),
    ],
)
def test_money_as_people_write_it(amount: int, currency: str, country: str, plain: str, short: str, local: str) -> None:
    assert facts.money(amount, currency) == plain
    assert facts.short_money(amount, currency) == short
    assert facts.local_money(amount, currency, country) == local


def thumbnail(data: bytes) -> np.ndarray[Any, np.dtype[np.float64]]:
    """The picture as 16 x 16 colours, 0..255: what is left after any scaling and encoding."""
    small = Image.open(BytesIO(data)).convert("RGB").resize((16, 16), Image.Resampling.BOX)
    return np.asarray(small, dtype=np.float64)


def test_variants_show_the_same_picture_and_photos_differ() -> None:
    plan = next(plan for plan in PLANS if plan.family == "jsonld")
    seen: dict[str, list[np.ndarray[Any, np.dtype[np.float64]]]] = {}
    for image in plan.of_kind("photo"):
        data = image_bytes(plan, image)
        with Image.open(BytesIO(data)) as opened:
            assert opened.size == (image.width, image.height)
            assert opened.format == image.format
        seen.setdefault(image.photo or "", []).append(thumbnail(data))
    for first, *variants in seen.values():
        assert all(np.abs(first - variant).mean() < 3 for variant in variants)
    originals = [found[0] for found in seen.values()]
    apart = [np.abs(one - other).mean() for n, one in enumerate(originals) for other in originals[:n]]
    assert min(apart) > 6


def test_decoys_are_what_filters_meet() -> None:
    plan = next(plan for plan in PLANS if plan.family == "plain")
    for image in plan.images:
        if image.spec is None and image.kind != "page":
            with Image.open(BytesIO(image_bytes(plan, image))) as opened:
                assert (opened.size, opened.format) == ((image.width, image.height), "PNG")
    page = plan.of_kind("page")[0]
    assert page.path.endswith(".jpg")
    assert image_bytes(plan, page).startswith(b"<!DOCTYPE html>")


def test_without_photo_forgets_it_everywhere() -> None:
    plan = PLANS[0]
    name = plan.venue.photos[0].name
    bare = without_photo(plan, name)
    assert name not in json.dumps(venue_truth(bare)["photos"])
    html = b"".join(render_page(bare, page, WORLD.now) for page in bare.pages)
    assert f"{name}.jpg".encode() not in html
    with pytest.raises(KeyError):
        without_photo(bare, name)


def test_truth_ranks_venues_for_people() -> None:
    truth = json.loads(json.dumps(world_truth(WORLD, PLANS)))
    assert set(truth["venues"]) == {venue.slug for venue in WORLD.venues}
    assert list(truth["people"]) == [person.username for person in WORLD.people]
    for person in WORLD.people:
        told = truth["people"][person.username]
        scores = [entry["relevance"] for entry in told["top"]]
        assert scores == sorted(scores, reverse=True)
        assert len(scores) == (48 if person.tastes else 0)
        meeting = sum(entry["meets_preferences"] for entry in told["top"])
        assert told["allowed"] == (meeting if person.tastes else 48)


SMALL = (3, 2, 4)
BUILD_AND_DIE = """
import os, signal, sys
from pathlib import Path
from demo.sites.build import build_world
from demo.world.generate import generate_world
if __name__ == "__main__":
    build_world(generate_world({}, {}, {}), Path(sys.argv[1]), workers=1,
                progress=lambda done, total: os.kill(os.getpid(), signal.SIGKILL))
"""


def tree(folder: Path) -> dict[str, bytes]:
    return {str(f.relative_to(folder)): f.read_bytes() for f in sorted(folder.rglob("*")) if f.is_file()}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("world")
    steps: list[tuple[int, int]] = []
    assert build_world(generate_world(*SMALL), out, workers=2, progress=lambda *step: steps.append(step))
    files = sum(path.is_file() for path in (out / "sites").rglob("*"))
    assert [done for done, _ in steps] == sorted({done for done, _ in steps})
    assert steps[-1] == (files, files)
    return out


def test_build_writes_everything_the_sites_serve(built: Path) -> None:
    world = generate_world(*SMALL)
    files = tree(built)
    assert {"world.json", "truth.json", "hosts.json", "venues.csv", "complete.json"} <= set(files)
    assert json.loads(files["hosts.json"]) == {venue.host: None for venue in world.venues}
    assert files["venues.csv"].decode().splitlines()[1:] == [f"http://{v.host}/" for v in world.venues]
    store = SiteStore(world, built)
    for number in range(len(world.venues)):
        plan = plan_for(world, number)
        for target in targets(plan):
            answer = store.answer(plan.host, target.path, {})
            assert answer.modified == target.modified
            assert answer.body == target_bytes(plan, target.path, world.now)
    assert tree(built) == files


def test_building_again_does_nothing(built: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in built.rglob("*")}
    assert not build_world(generate_world(*SMALL), built, workers=1)
    assert not build_world(generate_world(*SMALL), built, lazy=True, workers=1)
    assert {path: path.stat().st_mtime_ns for path in built.rglob("*")} == before


def test_a_killed_build_goes_on_to_the_same_tree(built: Path, tmp_path: Path) -> None:
    code = BUILD_AND_DIE.format(*SMALL)
    killed = subprocess.run([sys.executable, "-c", code, str(tmp_path)], cwd=ROOT, check=False)
    assert killed.returncode == -9
    assert not (tmp_path / "complete.json").exists()
    (tmp_path / ".partial" / "half-a-picture").write_bytes(b"\xff\xd8")
    assert build_world(generate_world(*SMALL), tmp_path, workers=1)
    assert tree(tmp_path) == tree(built)


def test_a_killed_build_leaves_no_process_behind(tmp_path: Path) -> None:
    code = BUILD_AND_DIE.replace("workers=1", "workers=2").format(*SMALL)
    script = tmp_path / "build.py"
    script.write_text(code)
    # Workers hold the pipe as their parent did: it ends only when the last of them has.
    killed = subprocess.Popen(
        [sys.executable, str(script), str(tmp_path / "out")],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
    )
    assert killed.communicate(timeout=60)[0] == b""
    assert killed.returncode == -9


def test_a_lazy_world_becomes_the_same_files(built: Path, tmp_path: Path) -> None:
    world = generate_world(*SMALL)
    assert build_world(world, tmp_path, lazy=True, workers=1)
    assert not (tmp_path / "sites").exists()
    store, plan = SiteStore(world, tmp_path), plan_for(world, 1)
    for target in targets(plan):
        store.answer(plan.host, target.path, {})
    assert tree(tmp_path / "sites" / plan.host) == tree(built / "sites" / plan.host)
    assert build_world(world, tmp_path, workers=1)
    assert tree(tmp_path / "sites") == tree(built / "sites")


def test_pages_of_other_code_are_made_anew(built: Path, tmp_path: Path) -> None:
    world = generate_world(*SMALL)
    out = tmp_path / "world"
    shutil.copytree(built, out)
    origin = json.loads((out / "origin.json").read_bytes())
    older = {**origin, "world_sha256": "as it was drawn then", "code_sha256": "an older version"}
    (out / "origin.json").write_text(json.dumps(older))
    (out / "sites" / world.venues[0].host / "index.html").write_text("an older page")
    (out / "pins").mkdir()
    assert build_world(world, out, lazy=True)
    assert not (out / "sites").exists()
    assert not (out / "pins").exists()
    assert not build_world(world, out, lazy=True)


def test_another_world_is_not_overwritten(built: Path, tmp_path: Path) -> None:
    before = tree(built)
    world = generate_world(*SMALL)
    others = (generate_world(99, 2, 4), generate_world(3, 3, 4), replace(world, people=world.people[::-1]))
    for other in others:
        with pytest.raises(OtherWorldError, match="another world"):
            build_world(other, built)
    (tmp_path / "world.json").write_text("{}")
    with pytest.raises(OtherWorldError, match="unknown origin"):
        build_world(world, tmp_path)
    assert tree(built) == before


def test_the_calendar_ends_after_a_hundred_years(tmp_path: Path) -> None:
    store = SiteStore(WORLD, tmp_path)
    plan, page = next((p, page) for p in PLANS for page in p.pages if page.kind == "availability")

    def leaf(month: object) -> Answer:
        return store.answer(plan.host, page.path, {"month": str(month)})

    assert b"?month=2" in leaf(1).body
    assert leaf(1).body != leaf(2).body
    assert b"Later" not in leaf(CALENDAR_MONTHS).body
    assert [leaf(month).status for month in (CALENDAR_MONTHS, CALENDAR_MONTHS + 1, 0, "x")] == [200, 404, 404, 404]
