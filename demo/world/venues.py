"""Drawing venues: what they look like, where they stand, what they hold, cost and offer, and their photos.

Each venue has its own random stream, so venue i does not depend on how many follow. How a venue's facts are
worded on its site belongs to `demo.sites`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple, cast

from demo.aesthetics import AESTHETICS, BY_SLUG, SCENES
from demo.world.model import MarkupFamily, Photo, PictureSpec, PriceUnit, Setting, Venue
from demo.world.naming import WORDS, draw_name, slugify
from demo.world.places import COUNTRIES, KINDS_OF_AESTHETIC, PLACES, Place
from demo.world.seeds import pick, sample, stream

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np

AMENITIES: Final[dict[str, str]] = {
    "parking": "free on-site parking",
    "accommodation": "overnight accommodation",
    "wheelchair_access": "step-free wheelchair access",
    "in_house_catering": "in-house catering",
    "outside_caterers": "outside caterers welcome",
    "licensed_bar": "fully licensed bar",
    "dance_floor": "dance floor",
    "bridal_suite": "bridal suite",
    "ceremony_licence": "licensed for civil ceremonies",
    "late_licence": "late licence until 1am",
    "dogs_welcome": "dogs welcome",
    "wifi": "free wi-fi",
    "sound_system": "sound system and microphones",
    "fireworks": "fireworks allowed",
    "garden_games": "lawn and garden games",
    "exclusive_use": "exclusive use of the whole site",
}
"""The fixed list: stable slug -> the words every site uses for it."""

FAMILIES: Final[tuple[MarkupFamily, ...]] = ("plain", "wordpress", "jsonld", "cards")
HOST_SUFFIX: Final = ".venue.test"

_COMPANIONS: Final[dict[str, tuple[str, ...]]] = {
    "rustic_barn": ("garden", "vineyard", "boho_tent"),
    "garden": ("tropical_conservatory", "classic_ballroom", "boho_tent"),
    "industrial_loft": ("rooftop_night", "modern_glass", "historic_library"),
    "classic_ballroom": ("historic_library", "garden", "rooftop_night"),
    "beach": ("boho_tent", "modern_glass", "tropical_conservatory"),
    "vineyard": ("rustic_barn", "castle", "garden"),
    "modern_glass": ("rooftop_night", "forest_clearing", "industrial_loft"),
    "castle": ("garden", "historic_library", "forest_clearing"),
    "forest_clearing": ("boho_tent", "rustic_barn", "alpine_chalet"),
    "boho_tent": ("forest_clearing", "garden", "beach"),
    "rooftop_night": ("industrial_loft", "modern_glass", "tropical_conservatory"),
    "historic_library": ("classic_ballroom", "castle", "industrial_loft"),
    "tropical_conservatory": ("garden", "modern_glass", "rooftop_night"),
    "alpine_chalet": ("forest_clearing", "modern_glass", "rustic_barn"),
}

_SIZES: Final[tuple[tuple[int, int], ...]] = ((720, 480), (640, 480), (800, 500), (480, 640), (560, 560))
_STOCK_EVERY: Final = 12
_TYPICAL_GUESTS: Final[dict[str, int]] = {
    "classic_ballroom": 240,
    "industrial_loft": 180,
    "castle": 150,
    "modern_glass": 160,
    "rustic_barn": 140,
    "historic_library": 70,
    "alpine_chalet": 60,
    "forest_clearing": 80,
}


class _Capacity(NamedTuple):
    low: int | None
    high: int | None
    standing: int | None


class _Price(NamedTuple):
    low: int | None
    high: int | None
    unit: PriceUnit | None
    on_application: bool


def draw_venues(seed: int, count: int) -> Iterator[Venue]:
    """The first `count` venues of the world `seed`, in order."""
    taken: set[str] = set()
    primaries: list[str] = []
    for index in range(count):
        # Every run of fourteen venues shows every aesthetic once, in an order of its own.
        if index % len(AESTHETICS) == 0:
            order = sample(stream(seed, "primaries", index), AESTHETICS, len(AESTHETICS))
            primaries = [aesthetic.slug for aesthetic in order]
        yield _draw_venue(seed, index, primaries[index % len(AESTHETICS)], taken)


def _draw_venue(seed: int, index: int, primary: str, taken: set[str]) -> Venue:
    rng = stream(seed, "venue", index)
    mixture = _draw_mixture(rng, primary)
    kinds = KINDS_OF_AESTHETIC[primary]
    place = pick(rng, [place for place in PLACES if set(kinds) & set(place.kinds)])
    country = COUNTRIES[place.country]
    name = draw_name(rng, primary, place.country, place.city, taken)
    slug = slugify(name)
    capacity = _draw_capacity(rng, primary)
    price = _draw_price(rng, country.cost)
    street = pick(rng, country.streets).format(n=int(rng.integers(1, 90)), word=pick(rng, WORDS))
    spread = 0.01 if "city" in kinds else 0.06
    return Venue(
        slug=slug,
        name=name,
        host=slug + HOST_SUFFIX,
        # Families turn with a shift per round, so that no aesthetic is tied to one family.
        family=FAMILIES[(index + index // len(AESTHETICS)) % len(FAMILIES)],
        mixture=mixture,
        lat=round(place.lat + float(rng.uniform(-spread, spread)), 5),
        lon=round(place.lon + float(rng.uniform(-spread, spread)), 5),
        city=place.city,
        region=place.region,
        country=place.country,
        postcode=_draw_postcode(rng, place),
        street=street,
        setting=_setting(mixture),
        capacity_min=capacity.low,
        capacity_max=capacity.high,
        standing_max=capacity.standing,
        price_min=price.low,
        price_max=price.high,
        currency=country.currency,
        price_unit=price.unit,
        price_on_application=price.on_application,
        amenities=_draw_amenities(rng),
        photos=_draw_photos(seed, index, name, mixture),
        seed=int(rng.integers(2**31)),
    )


def _draw_mixture(rng: np.random.Generator, primary: str) -> tuple[tuple[str, float], ...]:
    """One aesthetic, or for about a third of venues two."""
    if rng.random() >= 1 / 3:
        return ((primary, 1.0),)
    weight = round(float(rng.uniform(0.5, 0.72)), 2)
    return ((primary, weight), (pick(rng, _COMPANIONS[primary]), round(1 - weight, 2)))


def _setting(mixture: tuple[tuple[str, float], ...]) -> Setting:
    settings = {BY_SLUG[slug].setting for slug, _ in mixture}
    return cast("Setting", settings.pop()) if len(settings) == 1 else "both"


def _draw_capacity(rng: np.random.Generator, primary: str) -> _Capacity:
    if rng.random() < 0.1:
        return _Capacity(None, None, None)
    high = 10 * round(_TYPICAL_GUESTS.get(primary, 110) * float(rng.uniform(0.6, 1.4)) / 10)
    style = rng.random()
    if style < 0.45:
        return _Capacity(10 * max(1, round(high * float(rng.uniform(0.15, 0.6)) / 10)), high, None)
    if style < 0.7:
        return _Capacity(None, high, 10 * round(high * float(rng.uniform(1.2, 1.8)) / 10))
    return _Capacity(None, high, None)


def _draw_price(rng: np.random.Generator, cost: float) -> _Price:
    fate = rng.random()
    if fate < 0.12:
        return _Price(None, None, None, on_application=False)
    if fate < 0.24:
        return _Price(None, None, None, on_application=True)
    if fate < 0.44:
        low = round(float(rng.uniform(65, 190)) * cost / 5) * 5
        return _Price(low, None, "per head", on_application=False)
    low = round(float(rng.uniform(2200, 9500)) * cost / 100) * 100
    if fate < 0.56:
        return _Price(low, None, "per day", on_application=False)
    high = round(low * float(rng.uniform(1.3, 2.1)) / 100) * 100 if fate < 0.75 else None
    return _Price(low, high, "per event", on_application=False)


def _draw_amenities(rng: np.random.Generator) -> tuple[str, ...]:
    if rng.random() < 0.08:
        return ()
    chosen = set(sample(rng, tuple(AMENITIES), int(rng.integers(3, 10))))
    return tuple(slug for slug in AMENITIES if slug in chosen)


def _draw_postcode(rng: np.random.Generator, place: Place) -> str:
    letters = "ABDEFGHJLNPQRSTUWXYZ"
    drawn = {"#": lambda: str(rng.integers(1, 10)), "@": lambda: letters[int(rng.integers(len(letters)))]}
    return "".join(drawn[char]() if char in drawn else char for char in place.postcode)


def _draw_photos(seed: int, index: int, venue_name: str, mixture: tuple[tuple[str, float], ...]) -> tuple[Photo, ...]:
    """8-20 different photographs: every scene at least once, each aesthetic by its share."""
    rng = stream(seed, "photos", index)
    count = int(rng.integers(8, 20))
    scenes = [SCENES[number % len(SCENES)] for number in range(count)]
    seeds = rng.choice(2**30, size=count, replace=False)
    photos = []
    for number, scene in enumerate(scenes):
        shown = _photo_mixture(rng, mixture, number)
        width, height = pick(rng, _SIZES)
        # Even seeds are venue photographs, odd ones pins: the two never show the same picture by chance.
        spec = PictureSpec(shown, scene, 2 * int(seeds[number]), width, height)
        photos.append(Photo(f"{scene}-{number // len(SCENES) + 1}", spec, _alt(rng, venue_name, spec)))
    if index % _STOCK_EVERY == _STOCK_EVERY - 1:
        photos.append(_stock_photo(seed, index // (2 * _STOCK_EVERY)))
    return tuple(photos)


def _stock_photo(seed: int, number: int) -> Photo:
    """A bought picture that two venues show: number k belongs to the venues 24k + 11 and 24k + 23."""
    rng = stream(seed, "stock", number)
    spec = PictureSpec(((pick(rng, AESTHETICS).slug, 1.0),), "table", 2 * int(rng.integers(2**30)), 720, 480)
    return Photo(f"stock-{number}", spec, "Table laid for dinner")


def _photo_mixture(
    rng: np.random.Generator, mixture: tuple[tuple[str, float], ...], number: int
) -> tuple[tuple[str, float], ...]:
    """What one photo of the venue shows: usually one of its aesthetics, sometimes both together."""
    if len(mixture) == 1:
        return mixture
    if number < len(mixture):
        return ((mixture[number][0], 1.0),)
    if rng.random() < 0.3:
        return mixture
    return ((mixture[int(rng.random() >= mixture[0][1])][0], 1.0),)


def _alt(rng: np.random.Generator, venue_name: str, spec: PictureSpec) -> str:
    """What site owners write: a phrase, the venue's name with the scene, a camera's file name, or nothing."""
    fate = rng.random()
    if fate < 0.12:
        return ""
    if fate < 0.2:
        return f"IMG_{int(rng.integers(1000, 9999))}"
    phrase = pick(rng, BY_SLUG[spec.mixture[0][0]].phrases)
    words = {"table": "table setting", "detail": "a detail", "ceremony": "ceremony"}.get(spec.scene, spec.scene)
    return f"{venue_name}: {words}, {phrase}" if fate < 0.6 else f"{phrase[0].upper()}{phrase[1:]}"
