"""Which pictures a page shows, in which sizes, and which are ruled out by markup."""

from __future__ import annotations

import pytest

from tests.venue_assets.extract.pages import parsed
from venue_assets.extract.image_sources import FULL_SIZE
from venue_assets.extract.photo_candidates import merge_candidates, photo_candidates
from venue_assets.extract.values import PhotoCandidate

URL = "http://hall.test/rooms/"
BLANK = "data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7"


def kept(html: str) -> list[list[str]]:
    found = photo_candidates(parsed(html), URL).kept
    assert [candidate.position for candidate in found] == list(range(len(found)))
    return [[url.removeprefix("http://hall.test") for url in candidate.urls] for candidate in found]


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<img src=a.jpg>", [["/rooms/a.jpg"]]),
        ("<base href=/x/><img src=a.jpg>", [["/x/a.jpg"]]),
        ("<img src=/s.jpg srcset='/m.jpg 600w, /l.jpg 1200w, /s.jpg 300w'>", [["/l.jpg", "/m.jpg", "/s.jpg"]]),
        ("<img src=/s.jpg srcset='/s.jpg, /l.jpg 2x'>", [["/l.jpg", "/s.jpg"]]),
        ("<img srcset='/c/w_400,h_300/a.jpg 400w,/c/w_800,h_600/a.jpg 800w'>",
         [["/c/w_800,h_600/a.jpg", "/c/w_400,h_300/a.jpg"]]),
        ("<picture><source srcset='/a.avif 900w' type=image/avif><img src=/a.jpg width=600></picture>",
         [["/a.avif", "/a.jpg"]]),
        ("<picture><source srcset=/a.webp><source srcset=/b.webp><img src=/a.jpg></picture>",
         [["/a.jpg", "/a.webp", "/b.webp"]]),
        (f"<img src={BLANK} data-src=/a.jpg>", [["/a.jpg"]]),
        ("<img src=/lazy.png data-srcset='/a.jpg 400w, /b.jpg 800w' data-src=/a.jpg>",
         [["/b.jpg", "/a.jpg", "/lazy.png"]]),
        ("<img data-lazy-src=/a.jpg>", [["/a.jpg"]]),
        ("<img data-original=/a.jpg>", [["/a.jpg"]]),
        (f"<img src={BLANK} data-src=/a.jpg><noscript><img src=/b.jpg></noscript>", [["/a.jpg", "/b.jpg"]]),
        ("<noscript><img src=/b.jpg></noscript>", [["/b.jpg"]]),
        ("<a href=/full.jpg><img src=/thumb.jpg width=2000></a>", [["/full.jpg", "/thumb.jpg"]]),
        ("<a href=/full.jpg><div style='background:url(/thumb.jpg)'></div></a>", [["/full.jpg", "/thumb.jpg"]]),
        ("<a href=/full.jpg>See the barn</a>", [["/full.jpg"]]),
        ("<a href=/page.html><img src=/a.jpg></a>", [["/a.jpg"]]),
        ("<div style=\"background-image: linear-gradient(red, blue), url('/a.jpg')\"></div>", [["/a.jpg"]]),
        ("<div style='background: url(/not closed'></div><div style='background:url(\"/c d.jpg\")'></div>",
         [["/c d.jpg"]]),
        ("<div style=\"background-image:image-set(url('/a.jpg') 1x, url('/b.jpg') 2x)\"></div>",
         [["/b.jpg", "/a.jpg"]]),
        ("<style>.hero{background:url(/a.jpg)} .b{color:red;background-image:url('/b.jpg')}</style>",
         [["/a.jpg"], ["/b.jpg"]]),
        ("<div data-bg=/a.jpg></div><div data-background='url(/b.jpg)'></div>", [["/a.jpg"], ["/b.jpg"]]),
        ("<video poster=/a.jpg></video>", [["/a.jpg"]]),
        ("<meta property=og:image content=/o.jpg><meta name=twitter:image content=/t.jpg>", [["/o.jpg"], ["/t.jpg"]]),
        ('<script type="application/ld+json">{"@type": "Place", "image": ["/a.jpg", {"url": "/b.jpg"}]}</script>',
         [["/a.jpg"], ["/b.jpg"]]),
        ("<img src=/a.jpg?w=300><img src=/a.jpg?w=900><img src=/a.jpg?id=2>",
         [["/a.jpg?w=300", "/a.jpg?w=900"], ["/a.jpg?id=2"]]),
        ("<img src=/mbr-510x340.jpg><img src=/mbr-700x467.jpg>", [["/mbr-510x340.jpg"], ["/mbr-700x467.jpg"]]),
        ("<img src=/a.jpg><p>x</p><img src=/a.jpg>", [["/a.jpg"]]),
        ("<img src=/lazy.png data-src=/a.jpg><img src=/lazy.png data-src=/b.jpg>",
         [["/a.jpg", "/lazy.png"], ["/b.jpg", "/lazy.png"]]),
        ("<div hidden><img src=/slide-2.jpg></div>", [["/slide-2.jpg"]]),
        ("<img src=javascript:x><img src=''><img>", []),
    ],
)  # fmt: skip
def test_pictures_and_their_sizes(html: str, expected: list[list[str]]) -> None:
    assert kept(html) == expected


