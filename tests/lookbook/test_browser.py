"""The main paths in a real browser: reading, rating, a refinement with undo, a board that changes; axe on each page."""

from __future__ import annotations

import re
import socket
import uuid
from collections.abc import Iterator, Sequence
from contextlib import closing
from typing import Literal

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, expect

from lookbook.access import Access, Purpose
from lookbook.server import serving
from resources.database import DatabaseUrls
from resources.settings import Settings
from tests.lookbook.browser import chromium
from tests.lookbook.conftest import TOKEN
from tests.lookbook.world import World

PHONE: ViewportSize = {"width": 390, "height": 844}
DESKTOP: ViewportSize = {"width": 1280, "height": 900}
PAGES = [
    "/?choose=true",
    "/tastes",
    "/venues",
    "/venues/{red-hall.test}",
    "/alike",
    "/start",
    "/refine",
    "/api",
    "/nowhere",
]
TIMEOUT_MS = 20_000


# No longer than these tests: Playwright's event loop counts as running, and nobody else could start one.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture
def trouble() -> list[str]:
    """What the browser complains of: scripts that fail, what the security policy refuses, files that are missing."""
    return []


@pytest.fixture
def context(browser: Browser, address: str) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport=DESKTOP, base_url=address)
    context.set_default_timeout(TIMEOUT_MS)
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext, trouble: list[str]) -> Iterator[Page]:
    expect.set_options(timeout=TIMEOUT_MS)
    page = context.new_page()
    page.on("console", lambda message: trouble.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: trouble.append(str(error)))
    yield page
    assert [one for one in trouble if not re.search(r"\b40[134]\b", one)] == []


def come_in(page: Page, address: str, person: uuid.UUID) -> None:
    """By a link, where there is a token."""
    page.goto(f"{address}/enter?key={Access(TOKEN).sign(Purpose.LINK, person, 60)}")
    page.get_by_role("button", name="Open your lookbook").click()
    page.wait_for_url(re.compile(r"/(tastes|start)$"))


def free_port() -> int:
    with closing(socket.create_server(("127.0.0.1", 0))) as sock:
        return int(sock.getsockname()[1])


def become(page: Page, name: str) -> None:
    page.goto("/?choose=true")
    page.get_by_role("button", name=name).click()
    page.wait_for_url(re.compile(r"/(tastes|start)$"))


@pytest.mark.parametrize(("scheme", "viewports"), [("light", (PHONE, DESKTOP)), ("dark", (DESKTOP,))])
def test_axe_finds_nothing_and_nothing_is_wider_than_the_screen(
    page: Page, world: World, scheme: Literal["light", "dark"], viewports: Sequence[ViewportSize]
) -> None:
    page.emulate_media(color_scheme=scheme)
    become(page, "Ann")
    for path in PAGES:
        page.goto(re.sub(r"\{(.+?)\}", lambda found: str(world.venues[found[1]]), path))
        for opened in page.locator("details").all():
            opened.locator("summary").first.click()
        assert_sound(page, viewports)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_where_people_come_in_by_a_link(
    page: Page, guarded: str, world: World, scheme: Literal["light", "dark"]
) -> None:
    page.emulate_media(color_scheme=scheme)
    key = Access(TOKEN).sign(Purpose.LINK, world.people["ann"], 60)
    for path, heading in (("/", "Venues that looklike what you love"), ("/enter?key=x", "This link opens nothing"),
                          (f"/enter?key={key}", "Welcome, Ann")):  # fmt: skip
        page.goto(f"{guarded}{path}")
        expect(page.get_by_role("heading", level=1)).to_have_text(heading)
        assert_sound(page, (PHONE, DESKTOP))
    page.get_by_role("button", name="Open your lookbook").click()
    expect(page.get_by_role("button", name="Leave")).to_be_visible()
    assert_sound(page, (PHONE,))


