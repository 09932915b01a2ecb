"""A small world for the lookbook: venues and people with pictures that exist; tastes and lists made by the assets.

Pictures are plain colours, and the encoder knows nothing else: red is one look, blue another. Nothing is written into
the serving tables by hand.
"""

from __future__ import annotations

import io
import uuid
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache, partial
from typing import Any, Final

import dagster as dg
import numpy as np
from PIL import Image
from sqlalchemy import Connection, Engine, insert

from resources.database_resource import DatabaseResource
from resources.encoders.lexical import LexicalEncoder
from resources.encoders_resource import EncodersResource
from resources.identity import content_id, user_id, venue_bucket, venue_id
from resources.photo_store import PhotoStore
from resources.photo_store_resource import PhotoStoreResource
from resources.schema import (
    boards,
    current_spaces,
    photos,
    pins,
    users,
    venue_facts,
    venue_photos,
    venue_summaries,
    venues,
)
from resources.vectors import SummaryKey, ensure_space, store_photo_vectors, store_summary_vectors
from taste_assets.clusters import taste_clusters
from taste_assets.matches import taste_matches
from taste_assets.recommendation_options import MatchOptions, RecommendationOptions
from taste_assets.recommendations import recommendations
from taste_assets.taste_options import TasteOptions
from tests.plugins.colours import ColourEncoder

ENCODER: Final = "python:tests.plugins.colours:encoder"
NOW: Final = datetime(2026, 5, 1, tzinfo=UTC)
LOOKS: Final = {"red": (200, 40, 50), "blue": (40, 80, 200), "green": (50, 160, 70), "yellow": (230, 200, 60)}
BUCKET: Final = 3
EVERYTHING: Final = ("taste_clusters", "recommendations", "taste_matches")
MARKUP: Final = '<script>alert("x")</script><img src=x onerror=alert(1)>'
AUSTIN: Final = (30.267, -97.743)

_ENCODER: Final = ColourEncoder()


@cache
def picture(look: str, seed: int) -> bytes:
    """A photograph of a look: its colour, unevenly; 96 by 72 pixels, with a camera's place in its EXIF data."""
    rng = np.random.default_rng([list(LOOKS).index(look), seed])
    grid = np.clip(np.array(LOOKS[look]) + rng.normal(0, 18, (3, 4, 3)), 0, 255).astype(np.uint8)
    encoded, exif = io.BytesIO(), Image.Exif()
    exif[0x010E] = "taken in secret"
    Image.fromarray(grid).resize((96, 72), Image.Resampling.BICUBIC).save(encoded, "JPEG", quality=88, exif=exif)
    return encoded.getvalue()


