"""Where: a distance or travel time from a town or region, near one, or inside it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import islice
from typing import Final

import numpy as np
from pydantic import ValidationError

from lookbook.refine.asks import PlaceAsk, Strength
from lookbook.refine.context import Context
from lookbook.refine.conversation import Option, Question
from lookbook.refine.countries import country_at
from lookbook.refine.locating import Located, locate
from lookbook.refine.rules.bounds import denied_excess, lower_bound, ruled_out
from lookbook.refine.rules.cues import strength_of
from lookbook.refine.rules.distances import BOUND, BY, LENGTH, MODE, TIME, Reach, reach_of
from lookbook.refine.rules.page import Page
from lookbook.refine.rules.regions import REGIONS
from resources.folding import folded
from resources.gazetteer import LEAST_KNOWN, Place, gazetteer
from taste_assets.model.wishes import distance_km

NEAR_KM: Final = 40.0
IN_KM: Final = 25.0
_FROM: Final = r"\s?(?:radius\s)?(?:away )?(?:of|from|to|outside(?: of)?|around|um|von|entfernt von|away from)\s"
_DISTANCE_FROM: Final = re.compile(rf"(?<![\w-]){BOUND}(?:{LENGTH}|{TIME}){MODE}{_FROM}(?=\w)")
_DISTANCE: Final = re.compile(rf"(?<![\w-]){BOUND}(?:{LENGTH}|{TIME}){MODE}(?:\s(?:radius|away|drive))?")
_NEAR: Final = re.compile(
    r"(?<!\w)(?P<how>near(?:by)?(?: to)?|close to|not (?:too )?far from|around|in (?:or|and) around|in the (?:area"
    r"|vicinity) of|next to"
    r"|outside(?: of)?|in der nahe von|nahe|bei|rund um|(?P<inside>in|inside))\s(?=\w)"
)
_AFTER_TOWN: Final = re.compile(
    rf"\s?[,(]?\s?(?:and |but |und |aber )?{_DISTANCE.pattern}(?:{BY.pattern})?\)?"
    r"(?=\s*(?:$|[,;.!?\x00]|(?:and|or|for|with|und|oder|fur|mit)\b))"
)
_CAPITALISED: Final = re.compile(r"[a-z][\w'-]+,?")
_BEFORE_BARE: Final = re.compile(r"(?:^|[,;.!?\x00]|\b(?:and|or|und|oder))\s*$")
_AFTER_BARE: Final = re.compile(r"\s*(?:area|region|gegend)?\s*(?:$|[,;.!?\x00]|(?:and|or|und|oder)\b)")
_TOWN_CUE: Final = re.compile(r"\b(?:from|of|to|von|ab)\s")
_ARTICLES: Final = frozenset({"the", "der", "die", "den"})
_WORD: Final = re.compile(r"[\w'.-]+,?")
_ORDINARY_TEXT: Final = """
march reading nice mobile orange deal sandy sale hall bar battle street split best most much van same time total may
early late spring summer autumn winter october november december january february april june july august september
nature the a an our your my this that of and or with one any case advance bloom general keeping
"""
_ORDINARY: Final = frozenset(_ORDINARY_TEXT.split())
"""Words of a sentence that are towns, too: read as a town only with a capital letter."""


def read_distances(page: Page, context: Context) -> None:
    """Distances and travel times from towns and regions."""
    for match in page.matches(_DISTANCE_FROM):
        _from_town(page, match, context)


def read_places(page: Page, context: Context) -> None:
    """Towns with "near" and "in", then what is left of distances."""
    for match in page.matches(_NEAR):
        _near_town(page, match, context)
    for match in page.matches(_DISTANCE):
        _without_town(page, match, context)


def _from_town(page: Page, match: re.Match[str], context: Context) -> None:
    located = _located(page, match.end(), context)
    if located is None:
        if match["length"]:  # of a place that is not known: no number of guests either
            page.claim(match.start("length"), match.end("unit"))
        _refuse_region(page, match.end())
        _refuse_country(page, match.end())
        return
    town, end = located
    by = BY.match(page.left, end)
    end = by.end() if by else end
    if refused := _refused_distance(page, match.start(), end):
        page.refuse(*refused)
        return
    start = denied_excess(page, match.start())
    reach = reach_of(match, page.text[match.start() : end])
    _understand(page, match.start() if start is None else start, end, town.places, reach)


def _refused_distance(page: Page, start: int, end: int) -> tuple[int, int] | None:
    """Where a distance stands with the words for which it cannot be asked: farther away than so much."""
    if (least := lower_bound(page, start, end)) or denied_excess(page, start) is not None:
        return least
    return ruled_out(page, start, end)


def _near_town(page: Page, match: re.Match[str], context: Context) -> None:
    located = _located(page, match.end(), context, must_be_exact=match["inside"] is not None)
    if located is None:
        _refuse_region(page, match.end())
        if not match["inside"] or ruled_out(page, match.start(), match.end()):
            _refuse_country(page, match.end())
        return
    town, end = located
    is_inside = match["inside"] is not None
    distance = _AFTER_TOWN.match(page.left, end)
    refused = ruled_out(page, match.start(), end)
    if distance and (least := lower_bound(page, distance.start(), distance.end())):
        refused = match.start(), least[1]
    if refused:
        page.refuse(*refused)
        return
    if distance:  # "near Vienna, at most 50 km"
        end, reach = distance.end(), reach_of(distance, distance.group())
    else:
        km, how = (IN_KM, "in") if is_inside else (NEAR_KM, match["how"])
        reach = Reach(km, note=f"“{how}” taken as within {km:.0f} km", is_inside=is_inside)
    _understand(page, match.start(), end, town.places, reach)


def _refuse_region(page: Page, position: int) -> None:
    """A region without venues that is named here is nothing else either: the Lake District is no lake."""
    words = list(islice(_WORD.finditer(page.left, position), 5))
    first = 1 if words and words[0].group() in _ARTICLES else 0
    for last in range(len(words), first, -1):
        if page.left[words[first].start() : words[last - 1].end()].rstrip(",.") in REGIONS:
            page.refuse(words[first].start(), words[last - 1].end())
            return


def _refuse_country(page: Page, position: int) -> None:
    """A country, or that of an unknown town: to be near it, or not there, is not to be in it."""
    words = list(islice(_WORD.finditer(page.left, position), 5))
    first = 1 if words and words[0].group() in _ARTICLES else 0
    for number, word in enumerate(words):
        is_said = number == first or (number and words[number - 1].group().endswith(","))
        if is_said and (country := country_at(page.folded, word.start())):
            page.refuse(country.start, country.end)
            return


def _without_town(page: Page, match: re.Match[str], context: Context) -> None:
    """A distance without "of": the town stands before it ("Austin, 60 mile radius"), or in an earlier turn."""
    reach = reach_of(match, match.group())
    refused = _refused_distance(page, match.start(), match.end())
    start = page.segment(match.start())[0]
    previous = page.segment(max(start - 1, 0))[0]
    cued = [start + cue.end() for cue in _TOWN_CUE.finditer(page.left[start : match.start()])]
    for position in dict.fromkeys((*cued, start, previous)):
        located = _located(page, position, context, must_be_exact=True)
        if located and located[1] <= match.start():
            if refused:
                page.refuse(position, located[1])
                page.refuse(*refused)
                return
            page.claim(position, located[1])
            said = page.text[page.segment(match.start())[0] : match.end()]
            _understand(page, match.start(), match.end(), located[0].places, reach_of(match, said))
            return
    standing = context.standing.place
    if refused:
        page.refuse(*refused)
    elif standing is not None and reach.km > 0:
        changed = standing.model_copy(update={"km": reach.km, "travel": reach.travel})
        page.understood(match.start(), match.end(), PlaceAsk.model_validate(changed.model_dump()))


def read_bare_towns(page: Page, context: Context) -> None:
    """Towns among words nobody has read: `80 guests, Leeds, barn`. Several are asked back."""
    found: list[tuple[int, int, Place]] = []
    asked = [one.ask for one in page.found if isinstance(one.ask, PlaceAsk)]
    is_asked_back = any(isinstance(one.ask, PlaceAsk) for question in page.questions for one in question.options)
    for word in page.matches(_CAPITALISED):
        located = _located(page, word.start(), context, must_be_exact=True)
        stands_alone = _BEFORE_BARE.search(page.left[: word.start()]) and located and page.is_capital(word.start())
        if not (located and stands_alone and _AFTER_BARE.match(page.left, located[1])):
            continue
        if located[0].places[0].population >= LEAST_KNOWN or located[0].places[0].radius_km:
            place, end = located[0].places[0], located[1]
            if refused := ruled_out(page, word.start(), end, is_bare=True):
                page.refuse(*refused)
            elif (asked or is_asked_back) and not _says_where(page, word.start(), place, asked):
                page.refuse(word.start(), end)  # only one place can be asked
            else:
                found.append((word.start(), end, place))
                page.claim(word.start(), end)
    if asked or is_asked_back:
        return
    if len(found) == 1:
        start, end, place = found[0]
        reach = Reach(NEAR_KM, note=f"taken as within {NEAR_KM:.0f} km", is_inside=place.radius_km > 0)
        _understand(page, start, end, (place,), reach)
    elif found:
        places = tuple(place for _, _, place in found)
        _understand(page, found[0][0], found[-1][1], places, Reach(NEAR_KM))


def _says_where(page: Page, start: int, place: Place, asked: Sequence[PlaceAsk]) -> bool:
    """Whether a place only says where the one that is asked for is: `near Bath, Somerset`."""
    if not page.text[:start].rstrip().endswith(","):
        return False
    lats, lons = (np.array([getattr(one, side) for one in asked]) for side in ("lat", "lon"))
    return bool((distance_km(place.lat, place.lon, lats, lons) <= place.radius_km + IN_KM).any())


def _located(page: Page, position: int, context: Context, *, must_be_exact: bool = False) -> tuple[Located, int] | None:
    """The town or region that begins at a position, and where its words end."""
    words: list[re.Match[str]] = []
    while len(words) < 8 and (word := _WORD.match(page.left, position)):
        words.append(word)
        position = word.end()
        while page.left[position : position + 1] == " ":
            position += 1
    if not words:
        return None
    if words[0].group() in _ARTICLES and len(words) > 1:  # the Cotswolds, but no town
        region = locate([word.group().rstrip(".") for word in words[1:]], context.catalogue, only_regions=True)
        if region:
            end = words[region.words].end()
            return region, end - (page.left[end - 1] == ",")
    first = words[0].group().rstrip(",")
    is_capital = page.is_capital(words[0].start())
    if first in _ORDINARY and not is_capital:
        return None
    located = locate([word.group().rstrip(".") for word in words], context.catalogue)
    if located is None or (must_be_exact and not located.is_exact and not is_capital):
        return None
    end = words[located.words - 1].end()
    return located, end - (page.left[end - 1] == ",")


def _understand(page: Page, start: int, end: int, places: tuple[Place, ...], reach: Reach) -> None:
    strength = strength_of(page, start, end)
    try:
        asks = [place_ask(place, reach.km, reach.travel, strength, is_inside=reach.is_inside) for place in places[:8]]
    except ValidationError:  # no distance, or more than there is on Earth
        return
    if len(asks) == 1:
        note = region_note(places[0]) or "; ".join(filter(None, (which_town(places[0]), reach.note)))
        page.understood(start, end, asks[0], note)
        return
    said = page.folded.said(start, end)
    options = place_options(places, asks)
    page.questions.append(Question(id=f"0.q{len(page.questions)}", text="Which one?", options=options, said=said))
    page.claim(start, end)


def place_ask(place: Place, km: float, travel: str, strength: Strength, *, is_inside: bool) -> PlaceAsk:
    """What is asked within so many kilometres of a town, or of a region's edge; inside a region, no kilometre more.

    Raises:
        ValidationError: no distance, or more than there is on Earth.
    """
    name = place.name
    if place.radius_km:
        name, km = f"the middle of {name}", place.radius_km + (0 if is_inside else km)
    return PlaceAsk(name=name, lat=place.lat, lon=place.lon, km=km, travel=travel, strength=strength)


def region_note(place: Place) -> str:
    """What is assumed of a region; empty for a town."""
    return f"{place.name} taken as the circle of {place.radius_km:.0f} km that holds its venues" * (place.radius_km > 0)


def which_town(place: Place) -> str:
    """Which of several towns of its name it is; empty where there is one, and for a region."""
    others = not place.radius_km and len(gazetteer().towns(folded(place.name))) > 1
    return place.full_name if others else ""


def place_options(places: Sequence[Place], asks: Sequence[PlaceAsk]) -> tuple[Option, ...]:
    """An option for each of the asks, which tells the places apart."""
    return tuple(
        Option(text=place.full_name + ", the region" * (place.radius_km > 0), ask=ask)
        for place, ask in zip(places, asks, strict=False)
    )