def assert_sound(page: Page, viewports: Sequence[ViewportSize]) -> None:
    """Axe finds nothing, and the page is no wider than the screen."""
    for viewport in viewports:
        page.set_viewport_size(viewport)
        found = Axe().run(page)
        assert found.violations_count == 0, f"{page.url}: {found.generate_report()}"
        assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"], page.url


def test_choosing_reading_and_leaving_by_keyboard(page: Page) -> None:
    page.goto("/?choose=true")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()
    page.get_by_role("button", name="Ann").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Your two tastes")
    page.get_by_role("link", name="Venues", exact=True).click()
    page.get_by_role("link", name="The Red Hall").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("The Red Hall")
    for picture in page.locator("main img").all():
        picture.scroll_into_view_if_needed()
        expect(picture).to_have_js_property("complete", True)
        assert picture.evaluate("picture => picture.naturalWidth") > 0


def test_rating_stays_on_the_page(page: Page, world: World) -> None:
    world.add_person("hal", bucket=9)
    become(page, "Hal")
    page.goto("/start")
    page.evaluate("window.untouched = true")
    first = page.locator(".to-rate li").first
    first.get_by_role("button", name="Love it").click()
    expect(first.get_by_role("button", name="Love it")).to_have_attribute("aria-pressed", "true")
    expect(first.get_by_role("button", name="Love it")).to_be_focused()
    expect(page.locator("#progress")).to_contain_text("1 rated so far")
    first.get_by_role("button", name="Love it").click()
    expect(page.locator("#progress")).to_contain_text("0 rated so far")
    assert page.evaluate("window.untouched"), "no page was loaded anew"
    page.goto(f"/venues/{world.venues['red-hall.test']}")
    page.locator("#mine").get_by_role("button", name="Maybe").click()
    expect(page.locator("#mine").get_by_role("button", name="Maybe")).to_have_attribute("aria-pressed", "true")


def test_a_refinement_is_understood_edited_undone_and_said_not_to_be_understood(page: Page) -> None:
    become(page, "Bob Lee")
    page.get_by_role("link", name="Refine").click()
    page.evaluate("window.untouched = true")
    cards = page.locator(".found article")
    expect(cards.first).to_be_visible()
    everything = cards.count()

    page.get_by_label("What should be different?").fill("for 100 guests, flibbertigibbet wuzzle")
    page.get_by_role("button", name="Say it").click()
    chips = page.locator(".understood .chip")
    expect(chips).to_have_count(1)
    expect(chips.first).to_contain_text("100 guests")
    expect(page.locator(".missed")).to_contain_text("We did not understand “flibbertigibbet")
    expect(page.locator("#spoken")).to_contain_text("flibbertigibbet")
    expect(page.get_by_text("Blue Cove")).to_have_count(0)

    page.get_by_label("What should be different?").fill("outdoors only")
    page.keyboard.press("Enter")
    expect(chips).to_have_count(2)
    expect(page.locator(".found h2")).not_to_have_text(f"{everything} venues fit")

    chips.first.locator("summary").click()
    chips.first.get_by_label("At least").fill("250")
    chips.first.get_by_label("At most").fill("250")
    chips.first.get_by_role("button", name="Change").click()
    first = chips.first.locator("summary")
    expect(first).to_have_text("250 guests")
    expect(page.get_by_role("link", name="Blue House")).to_have_count(1)

    chips.first.locator("summary").click()
    chips.first.get_by_label("At least").fill("300")
    chips.first.get_by_role("button", name="Change").click()
    expect(page.locator("#news")).to_contain_text("Nothing was changed.")
    expect(first).to_have_text("250 guests")

    page.get_by_role("button", name="Undo").click()
    expect(first).to_have_text("100 guests")
    page.get_by_role("button", name="Undo").click()
    expect(chips).to_have_count(1)
    page.get_by_role("button", name="Remove 100 guests").click()
    expect(chips).to_have_count(0)
    expect(cards).to_have_count(everything)

    page.get_by_role("button", name="More like this").first.click()
    expect(chips).to_have_count(1)
    expect(chips.first).to_contain_text("more like")
    page.get_by_role("button", name="Start over").click()
    expect(chips).to_have_count(0)
    assert page.evaluate("window.untouched"), "no page was loaded anew"


