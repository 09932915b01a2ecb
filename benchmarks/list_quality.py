"""How right lists are on the demo world, whose truth is known, under every way of making them.

Venues show painted photographs and people pin painted pictures; the assets embed, cluster and recommend as ever, with
the demo's tiny CLIP. Only crawling is left out, and with it words about venues. The measures are those of
`taste_assets.model.agreement`: NDCG of the first ten places, and in whose first ten places every taste of weight 0.2
and more shows.

    python -m benchmarks.list_quality [--venues 48] [--people 24] [--seed 7] [--json]
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import dagster as dg
from sqlalchemy import Connection, Engine, insert

from benchmarks.own_home import own_home
from demo.pictures import encode, paint
from demo.tiny_clip import WEIGHTS
from demo.world.generate import generate_world
from demo.world.model import Person, PictureSpec, Venue, World
from resources.database_resource import DatabaseResource
from resources.encoders_resource import EncodersResource
from resources.identity import canonical_site_url, venue_bucket, venue_id
from resources.photo_store import PhotoStore
from resources.photo_store_resource import PhotoStoreResource
from resources.schema import boards, photos, pins, venue_facts, venue_photos, venues
from taste_assets.clusters import taste_clusters
from taste_assets.ground_truth import GroundTruth
from taste_assets.list_figures import Agreement, agreement, list_figures
from taste_assets.people import add_user, change_user, change_wishes
from taste_assets.pin_embeddings import pin_embeddings
from taste_assets.ratings import Subject, rate
from taste_assets.recommendation_options import RecommendationOptions
from taste_assets.recommendations import recommendations
from taste_assets.taste_options import TasteOptions
from venue_assets.photo_embeddings import photo_embeddings

MIN_NDCG: Final = 0.9
MIN_COVERAGE: Final = 0.95

WAYS: Final[Mapping[str, Mapping[str, Any]]] = {
    "default": {},
    "top3/proportional": {"strategy": "top3"},
    "weighted_max_sim/proportional": {"strategy": "weighted_max_sim"},
    "top5/slots": {"order": "slots"},
    "top5/merge": {"order": "merge", "mean_mix": 1.0},
    "top5/mmr": {"order": "mmr"},
    "top5/plain": {"order": "plain"},
    "weighted_max_sim/slots": {"strategy": "weighted_max_sim", "order": "slots", "mean_mix": 1.0},
    "weighted_max_sim/merge": {"strategy": "weighted_max_sim", "order": "merge", "mean_mix": 1.0},
    "weighted_max_sim/mmr": {"strategy": "weighted_max_sim", "order": "mmr"},
    "weighted_max_sim/plain": {"strategy": "weighted_max_sim", "order": "plain"},
    **{
        f"{strategy}/plain": {"strategy": strategy, "order": "plain"}
        for strategy in ("mixture", "max", "average_vector", "best_score", "sum_scores")
    },
    "default, medoids": {"query": "medoid"},
    "default, no mean": {"mean_mix": 0.0},
}
"""Ways of making lists, by options that differ from the default ones."""

_PRICE_UNITS: Final = {"per event": "event", "per head": "person", "per day": "day"}


class _Filling:
    """The world into the database: what a crawl and a sync of boards would leave there, without either."""

    def __init__(self, connection: Connection, store: PhotoStore) -> None:
        self._connection = connection
        self._store = store
        self._photo_ids: dict[PictureSpec, str] = {}
        self._known: set[str] = set()

    def fill(self, world: World) -> None:
        for venue in world.venues:
            self._venue(venue, world.now)
        of_slug = {venue.slug: venue for venue in world.venues}
        for person in world.people:
            self._person(person, of_slug)

    def _photo(self, spec: PictureSpec) -> str:
        if spec not in self._photo_ids:
            content = encode(paint(spec))
            photo_id = self._photo_ids[spec] = self._store.put(content)
            if photo_id not in self._known:
                self._known.add(photo_id)
                size = {"width": spec.width, "height": spec.height, "bytes": len(content)}
                self._connection.execute(insert(photos).values(photo_id=photo_id, mime="image/jpeg", **size))
        return self._photo_ids[spec]

    def _venue(self, venue: Venue, now: datetime) -> None:
        site = _site(venue)
        one = venue_id(site)
        self._connection.execute(insert(venues).values(
            venue_id=one, site_url=site, name=venue.name, bucket=venue_bucket(one), status="crawled",
            crawled_at=now, lat=venue.lat, lon=venue.lon,
        ))  # fmt: skip
        shown = dict.fromkeys(self._photo(photo.spec) for photo in venue.photos)
        for position, photo_id in enumerate(shown):
            where = {"source_url": f"{site}{position}.jpg", "page_url": site, "position": position}
            self._connection.execute(insert(venue_photos).values(venue_id=one, photo_id=photo_id, **where))
        stated = {name: getattr(venue, name) for name in ("capacity_min", "capacity_max", "price_min", "setting")}
        if venue.price_unit is not None:
            stated |= {"currency": venue.currency, "price_unit": _PRICE_UNITS[venue.price_unit]}
        self._connection.execute(insert(venue_facts).values(
            venue_id=one, amenities=list(venue.amenities), summariser="truth", source_hash="truth", **stated
        ))  # fmt: skip

    def _person(self, person: Person, of_slug: Mapping[str, Venue]) -> None:
        user_id, _ = add_user(self._connection, person.username)
        change_user(self._connection, user_id, preference_text=person.words)
        change_wishes(self._connection, user_id, asdict(person.preferences))
        for board in person.boards:
            row = {"user_id": user_id, "board_id": board.board_id, "fingerprint": "f", "synced_fingerprint": "f"}
            self._connection.execute(insert(boards).values(row))
            for pin in board.pins:
                self._connection.execute(insert(pins).values(
                    user_id=user_id, pin_id=pin.pin_id, board_id=board.board_id, photo_id=self._photo(pin.spec),
                    pinned_at=pin.created_at,
                ))  # fmt: skip
        for rating in person.ratings:
            venue = of_slug[rating.venue_slug]
            rated = [photo.spec for photo in venue.photos if photo.name == rating.photo_name]
            subject = Subject(photo_id=self._photo(rated[0])) if rated else Subject(venue_id=venue_id(_site(venue)))
            rate(self._connection, user_id, subject, rating.rating, rating.rated_at)


def _site(venue: Venue) -> str:
    return canonical_site_url(f"https://{venue.host}")


def truth_of(world: World) -> GroundTruth:
    """What the demo's `truth.json` says of the world, as far as lists are concerned."""
    venue_truth = {
        venue.slug: {"site_url": _site(venue), "mixture": dict(venue.mixture), "facts": asdict(venue)}
        for venue in world.venues
    }
    people = {
        person.username: {
            "tastes": [{"mixture": dict(taste.mixture), "weight": taste.weight} for taste in person.tastes],
            "dislikes": list(person.dislikes),
            "preferences": asdict(person.preferences),
        }
        for person in world.people
    }
    return GroundTruth.of({"venues": venue_truth, "people": people})


