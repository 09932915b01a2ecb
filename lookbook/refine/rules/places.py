"""Where: a distance or travel time from a town or region, near one, or inside it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

from pydantic import ValidationError

from lookbook.refine.asks import PlaceAsk, Strength
from lookbook.refine.context import Context
from lookbook.refine.conversation import Option, Question
from lookbook.refine.locating import Located, locate
from lookbook.refine.rules.cues import strength_of
from lookbook.refine.rules.numbers import DIGITS, value
from lookbook.refine.rules.page import Page
from lookbook.refine.rules.regions import REGIONS
from resources.gazetteer import LEAST_KNOWN, Place

NEAR_KM: Final = 40.0
IN_KM: Final = 25.0
SPEEDS: Final = {"car": 65.0, "train": 80.0, "bike": 12.0, "walk": 4.0}
"""Kilometres as the crow flies per hour, door to door: roads are about a third longer than the straight line."""

_MILE_KM: Final = 1.609344
_LENGTH: Final = rf"(?P<length>{DIGITS})\s?-?(?P<unit>kilomet(?:er|re)s?|kms?|miles?|meilen|mi)\b"
_TIME: Final = (
    rf"(?:(?P<half>half an hour|halbe stunde)|(?P<hour>an hour|1 hour|1 stunde|a hour)(?P<and_half>(?: and a half)?)"
    rf"|(?P<hours>{DIGITS})\s?(?P<hours_half>and a half |1/2 )?\s?-?(?:hours?|hrs?|h|stunden?|std)\b\.?"
    rf"(?:\s?(?:and )?(?P<extra>\d+)\s?(?:minutes|mins?|m)\b)?|(?P<minutes>{DIGITS})\s?-?(?:minutes?|mins?|minuten)\b)"
)
_BOUND: Final = (
    r"(?:(?:with ?in|in under|less than|under|no(?:t)? (?:more|further|farther) than|max(?:imum|\.)?|at most|up to"
    r"|about|around|roughly"
    r"|in a|in an|im umkreis von|hochstens|maximal|weniger als|innerhalb von)\s+)?(?:a |an )?"
)  # fmt: skip
_MODES: Final = {"walk": r"walk(?:ing)?|on foot"
r"|zu fuss", "train": r"train|rail|zug|bahn", "bike": r"bik(?:e|ing)|cycl(?:e|ing)|rad",
                 "car": r"drive|driving|by car|car|ride|auto|fahrt|autofahrt"}  # fmt: skip
_MODE: Final = rf"(?:'s|s')?(?:\s(?:by |mit de[mr] )?(?:{'|'.join(_MODES.values())})\b)?"
_FROM: Final = r"\s?(?:radius\s)?(?:away )?(?:of|from|to|outside(?: of)?|around|um|von|entfernt von|away from)\s"
_DISTANCE_FROM: Final = re.compile(rf"(?<![\w-]){_BOUND}(?:{_LENGTH}|{_TIME}){_MODE}{_FROM}(?=\w)")
_DISTANCE: Final = re.compile(rf"(?<![\w-]){_BOUND}(?:{_LENGTH}|{_TIME}){_MODE}(?:\s(?:radius|away|drive))?")
_NEAR: Final = re.compile(
    r"(?<!\w)(?P<how>near(?:by)?(?: to)?|close to|not (?:too )?far from|around|in (?:or|and) around|in the (?:area"
    r"|vicinity) of|next to"
    r"|outside(?: of)?|in der nahe von|nahe|bei|rund um|(?P<inside>in|inside))\s(?=\w)"
)
_BY: Final = re.compile(rf"\s(?:by|on|per|mit dem|zu)\s?(?:{'|'.join(_MODES.values())})\b")
_AFTER_TOWN: Final = re.compile(
    rf"\s?[,(]?\s?(?:and |but |und |aber )?{_DISTANCE.pattern}(?:{_BY.pattern})?\)?"
    r"(?=\s*(?:$|[,;.!?\x00]|(?:and|or|for|with|und|oder|fur|mit)\b))"
)
_CAPITALISED: Final = re.compile(r"[a-z][\w'-]+,?")
_BEFORE_BARE: Final = re.compile(r"(?:^|[,;.!?\x00]|\b(?:and|or|und|oder))\s*$")
_AFTER_BARE: Final = re.compile(r"\s*(?:area|region|gegend)?\s*(?:$|[,;.!?\x00]|(?:and|or|und|oder)\b)")
_TOWN_CUE: Final = re.compile(r"\b(?:from|of|to|von|ab)\s")
_ARTICLES: Final = frozenset({"the", "der", "die", "den"})
_REFUSED: Final = re.compile(r"\b(?:not|no|nicht|kein)\s*$")
_WORD: Final = re.compile(r"[\w'.-]+,?")
_ORDINARY_TEXT: Final = """
march reading nice mobile orange deal sandy sale hall bar battle street split best most much van same time total may
early late spring summer autumn winter october november december january february april june july august september
nature the a an our your my this that of and or with one any case advance bloom general keeping
"""
_ORDINARY: Final = frozenset(_ORDINARY_TEXT.split())
"""Words of a sentence that are towns, too: read as a town only with a capital letter."""


@dataclass(frozen=True, slots=True)
class _Reach:
    km: float
    travel: str = ""
    note: str = ""
    is_inside: bool = False


def read_places(page: Page, context: Context) -> None:
    """Distances and travel times from towns, then towns with "near" and "in", then what is left of distances."""
    for match in page.matches(_DISTANCE_FROM):
        _from_town(page, match, context)
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
        return
    town, end = located
    by = _BY.match(page.left, end)
    end = by.end() if by else end
    _understand(page, match.start(), end, town.places, _reach(match, page.text[match.start() : end]))


def _near_town(page: Page, match: re.Match[str], context: Context) -> None:
    before = page.text[page.clause(match.start())[0] : match.start()]
    if _REFUSED.search(before) and match["inside"]:
        return  # far from somewhere cannot be asked for
    located = _located(page, match.end(), context, must_be_exact=match["inside"] is not None)
    if located is None:
        _refuse_region(page, match.end())
        return
    town, end = located
    is_inside = match["inside"] is not None
    distance = _AFTER_TOWN.match(page.left, end)
    if distance:  # "near Vienna, at most 50 km"
        end, reach = distance.end(), _reach(distance, distance.group())
    else:
        km, how = (IN_KM, "in") if is_inside else (NEAR_KM, match["how"])
        reach = _Reach(km, note=f"“{how}” taken as within {km:.0f} km", is_inside=is_inside)
    _understand(page, match.start(), end, town.places, reach)


def _refuse_region(page: Page, position: int) -> None:
    """A region without venues that is named here is nothing else either: the Lake District is no lake."""
    words = list(islice(_WORD.finditer(page.left, position), 5))
    first = 1 if words and words[0].group() in _ARTICLES else 0
    for last in range(len(words), first, -1):
        if page.left[words[first].start() : words[last - 1].end()].rstrip(",.") in REGIONS:
            page.refuse(words[first].start(), words[last - 1].end())
            return


def _without_town(page: Page, match: re.Match[str], context: Context) -> None:
    """A distance without "of": the town stands before it ("Austin, 60 mile radius"), or in an earlier turn."""
    reach = _reach(match, match.group())
    start = page.segment(match.start())[0]
    previous = page.segment(max(start - 1, 0))[0]
    cued = [start + cue.end() for cue in _TOWN_CUE.finditer(page.left[start : match.start()])]
    for position in dict.fromkeys((*cued, start, previous)):
        located = _located(page, position, context, must_be_exact=True)
        if located and located[1] <= match.start():
            page.claim(position, located[1])
            said = page.text[page.segment(match.start())[0] : match.end()]
            _understand(page, match.start(), match.end(), located[0].places, _reach(match, said))
            return
    standing = context.standing.place
    if standing is not None and reach.km > 0:
        changed = standing.model_copy(update={"km": reach.km, "travel": reach.travel})
        page.understood(match.start(), match.end(), PlaceAsk.model_validate(changed.model_dump()))


def read_bare_towns(page: Page, context: Context) -> None:
    """Towns among words nobody has read: `80 guests, Leeds, barn`. Several are asked back."""
    found: list[tuple[int, int, Place]] = []
    for word in page.matches(_CAPITALISED):
        located = _located(page, word.start(), context, must_be_exact=True)
        stands_alone = _BEFORE_BARE.search(page.left[: word.start()]) and located and _is_capital(page, word.start())
        if not (located and stands_alone and _AFTER_BARE.match(page.left, located[1])):
            continue
        if located[0].places[0].population >= LEAST_KNOWN or located[0].places[0].radius_km:
            found.append((word.start(), located[1], located[0].places[0]))
            page.claim(word.start(), located[1])
    if any(isinstance(one.ask, PlaceAsk) for one in page.found):
        return
    if len(found) == 1:
        start, end, place = found[0]
        reach = _Reach(NEAR_KM, note=f"taken as within {NEAR_KM:.0f} km", is_inside=place.radius_km > 0)
        _understand(page, start, end, (place,), reach)
    elif found:
        places = tuple(place for _, _, place in found)
        _understand(page, found[0][0], found[-1][1], places, _Reach(NEAR_KM))


def _is_capital(page: Page, position: int) -> bool:
    return page.folded.source[page.folded.starts[position]].isupper()


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
    is_capital = _is_capital(page, words[0].start())
    if first in _ORDINARY and not is_capital:
        return None
    located = locate([word.group().rstrip(".") for word in words], context.catalogue)
    if located is None or (must_be_exact and not located.is_exact and not is_capital):
        return None
    end = words[located.words - 1].end()
    return located, end - (page.left[end - 1] == ",")


def _reach(match: re.Match[str], said: str) -> _Reach:
    if match["length"]:
        km = value(match["length"]) * (1.0 if match["unit"].startswith("k") else _MILE_KM)
        return _Reach(km)
    hours = _hours(match)
    mode = next((mode for mode, wordings in _MODES.items() if re.search(rf"\b(?:{wordings})\b", said)), "car")
    how = {"car": "by car", "train": "by train", "bike": "by bike", "walk": "on foot"}[mode]
    speed = SPEEDS[mode]
    return _Reach(hours * speed, f"{hours:.3g} h {how}, taken as {speed:.0f} km/h in a straight line")


def _hours(match: re.Match[str]) -> float:
    if match["half"]:
        return 0.5
    if match["hour"]:
        return 1.5 if match["and_half"] else 1.0
    if match["hours"]:
        return value(match["hours"]) + (0.5 if match["hours_half"] else 0) + float(match["extra"] or 0) / 60
    return value(match["minutes"]) / 60


def _understand(page: Page, start: int, end: int, places: tuple[Place, ...], reach: _Reach) -> None:
    strength = strength_of(page, start, end)
    try:
        asks = [place_ask(place, reach.km, reach.travel, strength, is_inside=reach.is_inside) for place in places[:8]]
    except ValidationError:  # no distance, or more than there is on Earth
        return
    if len(asks) == 1:
        page.understood(start, end, asks[0], region_note(places[0]) or reach.note)
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


def place_options(places: Sequence[Place], asks: Sequence[PlaceAsk]) -> tuple[Option, ...]:
    """An option for each of the asks, which tells the places apart."""
    return tuple(
        Option(text=place.full_name + ", the region" * (place.radius_km > 0), ask=ask)
        for place, ask in zip(places, asks, strict=False)
    )
