"""JSON-LD, microdata, RDFa, Open Graph and positions, and the identity they add up to."""

from __future__ import annotations

import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.venue_assets.extract.pages import parsed
from venue_assets.extract import json_ld
from venue_assets.extract.identity import site_identity
from venue_assets.extract.structured import structured_data
from venue_assets.extract.values import SiteIdentity, Stated, StructuredData, StructuredSource

URL = "http://hall.test/a/"
HALL = '{"@context": "https://schema.org", "@type": "EventVenue", "name": "Hall", "maximumAttendeeCapacity": "120"}'


def data(html: str) -> StructuredData:
    return structured_data(parsed(html), URL)


def identity(html: str) -> SiteIdentity:
    return site_identity([data(html)])


def script(text: str) -> str:
    return f'<script type="application/ld+json">{text}</script>'


@pytest.mark.parametrize(
    "written",
    [
        HALL,
        HALL.replace("}", ",}"),
        f"<!-- {HALL} -->",
        f"//<![CDATA[\n{HALL}\n//]]>",
        f"/* the hall */ {HALL} // end",
        HALL.replace('"Hall"', '"Ha\nll"').replace("Ha\nll", "Hall\n"),
        f'[{{"@type": "WebSite", "name": "x"}}, {HALL}]',
        f'{{"@graph": [{{"@type": "BreadcrumbList"}}, {HALL},]}}',
        HALL.replace('"EventVenue"', '["Thing", "https://schema.org/EventVenue"]'),
        HALL.replace('"120"', '{"@type": "QuantitativeValue", "value": 120}'),
        HALL.replace('"120"', '{"@value": "120"}'),
        HALL + ";",
        f"//<![CDATA[ {HALL} //]]>",
        f"/*<![CDATA[*/{HALL}/*]]>*/",
        f"<![CDATA[{HALL}]]>;",
        HALL.replace("}", ",}") + " " * 30_000 + " /* " + "x" * 30_000,
    ],
)
def test_json_ld_as_people_write_it(written: str) -> None:
    found = identity(script(written))
    assert found.name == Stated("Hall", URL, "json-ld")
    assert found.capacity == Stated(120, URL, "json-ld")


def test_a_comma_in_a_string_is_no_trailing_comma() -> None:
    found = identity(script('{"@type": "Place", "name": "a,] // b /* c",}'))
    assert found.name is not None
    assert found.name.value == "a,] // b /* c"


def test_a_broken_script_costs_itself_only() -> None:
    found = data(script("{broken") + script("") + script(HALL) + script("[" * 5000))
    assert [item.types for item in found.items] == [("EventVenue",)]
    assert [line.partition(":")[0] for line in found.broken] == ["JSON-LD script 1", "JSON-LD script 4"]


HARD_TO_REPAIR = [
    "/*", '"', '\\"', '"\\', "//", "// ", ", ", ",\n", " ", "\n", "/* ", "]]", "<!-", "-", ";", "; ", "*/", "//\n\n",
    '/*"', "<![CDATA[ ",
]  # fmt: skip


