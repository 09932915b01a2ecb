"""What the demo found, for people to read: whose taste is what, which venues suit them, and why. Reads `serving`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.markup import escape
from rich.table import Table
from sqlalchemy import Connection, Engine, RowMapping, text

_SHOWN_VENUES: Final = 5
_REASONS: Final = 2

_COUNTS: Final = text(
    """
    SELECT (SELECT count(*) FROM serving.venues) AS venues, (SELECT count(*) FROM serving.venue_photos) AS photos,
        (SELECT count(*) FROM serving.venues WHERE capacity_max IS NOT NULL) AS with_capacity,
        (SELECT count(*) FROM serving.venues WHERE price_min IS NOT NULL) AS with_price,
        (SELECT count(*) FROM serving.people) AS people, (SELECT sum(pin_count) FROM serving.people) AS pins,
        (SELECT count(*) FROM serving.taste_clusters WHERE polarity = 'positive') AS liked,
        (SELECT count(*) FROM serving.taste_clusters WHERE polarity = 'negative') AS disliked,
        (SELECT count(DISTINCT user_id) FROM serving.recommendations) AS lists
    """
)
_TASTES: Final = text(
    """
    SELECT polarity, label, weight, tastes.pin_count
    FROM serving.taste_clusters AS tastes JOIN serving.people USING (user_id)
    WHERE handle = :handle ORDER BY polarity DESC, weight DESC
    """
)
_VENUES: Final = text(
    """
    SELECT rank, coalesce(name, substring(site_url FROM '//([^/]+)')) AS name, city, score, capacity_max, price_min,
        currency, price_unit, setting, matches
    FROM serving.recommendations JOIN serving.people USING (user_id) JOIN serving.venues USING (venue_id)
    WHERE handle = :handle AND rank <= :shown ORDER BY rank
    """
)
_PEOPLE: Final = text(
    """
    SELECT handle, treatment, preferences, preference_text, tastes.found, list_length,
        (SELECT count(*) FROM serving.venues) AS venues
    FROM serving.people JOIN serving.freshness USING (user_id)
    LEFT JOIN (SELECT user_id, count(*) AS found FROM serving.taste_clusters WHERE polarity = 'positive'
               GROUP BY user_id) AS tastes USING (user_id)
    WHERE list_length > 0
    ORDER BY least(list_length, :shown) DESC, (treatment = 'clustered') DESC, (preferences <> '{}') DESC,
        tastes.found DESC NULLS LAST, handle
    """
)


def print_findings(engine: Engine, console: Console, *, people: int = 3) -> None:
    """Print counts, then tastes and best venues of some people: with long lists, several tastes and wishes first."""
    with engine.connect() as connection:
        found = connection.execute(_COUNTS).mappings().one()
        console.print(
            f"\n{found['venues']} venues with {found['photos']} photographs ({found['with_capacity']} state a capacity "
            f"and {found['with_price']} a price); {found['people']} people with {found['pins']} pins, {found['liked']} "
            f"tastes and {found['disliked']} dislikes; {found['lists']} lists."
        )
        for person in connection.execute(_PEOPLE, {"shown": _SHOWN_VENUES}).mappings().fetchmany(people):
            _print_person(connection, console, person)


def _print_person(connection: Connection, console: Console, person: RowMapping) -> None:
    tastes = connection.execute(_TASTES, {"handle": person["handle"]}).mappings().all()
    liked = ", ".join(f"{_named(row)} {row['weight']:.0%}" for row in tastes if row["polarity"] == "positive")
    disliked = ", ".join(_named(row) for row in tastes if row["polarity"] == "negative")
    said = [f"likes {liked}"] + ([f"dislikes {disliked}"] if disliked else []) + _wishes(person)
    console.print(f"\n[bold]{escape(person['handle'])}[/] {escape('; '.join(said))}")
    table = Table("", "venue", "place", "facts", "because", box=SIMPLE_HEAD, pad_edge=False)
    listed = connection.execute(_VENUES, {"handle": person["handle"], "shown": _SHOWN_VENUES}).mappings()
    for row in listed:
        place = escape(row["city"] or "-")
        table.add_row(str(row["rank"]), escape(row["name"]), place, _facts(row), escape(_because(row["matches"])))
    console.print(table)
    if person["list_length"] < _SHOWN_VENUES:
        console.print(f"What they wish for leaves {person['list_length']} of {person['venues']} venues.")


def _named(row: Mapping[str, Any] | RowMapping) -> str:
    return str(row["label"] or "unnamed").replace("_", " ")


def _wishes(person: RowMapping) -> list[str]:
    wishes = person["preferences"]
    said = []
    if "guests" in wishes:
        said.append(f"{wishes['guests']} guests")
    if "budget_max" in wishes:
        said.append(f"up to {wishes['budget_max']:,.0f} {wishes['currency']}")
    if "max_distance_km" in wishes:
        said.append(f"within {wishes['max_distance_km']:.0f} km of {wishes.get('near', 'a place')}")
    if "setting" in wishes:
        said.append(f"setting: {wishes['setting']}")
    if person["preference_text"]:
        said.append(f'says "{person["preference_text"]}"')
    return said


def _facts(row: RowMapping) -> str:
    facts = []
    if row["capacity_max"]:
        facts.append(f"{row['capacity_max']} guests")
    if row["price_min"] is not None and row["currency"]:
        unit = f" a {row['price_unit']}" if row["price_unit"] not in (None, "event") else ""
        facts.append(f"from {row['price_min']:,.0f} {row['currency']}{unit}")
    if row["setting"]:
        facts.append("in and out" if row["setting"] == "both" else f"{row['setting']}s")
    return ", ".join(facts) or "-"


def _because(matches: Sequence[Mapping[str, Any]]) -> str:
    """The tastes it answers best, and how alike its photo is."""
    return ", ".join(f"{_named(match)} ({match['similarity']:.2f})" for match in matches[:_REASONS]) or "-"
