"""Amenities, styles, setting and address: affirmed, denied, somewhere else; and the documented vocabulary."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.venue_assets.extract.site_pages import URL, written
from venue_assets.extract.facts.read import read_facts
from venue_assets.extract.facts.vocabulary import AMENITIES, STYLES
from venue_assets.extract.values import StructuredItem

DOCUMENT = Path(__file__).resolve().parents[4] / "docs" / "facts.md"


def amenities(markdown: str, *items: StructuredItem) -> set[str]:
    return {quoted.value for quoted in read_facts([written(markdown, *items)]).amenities}


@pytest.mark.parametrize(
    ("markdown", "word"),
    [
        ("- free on-site parking", "parking"),
        ("- step-free wheelchair access", "wheelchair_access"),
        ("Dogs are very welcome.", "pet_friendly"),
        ("Outside catering is welcome.", "outside_catering_allowed"),
        ("We have a fully licensed bar.", "bar"),
        ("Licensed for civil ceremonies.", "ceremony_licence"),
        ("Une piste de danse en pierre.", "dance_floor"),
        ("Kostenlose Parkpl\u00e4tze am Haus.", "parking"),
        ("Rollstuhlgerecht im ganzen Haus.", "wheelchair_access"),
        ("There is no extra charge for parking.", "parking"),
        ("Eight bedrooms for the wedding party.", "accommodation"),
        ("Not only a dance floor, but a stage.", "dance_floor"),
    ],
)
def test_stated(markdown: str, word: str) -> None:
    assert word in amenities(markdown)


@pytest.mark.parametrize(
    ("markdown", "word"),
    [
        ("Sorry, no parking.", "parking"),
        ("We do not allow pets.", "pet_friendly"),
        ("Pets are not allowed.", "pet_friendly"),
        ("We're not able to accept pets at the moment.", "pet_friendly"),
        ("Fireworks are strictly prohibited.", "fireworks_allowed"),
        ("Is there parking?", "parking"),
        ("The nearest car park is by the station.", "parking"),
        ("Il n'y a pas de piscine.", "pool"),
        ("Kein Aufzug, keine Parkpl\u00e4tze.", "parking"),
        ("Dance floors are not included.", "dance_floor"),
        ("A calmer backdrop than a hotel conference room.", "meeting_rooms"),
        ("We accommodate up to 300 guests.", "accommodation"),
        ("> There was a lovely dance floor.", "dance_floor"),
        ("## Nearby\n\nThe castle has a lake and gardens.", "lake"),
        ("There is a spa with a pool down the road.", "pool"),
    ],
)
def test_denied_or_not_said(markdown: str, word: str) -> None:
    assert word not in amenities(markdown)


def test_a_contradiction_is_kept_and_not_taken() -> None:
    facts = read_facts([written("Dogs are welcome.\n\nPets are not allowed in the hall.")])
    assert facts.amenities == ()
    assert [one.quote for one in facts.conflicts["amenities"]] == [
        "Dogs are welcome.",
        "Pets are not allowed in the hall.",
    ]


def test_machine_readable_amenities_and_free_ones() -> None:
    def feature(name: str, *, is_there: bool) -> StructuredItem:
        return StructuredItem((), {"name": (name,), "value": (is_there,)}, "json-ld")

    listed = (feature("Free WiFi", is_there=True), feature("Pool", is_there=False), feature("Hay maze", is_there=True))
    venue = StructuredItem(("EventVenue",), {"amenityFeature": listed}, "json-ld")
    facts = read_facts([written("## Amenities\n\n- Owl boxes\n- Parking", venue)])
    assert {one.value for one in facts.amenities} == {"wifi", "parking"}
    assert [one.value for one in facts.other_amenities] == ["Hay maze", "Owl boxes"]


def test_a_style_needs_the_title_or_more_than_one_statement() -> None:
    once = read_facts([written("A rustic welcome.")])
    twice = read_facts([written("A rustic welcome. Rustic beams above.")])
    titled = read_facts([written("", title="The Rustic Barn")])
    assert [one.value for one in once.styles] == []
    assert [one.value for one in twice.styles] == ["rustic"]
    assert [one.value for one in titled.styles] == ["barn", "rustic"]


@pytest.mark.parametrize(
    ("markdown", "setting"),
    [
        ("Everything happens indoors, under one roof.", "indoor"),
        ("Ceremony and dinner both happen outdoors.", "outdoor"),
        ("You can marry indoors or outdoors.", "both"),
        ("- Setting: Indoors and outdoors", "both"),
        ("- Setting: Outdoors", "outdoor"),
        ("Outdoor seating on the lawn.", None),
        ("Everything is indoors. The whole day is outdoors.", None),
    ],
)
def test_setting(markdown: str, setting: str | None) -> None:
    found = read_facts([written(markdown)]).setting
    assert (found.value if found else None) == setting


@pytest.mark.parametrize(
    ("line", "address"),
    [
        ("Address: 1 High Street, Berkeley GL13 9AA", "1 High Street, Berkeley GL13 9AA"),
        ("6417 County Road 7620, Lubbock, TX 79424", "6417 County Road 7620, Lubbock, TX 79424"),
        ("12 rue du Moulin, 41360 Lunay", "12 rue du Moulin, 41360 Lunay"),
        ("Lindenstra\u00dfe 4, 80331 M\u00fcnchen, Germany", "Lindenstra\u00dfe 4, 80331 M\u00fcnchen, Germany"),
        ("Aareweg 3, CH-3012 Bern", "Aareweg 3, CH-3012 Bern"),
        (
            "71 Mill Lane, Westport, County Mayo F28 X6A7, Ireland",
            "71 Mill Lane, Westport, County Mayo F28 X6A7, Ireland",
        ),
        ("41360 Lunay", "41360 Lunay"),
        ("Open since 1890, we love weddings.", None),
        ("In 2024, 180 Guests came.", None),
        ("We seat 1200 guests, you know.", None),
    ],
)
def test_written_addresses(line: str, address: str | None) -> None:
    found = read_facts([written(line)]).address
    assert (found.value if found else None) == address


def test_a_postal_address_comes_first() -> None:
    parts = {"streetAddress": ("1 High Street",), "postalCode": ("GL13 9AA",)}
    venue = StructuredItem(("Place",), {"address": (StructuredItem(("PostalAddress",), parts, "json-ld"),)}, "json-ld")
    found = read_facts([written("9 Low Road, Bristol BS1 1AA", venue)]).address
    assert found is not None and found.value == "1 High Street, GL13 9AA"
    assert (found.quote, found.page_url) == ("Place.address: 1 High Street, GL13 9AA", URL)


def test_the_document_lists_the_vocabulary() -> None:
    rows = re.findall(r"^\| `(\w+)` \| (amenity|style) \|", DOCUMENT.read_text(), re.MULTILINE)
    assert {word for word, kind in rows if kind == "amenity"} == set(AMENITIES)
    assert {word for word, kind in rows if kind == "style"} == set(STYLES)