@dataclass
class World:
    """The database, filled by hand where people and crawls write, by the assets where they do."""

    engine: Engine
    store: PhotoStore
    venues: dict[str, uuid.UUID] = field(default_factory=dict)
    people: dict[str, uuid.UUID] = field(default_factory=dict)

    def start(self) -> None:
        """Register the spaces."""
        with self.engine.begin() as connection:
            for space in (_ENCODER.space, LexicalEncoder.space):
                ensure_space(connection, space)
                connection.execute(insert(current_spaces).values(modality=space.modality, space_id=space.space_id))

    def add_venue(self, host: str, look: str, *, photo_count: int = 4, name: str | None = None, **facts: Any) -> None:
        """A crawled venue; `place` is (lat, lon), `town` the full name of its town where that tells it and its country.

        Other facts are columns of `venue_facts`.
        """
        one = self.venues[host] = venue_id(host)
        lat, lon = facts.pop("place", (None, None))
        city, alt_text = facts.pop("city", None), facts.pop("alt_text", f"a {look} room")
        town = facts.pop("town", None)
        row = {"venue_id": one, "site_url": f"https://{host}", "bucket": venue_bucket(one), "status": "crawled",
               "crawled_at": NOW, "name": name, "lat": lat, "lon": lon, "city": city,
               "town_centre": town, "country_code": town and town[-2:], "country_town": town}  # fmt: skip
        texts = {"aesthetic": f"A {look} house.", "factual": f"{host} takes guests.", "vibe": f"It feels {look}."}
        with self.engine.begin() as connection:
            connection.execute(insert(venues), row)
            seed = venue_bucket(one) * 1000 + len(self.venues) * 10
            ids = self._add_pictures(connection, look, range(seed, seed + photo_count))
            shown = [{"venue_id": one, "photo_id": photo_id, "source_url": f"https://{host}/{number}.jpg",
                      "page_url": f"https://{host}/", "alt_text": alt_text, "position": number}
                     for number, photo_id in enumerate(ids)]  # fmt: skip
            connection.execute(insert(venue_photos), shown)
            connection.execute(insert(venue_facts), {"venue_id": one, "summariser": "s", "source_hash": "h"} | facts)
            read = {"venue_id": one, "summariser": "extractive/1", "source_hash": "h"} | texts
            connection.execute(insert(venue_summaries), read)
            keys = [SummaryKey(one, name, content_id(words.encode())) for name, words in texts.items()]
            store_summary_vectors(
                connection, LexicalEncoder.space, keys, LexicalEncoder().encode_documents(list(texts.values()))
            )

    def add_person(self, handle: str, *, bucket: int = BUCKET, **columns: Any) -> uuid.UUID:
        """A person with one empty board."""
        one = self.people[handle] = user_id(handle)
        with self.engine.begin() as connection:
            connection.execute(insert(users), {"user_id": one, "handle": handle, "bucket": bucket} | columns)
            connection.execute(
                insert(boards).values(user_id=one, board_id="b", source="folder", source_url="memory://nothing",
                                      fingerprint="f", synced_fingerprint="f")
            )  # fmt: skip
        return one

    def pin(self, handle: str, look: str, count: int, *, first: int = 0, kept: bool = True) -> list[str]:
        """Pin pictures of a look, as the asset `pins` stores them; their photo ids. Not `kept`: vectors alone."""
        one = self.people[handle]
        seeds = range(500_000 + first, 500_000 + first + count)
        with self.engine.begin() as connection:
            ids = self._add_pictures(connection, look, seeds)
            number = list(LOOKS).index(look)
            rows = [{"user_id": one, "pin_id": f"{seed}{number}", "board_id": "b", "photo_id": photo_id,
                     "pinned_at": NOW - timedelta(days=seed % 7)}
                    for seed, photo_id in zip(seeds, ids, strict=True)]  # fmt: skip
            connection.execute(insert(pins), rows)
        if not kept:
            for photo_id in ids:
                self.store.delete(photo_id)
        return ids

    def make(self, *names: str, buckets: tuple[int, int] = (BUCKET, BUCKET)) -> None:
        """Materialise assets with success: by default everything from tastes to lists."""
        definitions = dg.Definitions(
            assets=[taste_clusters, recommendations, taste_matches],
            resources={
                "database": DatabaseResource(), "photo_store": PhotoStoreResource(),
                "encoders": EncodersResource(image=ENCODER, text="lexical"), "taste_options": TasteOptions(),
                "recommendation_options": RecommendationOptions(), "match_options": MatchOptions(),
            },
        )  # fmt: skip
        first, last = (f"{bucket:02d}" for bucket in buckets)
        run = partial(
            definitions.resolve_implicit_global_asset_job_def().execute_in_process,
            asset_selection=[dg.AssetKey(name) for name in names or EVERYTHING],
            tags={"dagster/asset_partition_range_start": first, "dagster/asset_partition_range_end": last},
            run_config={"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}},
        )  # fmt: skip
        # On a thread of its own: Dagster and Playwright each want to be the one event loop of a thread.
        with ThreadPoolExecutor(1) as thread:
            assert thread.submit(run).result().success

    def _add_pictures(self, connection: Connection, look: str, seeds: Sequence[int]) -> list[str]:
        contents = [picture(look, seed) for seed in seeds]
        ids = [self.store.put(content) for content in contents]
        rows = [{"photo_id": photo_id, "mime": "image/jpeg", "width": 96, "height": 72, "bytes": len(content)}
                for photo_id, content in zip(ids, contents, strict=True)]  # fmt: skip
        connection.execute(insert(photos), rows)
        batch = np.stack([_ENCODER.prepare(content) for content in contents])
        store_photo_vectors(connection, _ENCODER.space, ids, _ENCODER.encode_prepared(batch))
        return ids


def fill(world: World) -> None:
    """Eight venues of four looks, and people of every kind."""
    world.start()
    quote = {"value": "150", "quote": "Up to 150 guests dine in the hall.", "page_url": "https://red-hall.test/facts"}
    other = {"value": "120", "quote": "We seat 120.", "page_url": "https://red-hall.test/old"}
    world.add_venue(
        "red-hall.test", "red", name="The Red Hall", city="Austin", place=AUSTIN, capacity_max=150, price_min=9000.0,
        currency="USD", price_unit="event", setting="both", amenities=["parking", "garden"],
        evidence={"capacity_max": [quote], "conflicts": {"capacity_max": [other]}},
    )  # fmt: skip
    hostile = {"value": "garden", "quote": MARKUP, "page_url": "javascript:alert(1)"}
    world.add_venue(
        "red-barn.test", "red", name=f"Barn {MARKUP}", alt_text=MARKUP, capacity_max=80, setting="indoor",
        amenities=["garden"], evidence={"amenities": [hostile]},
    )  # fmt: skip
    world.add_venue("blue-house.test", "blue", name="Blue House", city="Dallas", place=(32.78, -96.8), capacity_max=300,
                    town="Dallas, Texas, US",
                    setting="outdoor", price_min=80.0, currency="USD", price_unit="person")  # fmt: skip
    world.add_venue("blue-cove.test", "blue", name="Blue Cove", capacity_max=60, setting="outdoor")
    world.add_venue("green-park.test", "green", name="Green Park", capacity_max=200, setting="outdoor")
    world.add_venue("green-mill.test", "green", name="Green Mill", setting="both")
    world.add_venue("yellow-inn.test", "yellow", name="Yellow Inn", capacity_max=120)
    world.add_venue("yellow-farm.test", "yellow", name=None, photo_count=2)

    lat, lon = AUSTIN
    wishes = {"guests": 100, "budget_max": 12000.0, "currency": "USD", "near": "Austin", "lat": lat, "lon": lon,
              "max_distance_km": 400.0}  # fmt: skip
    world.add_person("ann", shares_taste=True, preferences=wishes)
    world.pin("ann", "red", 14)
    world.pin("ann", "blue", 12)
    world.add_person("bob_lee2", shares_taste=True)
    world.pin("bob_lee2", "red", 12, first=100)
    world.add_person("cat")  # nothing known
    world.add_person("dan")  # pins whose pictures are not kept
    world.pin("dan", "blue", 12, first=200, kept=False)
    world.make()
