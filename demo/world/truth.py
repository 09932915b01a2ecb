"""The truth file: all that tests may compare a crawl or a recommendation with, derived from world and plans.

Top level: `seed`, `now`, `relevance_formula`, `venues` by slug and `people` by username.

A venue has
    facts       what is true; null where the site does not say. `lat`/`lon` are always true, but only sites
                with a "position" statement say them. `capacity_max` is seated; a site may also give the
                larger `standing_max`.
    statements  each fact in the site's wording: `fact`, `page` (URL), `wording`, and `place`: prose, table,
                list, attribute (of an element) or json-ld (the field's value).
    pages       every HTML URL that is linked: `url`, `status` and `kind`: "page" (a crawl should end with
                these and no others; `about` says what it is, `reached` how), "alias" (shows `same_as` again),
                "redirect" (to `location`), "dead", "private" (robots.txt disallows it), and "trap" (`url`
                followed by a number, a hundred years of them).
    photos      each distinct photograph: `name`, `alt`, `picture` (equal for equal pictures, at other venues
                too), `urls` it is served at with size, format and how they were `made`, and `pages` showing it.
    decoys      image URLs that are none of the venue's photographs, with `kind` and `status`; "similar" ones
                show other venues, "private" ones stand behind robots.txt, "dead" ones answer 404.

A person has `tastes`, `dislikes`, `quirk`, `pins` (pin id -> index of its taste, null for none),
`preferences`, `words`, and `top`: the best venues by relevance, ties by slug, each with whether it meets
the stated preferences; `allowed` counts the venues that do.
"""

from __future__ import annotations

from dataclasses import asdict
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from demo.world.relevance import StatedFacts, allowed, relevance_blocks

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from demo.sites.plan import ImageFile, SitePlan
    from demo.world.model import Person, PictureSpec, Venue, World

TOP: Final = 50
"""How many venues a person's `top` lists."""

_FORMULA: Final = "(1 - disliked share) * max over tastes of (1/2 + 1/2 w/max w) * sum of min(taste, venue)"
_FACTS: Final = (
    "capacity_min", "capacity_max", "standing_max", "price_min", "price_max", "currency", "price_unit",
    "price_on_application", "setting", "amenities", "lat", "lon", "city", "region", "country", "postcode",
    "street",
)  # fmt: skip


def world_truth(world: World, plans: Iterable[SitePlan]) -> dict[str, Any]:
    """The whole truth as JSON-ready values; `plans` are the sites of the world's venues."""
    return {
        "seed": world.seed,
        "now": world.now.isoformat(),
        "relevance_formula": _FORMULA,
        "venues": {plan.venue.slug: venue_truth(plan) for plan in plans},
        "people": dict(_people_truth(world)),
    }


def venue_truth(plan: SitePlan) -> dict[str, Any]:
    """What is true of one venue and its site."""
    venue = plan.venue
    return {
        "site_url": _url(plan, "/"),
        "host": plan.host,
        "name": venue.name,
        "family": plan.family,
        "mixture": dict(venue.mixture),
        "facts": {name: getattr(venue, name) for name in _FACTS},
        "statements": [
            {"fact": said.fact, "page": _url(plan, said.page), "wording": said.wording, "place": said.place}
            for said in plan.statements
        ],
        "pages": list(_pages(plan)),
        "photos": [_photo(plan, name) for name in (photo.name for photo in venue.photos)],
        "decoys": list(_decoys(plan)),
    }


def picture_id(spec: PictureSpec) -> str:
    """Equal for specs that paint the same picture, whatever its size."""
    named = "|".join((repr(spec.mixture), spec.scene, str(spec.seed)))
    return blake2b(named.encode(), digest_size=12).hexdigest()


def _url(plan: SitePlan, path: str) -> str:
    return f"http://{plan.host}{path}"


def _pages(plan: SitePlan) -> Iterator[dict[str, Any]]:
    for page in plan.pages:
        common = {"url": _url(plan, page.path), "status": 200, "kind": "page"}
        yield {**common, "about": page.kind, "reached": page.reached, "title": page.title}
        if page.kind == "availability":
            yield {"url": _url(plan, f"{page.path}?month="), "status": 200, "kind": "trap"}
    for alias, path in plan.aliases:
        yield {"url": _url(plan, alias), "status": 200, "kind": "alias", "same_as": _url(plan, path)}
    for path, target in plan.redirects:
        yield {"url": _url(plan, path), "status": 301, "kind": "redirect", "location": _url(plan, target)}
    for path in plan.dead_pages:
        yield {"url": _url(plan, path), "status": 404, "kind": "dead"}
    if plan.private is not None:
        yield {"url": _url(plan, plan.private), "status": 200, "kind": "private"}


def _photo(plan: SitePlan, name: str) -> dict[str, Any]:
    photo = next(photo for photo in plan.venue.photos if photo.name == name)
    files = [image for image in plan.images if image.photo == name]
    showing = [
        page.path
        for page in plan.pages
        if (page.hero is not None and page.hero.photo == name)
        or any(figure.photo == name for section in page.sections for figure in section.figures)
    ]
    return {
        "name": name,
        "alt": photo.alt,
        "scene": photo.spec.scene,
        "picture": picture_id(photo.spec),
        "urls": [_file(plan, file) for file in files],
        "pages": [_url(plan, path) for path in showing],
    }


def _file(plan: SitePlan, file: ImageFile) -> dict[str, Any]:
    return {
        "url": _url(plan, file.path),
        "width": file.width,
        "height": file.height,
        "format": file.format,
        "made": file.made,
    }


def _decoys(plan: SitePlan) -> Iterator[dict[str, Any]]:
    for image in plan.images:
        if image.kind != "photo":
            shown = {"picture": picture_id(image.spec)} if image.spec is not None else {}
            yield {"url": _url(plan, image.path), "kind": image.kind, "status": 200, **shown}
    for path in plan.dead_images:
        yield {"url": _url(plan, path), "kind": "dead", "status": 404}


def _people_truth(world: World) -> Iterator[tuple[str, dict[str, Any]]]:
    # Venues by slug, so that the stable sort below breaks ties the same way for everyone.
    venues = sorted(world.venues, key=lambda venue: venue.slug)
    stated = StatedFacts.of(venues)
    for start, block in relevance_blocks(world.people, venues):
        for row, scores in enumerate(block):
            person = world.people[start + row]
            best = np.argsort(-scores, kind="stable")[:TOP] if person.tastes else np.empty(0, dtype=np.intp)
            meets = allowed(person.preferences, stated)
            top = [_top_entry(venues[number], float(scores[number]), bool(meets[number])) for number in best]
            yield person.username, {**_person(person), "allowed": int(meets.sum()), "top": top}


def _top_entry(venue: Venue, score: float, meets: bool) -> dict[str, Any]:
    return {"venue": venue.slug, "relevance": round(score, 6), "meets_preferences": meets}


def _person(person: Person) -> dict[str, Any]:
    return {
        "quirk": person.quirk,
        "tastes": [{"mixture": dict(taste.mixture), "weight": taste.weight} for taste in person.tastes],
        "dislikes": list(person.dislikes),
        "preferences": asdict(person.preferences),
        "words": person.words,
        "pins": {pin.pin_id: pin.taste for board in person.boards for pin in board.pins},
    }
