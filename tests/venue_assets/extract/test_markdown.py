"""What of a page becomes markdown, and what does not."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.venue_assets.extract.pages import parsed
from venue_assets.extract.boilerplate import drop_repeated_boilerplate
from venue_assets.extract.markdown import page_text
from venue_assets.extract.similar import is_similar_heading
from venue_assets.extract.values import PageText

URL = "http://hall.test/"


def markdown(html: str) -> str:
    return page_text(parsed(html), URL).markdown


@pytest.mark.parametrize(
    "html",
    [
        "<nav>GONE</nav>",
        "<div role=navigation>GONE</div>",
        "<div role=dialog>GONE</div>",
        "<form>GONE <input></form>",
        "<script>GONE</script>",
        "<style>GONE</style>",
        "<noscript>GONE</noscript>",
        "<template>GONE</template>",
        "<iframe>GONE</iframe>",
        "<svg><text>GONE</text></svg>",
        "<button>GONE</button>",
        "<select><option>GONE</select>",
        "<div class='cookie-banner'>GONE</div>",
        "<div id=onetrust-banner-sdk>GONE</div>",
        "<ul class=breadcrumb><li>GONE</ul>",
        "<p hidden>GONE</p>",
        "<p aria-hidden=true>GONE</p>",
        "<p style='display: none'>GONE</p>",
        "<p style='DISPLAY:NONE !important'>GONE</p>",
        "<p style='visibility:hidden'>GONE</p>",
        "<p style='opacity:0'>GONE</p>",
        "<p style='font-size:0px'>GONE</p>",
        "<p style='position:absolute;left:-9999px'>GONE</p>",
        "<p style='text-indent:-999em'>GONE</p>",
        "<p style='width:0;height:0;overflow:hidden'>GONE</p>",
        "<p style='position:absolute;clip:rect(0 0 0 0)'>GONE</p>",
        "<p style='color:#fff;background:white'>GONE</p>",
        "<span class='sr-only'>GONE</span>",
        "<a class='skip-link' href='#x'>GONE</a>",
        "<dialog>GONE</dialog>",
        "<label for=f>GONE</label><input id=f>",
        "<label>GONE <select></select></label>",
        "<p>Lorem ipsum dolor GONE</p>",
        "<footer><p>About us GONE</p></footer>",
        "<footer><a href='/x'>GONE</a></footer>",
        "<div id=footer><p>© 2026 GONE</p></div>",
        "<aside class=sidebar><h2>Recent comments</h2><p>Anna GONE</p></aside>",
        "<header class=site-header>GONE</header>",
        "<section class=similar-venues><h2>x</h2><p>GONE 300 guests</p></section>",
        "<div><h2>You may also like</h2><div>GONE Castle, 300 guests</div></div>",
        "<h2>Similar venues</h2><p>GONE</p><div>GONE 300 guests</div>",
        "<section><h3>Vous aimerez aussi</h3><p>GONE</p></section>",
    ],
)
def test_what_is_not_the_pages_own_content_goes_and_nothing_else(html: str) -> None:
    assert markdown(f"<main><h1>Hall</h1><p>Before</p></main>{html}<h2>Kept</h2><p>After</p>") == (
        "# Hall\n\nBefore\n\n## Kept\n\nAfter"
    )


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<header><h1>Hall</h1><p>For 120 guests</p></header>", "# Hall\n\nFor 120 guests"),
        ("<footer><p>Shop</p><p>12 Mill Lane, Ludlow</p></footer>", "12 Mill Lane, Ludlow"),
        ("<footer><a href='tel:+441234567'>Call us</a></footer>", "Call us +441234567"),
        ("<footer><h2>Opening hours</h2><p>Daily, dawn to dusk</p></footer>", "Opening hours: Daily, dawn to dusk"),
        ("<footer><address>The Mill<br>Ludlow</address><ul><li><a href=/x>News</a></ul></footer>", "The Mill, Ludlow"),
        ("<footer><div class=contact>Ludlow</div></footer>", "Ludlow"),
        ("<aside><h2>Facts</h2><p>Seats 80</p></aside>", "## Facts\n\nSeats 80"),
        ("<form><main><h1>Hall</h1><p>Seats 80</p></main></form>", "# Hall\n\nSeats 80"),
        ("<body style='opacity:0'><p>Seats 80</p>", "Seats 80"),
        ("<p><b>20</b><span>guests</span> <i>m</i><i>ax</i></p>", "20 guests m ax"),
        ("<p><i>W</i><i>e</i></p>", "We"),
        ("<p>Great!<span>Anna</span></p>", "Great! Anna"),
        ("<p>one\n   two&nbsp; three<br>four</p>", "one two three\nfour"),
        ("<dl><dt>Seats:</dt><dd>80</dd><div><dt>Hire</dt><dd>£900</dd></div></dl>", "- Seats: 80\n- Hire: £900"),
        (
            "<table><tr><th>Seats</th><td>80</td></tr><tr><td>Hire</td><td>£900</td></tr></table>",
            "- Seats: 80\n- Hire: £900",
        ),
        (
            "<table><tr><th>Day</th><th>Hire</th></tr><tr><td>Sat|Sun</td><td>£900</td></tr></table>",
            "| Day | Hire |\n| --- | --- |\n| Sat/Sun | £900 |",
        ),
        ("<table><tr><td><h2>Hall</h2><p>Seats 80</p></td></tr></table>", "## Hall\n\nSeats 80"),
        ("<ul><li>a<ul><li>b</ul></ul>", "- a\n  - b"),
        ("<details><summary>How many?</summary><p>80</p></details>", "How many?\n\n80"),
        ("<h3><button>How many?</button></h3><p>80</p>", "### How many?\n\n80"),
        ("<button aria-expanded=false>How many?</button><p>80</p>", "How many?\n\n80"),
        ("<button role=tab>Barn</button><div role=tabpanel hidden><p>80 guests</p></div>", "80 guests"),
        ("<a aria-controls=x>Open</a><div id=x style='display:none'><p>80 guests</p></div>", "Open\n\n80 guests"),
        ("<p>zero\u200b\u00ad\ufeffwidth\U000e0041</p>", "zerowidth"),
        ("<p>&lt;script&gt;x&lt;/script&gt; 1 &lt; 2</p>", "&lt;script>x&lt;/script> 1 < 2"),
        ("<a href='mailto:a@b.test?subject=x'>Write</a>", "Write a@b.test"),
        ("<p>a_b *c* [d](e) # f</p>", "a_b *c* [d](e) # f"),
        ("<h2>Our other rooms</h2><p>80 guests</p>", "## Our other rooms\n\n80 guests"),
    ],
)
def test_what_holds_facts_stays(html: str, expected: str) -> None:
    assert markdown(html) == expected


@pytest.mark.parametrize(
    "heading",
    [
        "Similar venues",
        "Similar venues nearby",
        "You may also like",
        "You might also like…",
        "More wedding venues",
        "Other venues in Kent",
        "Related",
        "Lieux similaires",
        "Couples also viewed",
        "Venues like this",
    ],
)
def test_headings_over_other_venues(heading: str) -> None:
    assert is_similar_heading(heading)


@pytest.mark.parametrize(
    "heading",
    [
        "Our venues",
        "Venue packages",
        "More about the barn",
        "Related to the sea",
        "Nearby",
        "Places to stay",
        "The venue",
        "What else",
        "",
    ],
)
def test_headings_over_the_venue_itself(heading: str) -> None:
    assert not is_similar_heading(heading)


def test_the_head_gives_title_description_and_language() -> None:
    page = parsed("<html lang=en-GB><title> The <b>Hall</title><meta name=description content='A\u200b barn'><p>x")
    text = page_text(page, URL)
    assert (text.title, text.description, text.language) == ("The &lt;b>Hall", "A barn", "en")


@given(st.text(max_size=200))
def test_text_never_becomes_markup(text: str) -> None:
    shown = text.replace("&", "&amp;").replace("<", "&lt;")
    written = markdown(f"<p>{shown}</p>")
    assert not re.search(r"<[a-zA-Z/!?]", written)
    assert not re.search("[\u200b-\u200f\u2060-\u2064\ufeff\x00-\x08]", written)


def site(*markdowns: str) -> list[PageText]:
    return [
        PageText(f"http://hall.test/{name}", "", "", "", text)
        for name, text in zip("/abcdefgh", markdowns, strict=False)
    ]


def test_repeated_blocks_stay_on_the_first_page_only() -> None:
    pages = site(
        "# Hall\n\nSeats 80\n\nCall 123",
        "# Rooms\n\nThe barn\n\n## Contact\n\ncall 123",
        "# Prices\n\n£900\n\nTHE BARN\n\n£900",
    )
    home, rooms, prices = (page.markdown for page in drop_repeated_boilerplate(pages))
    assert home == "# Hall\n\nSeats 80\n\nCall 123"
    assert rooms == "# Rooms\n\nThe barn"
    assert prices == "# Prices\n\n£900"


BLOCKS = st.lists(st.sampled_from(["# A", "## B", "### C", "one", "two", "Two", "three\nfour", "- five"]), max_size=8)


@given(st.lists(BLOCKS.map("\n\n".join), max_size=6), st.randoms(use_true_random=False))
def test_dropping_boilerplate_is_idempotent_complete_and_independent_of_order(texts: list[str], order: object) -> None:
    pages = site(*texts)
    kept = drop_repeated_boilerplate(pages)
    assert drop_repeated_boilerplate(kept) == kept
    shuffled = list(pages)
    order.shuffle(shuffled)  # type: ignore[attr-defined]
    assert sorted(drop_repeated_boilerplate(shuffled), key=lambda page: page.url) == sorted(
        kept, key=lambda page: page.url
    )
    said = [block.casefold() for page in pages for block in page.markdown.split("\n\n") if not block.startswith("#")]
    left = [block.casefold() for page in kept for block in page.markdown.split("\n\n") if not block.startswith("#")]
    assert sorted(filter(None, left)) == sorted(set(filter(None, said)))