def measure(venue_count: int, people_count: int, seed: int) -> dict[str, Any]:
    """Make the lists of one world in every way, on a database of their own, and compare them with the truth."""
    world = generate_world(seed=seed, venues=venue_count, people=people_count)
    with (
        tempfile.TemporaryDirectory(prefix="venue-taste-bench-") as scratch,
        own_home(Path(scratch), TEXT_ENCODER="", IMAGE_ENCODER=f"open_clip:local-dir:{WEIGHTS}") as home,
    ):
        settings, engine, instance = home.settings, home.engine, home.instance
        with engine.begin() as connection:
            _Filling(connection, PhotoStore(settings.photo_store)).fill(world)
        for asset in (photo_embeddings, pin_embeddings, taste_clusters):
            _materialize(instance, asset, RecommendationOptions())
        truth = truth_of(world)
        found = {name: _agreement(instance, engine, truth, options) for name, options in WAYS.items()}
    default = found["default"][0]
    return {
        "venues": venue_count,
        "people": people_count,
        "seed": seed,
        "people_compared": default.people,
        "ndcg_at_10": {name: round(one.ndcg, 4) for name, (one, _) in found.items()},
        "taste_coverage_at_10": {name: round(one.coverage, 4) for name, (one, _) in found.items()},
        "tastes_served_at_10": {name: round(one.tastes_served, 4) for name, (one, _) in found.items()},
        "concentration": {name: round(gini, 4) for name, (_, gini) in found.items()},
        "within_limits": default.ndcg >= MIN_NDCG and default.coverage >= MIN_COVERAGE,
    }


def _agreement(
    instance: dg.DagsterInstance, engine: Engine, truth: GroundTruth, options: Mapping[str, Any]
) -> tuple[Agreement, float]:
    _materialize(instance, recommendations, RecommendationOptions(**options))
    with engine.connect() as connection:
        return agreement(connection, truth), list_figures(connection).concentration


def _materialize(instance: dg.DagsterInstance, asset: dg.AssetsDefinition, options: RecommendationOptions) -> None:
    assert asset.partitions_def is not None  # noqa: S101 - for the type checker
    last = asset.partitions_def.get_partition_keys()[-1]
    dg.materialize(
        [photo_embeddings, pin_embeddings, taste_clusters, recommendations],
        selection=[asset],
        instance=instance,
        resources={
            "database": DatabaseResource(), "photo_store": PhotoStoreResource(), "encoders": EncodersResource(),
            "taste_options": TasteOptions(), "recommendation_options": options,
        },
        run_config={"loggers": {"console": {"config": {"log_level": "ERROR"}}}},
        tags={"dagster/asset_partition_range_start": "00", "dagster/asset_partition_range_end": last},
    )  # fmt: skip


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.list_quality", description=(__doc__ or "").partition("\n")[0]
    )
    parser.add_argument("--venues", type=int, default=48)
    parser.add_argument("--people", type=int, default=24)
    parser.add_argument("--seed", type=int, default=7, help="of the world")
    parser.add_argument("--json", action="store_true", help="print one JSON object as the last line")
    options = parser.parse_args()
    started = time.perf_counter()
    figures = measure(options.venues, options.people, options.seed)
    sys.stdout.write(f"{'way':32} {'NDCG@10':>8} {'coverage':>9} {'tastes':>7} {'Gini':>6}\n")
    for name in WAYS:
        row = [figures[key][name] for key in ("ndcg_at_10", "taste_coverage_at_10", "tastes_served_at_10")]
        sys.stdout.write(f"{name:32} {row[0]:8.3f} {row[1]:9.3f} {row[2]:7.3f} {figures['concentration'][name]:6.3f}\n")
    sys.stdout.write(f"{figures['people_compared']} people, {time.perf_counter() - started:.0f} s\n")
    if options.json:
        sys.stdout.write(json.dumps(figures) + "\n")


if __name__ == "__main__":
    main()