@pytest.mark.parametrize("path", ["/tastes", "/venues", "/refine", "/start"])
def test_an_open_page_whose_session_is_gone_ends_where_one_chooses(page: Page, path: str) -> None:
    become(page, "Ann")
    page.goto(path)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.context.clear_cookies()
    if path == "/refine":
        page.get_by_label("What should be different?").fill("outdoors only")
        page.get_by_role("button", name="Say it").click()
    elif path == "/start":
        page.get_by_role("button", name="Love it").first.click()
    page.wait_for_url(re.compile(r"//[^/]+/$"))
    expect(page.get_by_role("button", name="Ann")).to_be_visible()


def test_a_failure_is_said_until_the_next_success_and_the_words_stay(
    page: Page, world: World, urls: DatabaseUrls, settings: Settings, trouble: list[str]
) -> None:
    """The server goes away and comes back: its sessions outlive it, being signed with the token."""
    own = {"lookbook_token": TOKEN, "lookbook_port": free_port()}
    with_token = Settings.model_validate({**settings.model_dump(), **own})
    news, text = page.locator("#news"), page.get_by_label("What should be different?")
    with serving(urls, with_token) as address:
        come_in(page, address, world.people["bob_lee2"])
        page.goto(f"{address}/refine")
        expect(news).to_be_empty()
        text.fill("outdoors only")
    page.get_by_role("button", name="Say it").click()
    expect(news).to_have_text("That did not work. Please try again.")
    expect(news).to_have_attribute("role", "status")
    expect(text).to_have_value("outdoors only")
    assert_sound(page, (PHONE, DESKTOP))
    with serving(urls, with_token):
        page.get_by_role("button", name="Say it").click()
        expect(page.locator(".understood")).to_contain_text("outdoors")
        expect(news).to_be_empty()
        page.get_by_role("button", name="Start over").click()
        expect(page.locator(".understood")).to_have_count(0)
    assert all("ERR_CONNECTION_REFUSED" in one or "Failed to fetch" in one for one in trouble)
    trouble.clear()


def test_who_asks_too_much_is_told_how_long_to_wait(
    page: Page, world: World, urls: DatabaseUrls, settings: Settings, trouble: list[str]
) -> None:
    """Another program on the same machine has used up what an address may ask."""
    slow = Settings.model_validate({**settings.model_dump(), "lookbook_requests_per_minute": 30})
    with serving(urls, slow, refresh_s=3600) as address:
        page.goto(f"{address}/?choose=true")
        page.get_by_role("button", name="Cat").click()
        page.goto(f"{address}/refine")
        page.get_by_label("What should be different?").fill("outdoors only")
        while httpx.get(f"{address}/nowhere").status_code != 429:
            pass
        page.get_by_role("button", name="Say it").click()
        expect(page.locator("#news")).to_have_text(re.compile(r"^Please wait \d+ seconds and try again\.$"))
        expect(page.get_by_label("What should be different?")).to_have_value("outdoors only")
    assert all("429" in one for one in trouble)
    trouble.clear()


def test_looks_for_news_that_fail_say_nothing(
    page: Page, urls: DatabaseUrls, settings: Settings, world: World, trouble: list[str]
) -> None:
    with serving(urls, settings, refresh_s=0.2) as address:
        page.goto(f"{address}/?choose=true")
        page.get_by_role("button", name="Ann").click()
        expect(page.locator(".taste")).to_have_count(2)
    with page.expect_event("requestfailed"):
        pass
    with page.expect_event("requestfailed"):  # the one before is over and done with
        pass
    expect(page.locator("#news")).to_be_empty()
    expect(page.locator(".taste")).to_have_count(2)
    page.close()
    trouble.clear()