@pytest.mark.parametrize("pattern", HARD_TO_REPAIR)
def test_repair_of_broken_scripts_is_linear(pattern: str) -> None:
    characters = json_ld.MAX_CHARACTERS - 100
    page = parsed(script('{"a": 1, ' + pattern * (characters // len(pattern))))
    started = time.process_time()
    assert structured_data(page, URL).broken
    assert time.process_time() - started < 1  # a quadratic scan takes minutes


def test_lone_surrogates_and_controls_in_structured_data_are_gone() -> None:
    bad = r"\ud800\u0000\u0003"
    found = data(
        script(f'{{"@type": "Place{bad}", "na{bad}me": "Hall{bad}", "geo{bad}": {{"@id": "{bad}", "x": ["{bad}y"]}},'
               f'"images": {{"@value": "http://hall.test/{bad}a.jpg"}}}}')
    )  # fmt: skip
    (item,) = found.items
    assert (item.types, item.properties["name"]) == (("Place",), ("Hall",))
    assert "\\x0" not in repr(found)
    assert "\\ud" not in repr(found)


MICRODATA = """<div itemscope itemtype="https://schema.org/EventVenue"><h2 itemprop="name">Hall</h2>
<div itemprop="address" itemscope itemtype="https://schema.org/PostalAddress"><span itemprop="streetAddress">1 Mill
Lane</span><meta itemprop="postalCode" content="SY8 1AA"></div><img itemprop="image" src="/hall.jpg">
<a itemprop="sameAs" href="http://other.test/hall">x</a></div>"""


@pytest.mark.parametrize(
    ("html", "source"),
    [
        (MICRODATA, "microdata"),
        (
            MICRODATA.replace(" itemscope itemtype=", " typeof=").replace("itemprop=", "property="),
            "rdfa",
        ),
    ],
)
def test_microdata_and_rdfa(html: str, source: StructuredSource) -> None:
    found = identity(html)
    assert found.name == Stated("Hall", URL, source)
    assert found.street == Stated("1 Mill Lane", URL, source)
    assert found.postal_code == Stated("SY8 1AA", URL, source)
    assert [stated.value for stated in found.images] == ["http://hall.test/hall.jpg"]
    assert [stated.value for stated in found.same_as] == ["http://other.test/hall"]


def test_json_ld_counts_before_microdata_and_specific_types_before_general_ones() -> None:
    general = script('{"@type": "Organization", "name": "Group", "telephone": "1"}')
    found = identity(MICRODATA + general + script(HALL))
    assert (found.name, found.telephone) == (Stated("Hall", URL, "json-ld"), Stated("1", URL, "json-ld"))


def test_what_is_not_the_venue_is_not_read() -> None:
    others = (
        '[{"@type": "Product", "name": "Cake"}, {"@type": "Review", "name": "x"}, {"@type": "Event", "name": "Fair"}]'
    )
    assert identity(script(others)) == SiteIdentity()
    assert identity(f'<section class="similar-venues">{MICRODATA}</section>') == SiteIdentity()


def test_open_graph_and_amenities() -> None:
    found = identity(
        """<meta property="og:site_name" content="Hall"><meta property="og:image" content="/o.jpg">
        <meta property="place:location:latitude" content="52.1">
        <meta property="place:location:longitude" content="-2.5">"""
        + script(
            '{"@type": "Place", "amenityFeature": '
            '[{"name": "Barn", "value": true}, {"name": "Pool", "value": false}, "Bar"]}'
        )
    )
    assert found.name == Stated("Hall", URL, "opengraph")
    assert found.images == (Stated("http://hall.test/o.jpg", URL, "opengraph"),)
    assert (found.latitude, found.longitude) == (Stated(52.1, URL, "opengraph"), Stated(-2.5, URL, "opengraph"))
    assert [stated.value for stated in found.amenities] == ["Barn", "Bar"]


@pytest.mark.parametrize(
    "html",
    [
        '<a href="geo:52.36821,-2.71834">map</a>',
        '<a href="https://www.google.com/maps/place/Hall/@52.36821,-2.71834,17z">map</a>',
        '<a href="https://maps.google.com/?q=52.36821,-2.71834">map</a>',
        '<iframe src="https://www.google.com/maps/embed?pb=!1m18!2d-2.71834!3d52.36821!2m3"></iframe>',
        '<div data-lat="52.36821" data-lng="-2.71834"></div>',
        '<div data-position="52.36821,-2.71834"></div>',
        '<meta name="geo.position" content="52.36821;-2.71834">',
    ],
)
def test_positions_in_markup(html: str) -> None:
    found = identity(html)
    assert (found.latitude, found.longitude) == (Stated(52.36821, URL, "markup"), Stated(-2.71834, URL, "markup"))


@pytest.mark.parametrize(
    "html",
    [
        '<a href="geo:152.36821,-2.71834">map</a>',
        '<a href="http://hall.test/?q=52.36821,-2.71834">x</a>',
        '<section class="similar-venues"><a href="geo:52.36821,-2.71834">x</a></section>',
        script('{"@type": "Place", "geo": {"latitude": 152.3, "longitude": "x"}}'),
        script('{"@type": "Place", "geo": {"latitude": 52.3}, "maximumAttendeeCapacity": -4}'),
    ],
)
def test_positions_and_numbers_that_cannot_be_are_not_read(html: str) -> None:
    found = identity(html)
    assert (found.latitude, found.longitude, found.capacity) == (None, None, None)


def test_a_comma_is_a_decimal_point_unless_it_groups_thousands() -> None:
    found = identity(
        script(
            '{"@type": "Place", "geo": {"latitude": "51,75", "longitude": "-7,9"}, "maximumAttendeeCapacity": "1,200"}'
        )
    )
    assert found.latitude is not None
    assert found.longitude is not None
    assert found.capacity is not None
    assert (found.latitude.value, found.longitude.value, found.capacity.value) == (51.75, -7.9, 1200)


JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.floats(), st.text(max_size=5)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.sampled_from(
                ["@type", "@graph", "name", "geo", "latitude", "address", "image", "url", "amenityFeature", "@value"]
            ),
            inner,
            max_size=4,
        ),
    ),
    max_leaves=12,
)


@given(JSON)
def test_no_json_makes_the_identity_raise(value: object) -> None:
    found = identity(script(json.dumps(value).replace("</", "<\\/")))
    assert identity(script(json.dumps(value).replace("</", "<\\/"))) == found