@pytest.mark.parametrize(
    ("html", "reason"),
    [
        ("<section class=similar-venues><img src=/a.jpg></section>", "similar_venues"),
        ("<div><h2>Similar venues</h2><a href=/b><img src=/a.jpg></a></div>", "similar_venues"),
        ("<nav><img src=/a.jpg></nav>", "navigation"),
        ("<img src=/img/logo-white.png>", "logo_or_icon"),
        ("<img src=/icons/mail.png>", "logo_or_icon"),
        ("<img class=site-logo src=/a.png>", "logo_or_icon"),
        ("<img alt='The Hall logo' src=/a.png>", "logo_or_icon"),
        ("<img src='https://i.pravatar.cc/150?img=4'>", "logo_or_icon"),
        ("<img src=/a.png width=24 height=24>", "icon_size"),
        ("<img src=/line.png width=1200 height=40>", "icon_size"),
        ("<img src=/a.svg>", "format"),
        ("<img src=/a.gif>", "format"),
    ],
)
def test_what_markup_rules_out(html: str, reason: str) -> None:
    found = photo_candidates(parsed(html), URL)
    assert (found.kept, [dropped.reason for dropped in found.dropped]) == ((), [reason])


def test_names_are_compared_as_whole_words() -> None:
    assert kept("<img src=/iconic-view.jpg class=lexicon alt='Logograms'>") == [["/iconic-view.jpg"]]


def test_a_picture_that_a_card_of_another_venue_shows_is_out_wherever_it_is() -> None:
    similar = "<section class=similar-venues><img src=/other.jpg></section>"
    assert kept(f"<img src=/other.jpg><img src=/a.jpg>{similar}") == [["/a.jpg"]]
    small = "<img src=/b.jpg width=20><img src=/b.jpg width=900><nav><img src=/a.jpg></nav><img src=/a.jpg>"
    assert kept(small) == [["/b.jpg"], ["/a.jpg"]]


@pytest.mark.parametrize(
    ("html", "alt_text"),
    [
        ("<img src=/a.jpg alt=' The\u200b  barn '>", "The barn"),
        ("<figure><img src=/a.jpg alt=''><figcaption>The <b>barn</b></figcaption></figure>", "The barn"),
        ("<div role=img aria-label='The barn' style='background:url(/a.jpg)'></div>", "The barn"),
        ("<div style='background:url(/a.jpg)'></div><img src=/a.jpg alt='The barn'>", "The barn"),
        ("<img src=/a.jpg>", ""),
    ],
)
def test_words_for_a_picture(html: str, alt_text: str) -> None:
    assert photo_candidates(parsed(html), URL).kept[0].alt_text == alt_text


def test_a_site_shows_each_picture_once_with_all_its_pages_and_sizes() -> None:
    home = "<img src=/s.jpg srcset='/s.jpg 300w, /m.jpg 600w' alt=Barn><img src=/x.jpg>"
    rooms = (
        "<a href=/l.jpg><img src=/m.jpg></a><img src=/y.jpg><section class=similar-venues><img src=/x.jpg></section>"
    )
    pages = [
        photo_candidates(parsed(html), f"http://hall.test/{name}") for name, html in (("", home), ("rooms", rooms))
    ]
    merged = merge_candidates(pages)
    host = "http://hall.test"
    assert merged.kept == (
        PhotoCandidate(
            (f"{host}/l.jpg", f"{host}/m.jpg", f"{host}/s.jpg"), (FULL_SIZE, 600, 300), f"{host}/",
            (f"{host}/", f"{host}/rooms"), "Barn", 0,
        ),
        PhotoCandidate((f"{host}/y.jpg",), (0,), f"{host}/rooms", (f"{host}/rooms",), "", 1),
    )  # fmt: skip
    assert [dropped.reason for dropped in merged.dropped] == ["similar_venues"]
    assert merge_candidates([merged]) == merged