def test_the_keyboards_focus_stays_near_what_was_pressed(page: Page) -> None:
    become(page, "Cat")
    page.goto("/refine")
    focused = page.locator(":focus")
    text = page.get_by_label("What should be different?")
    text.focus()
    for said, chips in (("for 100 guests", 1), ("outdoors only", 2)):
        page.keyboard.type(said)
        page.keyboard.press("Enter")
        expect(page.locator(".understood .chip")).to_have_count(chips)
        expect(text).to_be_focused()

    def press(name: str) -> None:
        for _ in range(60):
            if focused.count() and name in focused.inner_text():
                return page.keyboard.press("Enter")
            page.keyboard.press("Tab")
        raise AssertionError(f"{name} is not reached by the tabulator")

    press("100 guests")
    press("must be stated")
    expect(page.locator(".chip.must")).to_have_count(1)
    expect(focused).to_contain_text("100 guests must")
    press("Remove 100 guests")
    expect(page.locator(".understood .chip")).to_have_count(1)
    expect(focused).to_have_text("What we understood")
    press("Undo")
    expect(page.locator(".understood .chip")).to_have_count(2)
    expect(focused).to_have_text("Undo")
    press("More like this")
    expect(page.locator(".understood .chip")).to_have_count(3)
    expect(focused).to_contain_text("More like this")
    page.get_by_role("button", name="Start over").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".understood .chip")).to_have_count(0)
    expect(focused).to_have_text("In your own words")


def test_a_question_is_asked_back_and_answered(page: Page) -> None:
    become(page, "Dan")
    page.goto("/refine")
    page.get_by_label("What should be different?").fill("within 50 km of Springfield")
    page.get_by_role("button", name="Say it").click()
    question = page.locator(".question")
    expect(question).to_be_visible()
    choice = question.get_by_role("button").first
    chosen = choice.inner_text().split(",")[0]
    choice.click()
    expect(question).to_have_count(0)
    expect(page.locator(".understood .chip")).to_contain_text(chosen)


def test_a_board_that_changes_changes_the_page(page: Page, world: World) -> None:
    """New pins, found by the sensor's query and clustered by the assets, come to the open page by themselves."""
    world.add_person("ida", bucket=12)
    world.pin("ida", "green", 12, first=300)
    world.make("taste_clusters", "recommendations", buckets=(12, 12))
    become(page, "Ida")
    expect(page.get_by_role("heading", level=1)).to_have_text("Your taste")
    tastes = page.locator(".taste")
    expect(tastes).to_have_count(1)

    world.pin("ida", "yellow", 12, first=300)
    expect(page.locator(".waiting")).to_contain_text("we are looking at it")
    world.make("taste_clusters", "recommendations", buckets=(12, 12))
    expect(tastes).to_have_count(2)
    expect(page.get_by_role("heading", level=1)).to_have_text("Your two tastes")
    expect(page.locator("#news")).to_have_text("Your tastes were brought up to date.")
    expect(page.locator(".waiting")).to_have_count(0)
    expect(page.locator(".spark").first).to_be_visible()


def test_everything_can_be_read_without_scripts(browser: Browser, address: str, world: World) -> None:
    context = browser.new_context(java_script_enabled=False, base_url=address)
    context.set_default_timeout(TIMEOUT_MS)
    page = context.new_page()
    become(page, "Ann")
    for name, heading in (("Tastes", "Your two tastes"), ("Venues", "Your venues"), ("Like you", "People like you"),
                          ("Rate", "Tell us more of what you like")):  # fmt: skip
        page.get_by_role("link", name=name, exact=True).click()
        expect(page.get_by_role("heading", level=1)).to_have_text(heading)
    page.goto("/refine")
    page.get_by_label("What should be different?").fill("outdoors only")
    page.get_by_role("button", name="Say it").click()
    expect(page.locator(".understood")).to_contain_text("outdoors")
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".understood")).not_to_contain_text("outdoors")
    context.close()
