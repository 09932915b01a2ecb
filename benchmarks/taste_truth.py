"""The tastes found in painted pins, against the tastes that the demo world drew them from.

People of the demo world pin painted pictures, venues show some; the assets embed and cluster them as ever, with the
demo's tiny CLIP. How well a person's clusters divide their pins is the adjusted Rand index (Hubert and Arabie 1985): 1
for the true tastes, 0 for chance. Of boards about something else it is counted how many were left out, and how many
others.

    python -m benchmarks.taste_truth [--people 40] [--venues 12] [--seed 7] [--json]
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import dagster as dg
from sqlalchemy import insert, select

from benchmarks.figures import print_figures
from benchmarks.own_home import own_home
from demo.pictures import encode, paint
from demo.tiny_clip import WEIGHTS
from demo.world.generate import generate_world
from resources.database_resource import DatabaseResource
from resources.encoders_resource import EncodersResource
from resources.identity import USER_BUCKETS, VENUE_BUCKETS, venue_bucket, venue_id
from resources.photo_store import PhotoStore
from resources.photo_store_resource import PhotoStoreResource
from resources.schema import (
    boards,
    photos,
    pins,
    taste_cluster_members,
    taste_clusters,
    taste_states,
    users,
    venue_photos,
)
from resources.schema import venues as venues_table
from taste_assets.clusters import taste_clusters as taste_clusters_asset
from taste_assets.model.taste import ClusteringOptions
from taste_assets.off_topic import LEAST_PINS
from taste_assets.people import add_user
from taste_assets.pin_embeddings import pin_embeddings
from taste_assets.taste_options import TasteOptions
from venue_assets.photo_embeddings import photo_embeddings

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

    from demo.world.model import Person, PictureSpec, Venue

ENCODER: Final = f"open_clip:local-dir:{WEIGHTS}"
"""What IMAGE_ENCODER is set to."""

MIN_MEDIAN: Final = 0.9
"""Adjusted Rand index of the median person with several tastes."""


def show_venues(engine: Engine, store: PhotoStore, venues: Sequence[Venue]) -> None:
    """Have these venues show their photographs, painted now: as if their sites had been crawled."""
    for venue in venues:
        site_url = f"https://{venue.host}"
        known = venue_id(site_url)
        with engine.begin() as connection:
            row = {"venue_id": known, "site_url": site_url, "bucket": venue_bucket(known), "name": venue.name}
            connection.execute(insert(venues_table).values(row))
            for position, photo in enumerate(venue.photos):
                shown = {"venue_id": known, "source_url": f"{site_url}/{photo.name}", "page_url": site_url}
                photo_id = _store_picture(connection, store, photo.spec)
                connection.execute(insert(venue_photos).values(shown | {"photo_id": photo_id, "position": position}))


def pin_people(engine: Engine, store: PhotoStore, people: Sequence[Person]) -> None:
    """Have these people pin their pictures, painted now: as boards that have been synced."""
    for person in people:
        with engine.begin() as connection:
            user_id, _ = add_user(connection, person.username)
            if person.words:
                connection.execute(
                    users.update().where(users.c.user_id == user_id).values(preference_text=person.words)
                )
            for board in person.boards:
                row = {"user_id": user_id, "board_id": board.board_id, "fingerprint": "f", "synced_fingerprint": "f"}
                connection.execute(insert(boards).values(row))
                for pin in board.pins:
                    photo_id = _store_picture(connection, store, pin.spec)
                    connection.execute(
                        insert(pins).values(user_id=user_id, pin_id=pin.pin_id, board_id=board.board_id,
                                            photo_id=photo_id, pinned_at=pin.created_at)
                    )  # fmt: skip


def _store_picture(connection: Connection, store: PhotoStore, spec: PictureSpec) -> str:
    content = encode(paint(spec))
    photo_id = store.put(content)
    photo = {"photo_id": photo_id, "mime": "image/jpeg", "width": spec.width, "height": spec.height,
             "bytes": len(content)}  # fmt: skip
    if connection.scalar(select(photos.c.photo_id).where(photos.c.photo_id == photo_id)) is None:
        connection.execute(insert(photos).values(photo))
    return photo_id


@dataclass(frozen=True, slots=True)
class Agreement:
    """How a person's clusters divide the pins that came from one of their tastes.

    Attributes:
        rand_index: adjusted for chance, at most 1.
        homogeneity: 1 if no cluster mixes tastes, however many clusters a taste is divided into.
        true_tastes, found: numbers of tastes and of clusters.
    """

    rand_index: float
    homogeneity: float
    true_tastes: int
    found: int


def agreements(engine: Engine, people: Sequence[Person]) -> dict[str, Agreement]:
    """Of each of these people who has several tastes and enough pins to divide (`ClusteringOptions.least_pins`)."""
    from sklearn.metrics import adjusted_rand_score, homogeneity_score

    found = _clusters_of_pins(engine)
    scores = {}
    for person in people:
        true = {pin.pin_id: pin.taste for board in person.boards for pin in board.pins if pin.taste is not None}
        placed = [pin_id for pin_id in true if pin_id in found[person.username]]
        tastes = [true[pin_id] for pin_id in placed]
        if len(set(tastes)) < 2 or len(placed) < ClusteringOptions().least_pins:
            continue
        assigned = [found[person.username][pin_id] for pin_id in placed]
        scores[person.username] = Agreement(
            float(adjusted_rand_score(tastes, assigned)),
            float(homogeneity_score(tastes, assigned)),
            len(set(tastes)),
            len(set(assigned)),
        )
    return scores


def _clusters_of_pins(engine: Engine) -> Mapping[str, Mapping[str, str]]:
    query = (
        select(users.c.handle, taste_cluster_members.c.pin_id, taste_clusters.c.cluster_id)
        .join(taste_clusters, taste_clusters.c.user_id == users.c.user_id)
        .join(taste_cluster_members, taste_cluster_members.c.cluster_id == taste_clusters.c.cluster_id)
    )
    found: defaultdict[str, dict[str, str]] = defaultdict(dict)
    with engine.connect() as connection:
        for row in connection.execute(query):
            found[row.handle][row.pin_id] = str(row.cluster_id)
    return found


def boards_heard(engine: Engine, people: Sequence[Person]) -> dict[bool, tuple[int, int]]:
    """Of boards about venues (True) and about something else (False): how many are heard, and how many are not.

    Boards with a picture or two are left out here, since nobody judges them, and so are those without a picture.
    """
    found = _clusters_of_pins(engine)
    heard: Counter[tuple[bool, bool]] = Counter()
    for person in people:
        for board in person.boards:
            if len(board.pins) >= LEAST_PINS:
                took_part = any(pin.pin_id in found[person.username] for pin in board.pins)
                heard[board.about_venues, took_part] += 1
    return {about: (heard[about, True], heard[about, False]) for about in (True, False)}


def treatments(engine: Engine, people: Sequence[Person]) -> dict[str, dict[str, int]]:
    """By quirk of the demo world, how many people got which treatment."""
    quirk_of = {person.username: person.quirk for person in people}
    query = select(users.c.handle, taste_states.c.treatment).join(taste_states)
    counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
    with engine.connect() as connection:
        for row in connection.execute(query):
            counts[quirk_of[row.handle]][row.treatment] += 1
    return {quirk: dict(counted) for quirk, counted in sorted(counts.items())}


def labels(engine: Engine) -> dict[str, int]:
    """How many clusters have which label."""
    with engine.connect() as connection:
        found = connection.scalars(select(taste_clusters.c.label).where(taste_clusters.c.pin_count > 0))
        return dict(Counter(str(label) for label in found).most_common())


def measure(people_count: int, venue_count: int, seed: int) -> dict[str, Any]:
    """Run the assets for so many people on a database of their own, and compare what is stored with the truth."""
    world = generate_world(seed=seed, venues=venue_count, people=people_count)
    people = world.people
    with (
        tempfile.TemporaryDirectory(prefix="venue-taste-bench-") as scratch,
        own_home(Path(scratch), IMAGE_ENCODER=ENCODER) as home,
    ):
        settings, engine, instance = home.settings, home.engine, home.instance
        show_venues(engine, PhotoStore(settings.photo_store), world.venues)
        pin_people(engine, PhotoStore(settings.photo_store), people)
        started = time.perf_counter()
        _materialize(instance, "photo_embeddings", VENUE_BUCKETS)
        _materialize(instance, "pin_embeddings", USER_BUCKETS)
        embedded = time.perf_counter()
        _materialize(instance, "taste_clusters", USER_BUCKETS)
        clustered = time.perf_counter()
        scores = list(agreements(engine, people).values())
        heard = boards_heard(engine, people)
        figures = {"treatments": treatments(engine, people), "labels": labels(engine)}
    indices = [one.rand_index for one in scores]
    median = statistics.median(indices)
    return {
        "people": people_count,
        "pins": sum(len(board.pins) for person in people for board in person.boards),
        "people_with_several_tastes": len(scores),
        "median_rand_index": round(median, 4),
        "median_rand_index_limit": MIN_MEDIAN,
        "mean_rand_index": round(statistics.mean(indices), 4),
        "median_homogeneity": round(statistics.median(one.homogeneity for one in scores), 4),
        "people_with_more_clusters_than_tastes": sum(one.found > one.true_tastes for one in scores),
        "people_with_fewer_clusters_than_tastes": sum(one.found < one.true_tastes for one in scores),
        "off_topic_boards_heard": heard[False][0],
        "off_topic_boards_left_out": heard[False][1],
        "venue_boards_heard": heard[True][0],
        "venue_boards_left_out": heard[True][1],
        "embedding_seconds": round(embedded - started, 1),
        "clustering_seconds": round(clustered - embedded, 1),
        **figures,
        "within_limits": median >= MIN_MEDIAN,
    }


def _materialize(instance: dg.DagsterInstance, asset: str, buckets: int) -> None:
    dg.materialize(
        [photo_embeddings, pin_embeddings, taste_clusters_asset],
        selection=[asset],
        instance=instance,
        resources={
            "database": DatabaseResource(), "photo_store": PhotoStoreResource(), "encoders": EncodersResource(),
            "taste_options": TasteOptions(),
        },
        run_config={"loggers": {"console": {"config": {"log_level": "ERROR"}}}},
        tags={"dagster/asset_partition_range_start": "00", "dagster/asset_partition_range_end": f"{buckets - 1:02d}"},
    )  # fmt: skip


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.taste_truth", description=(__doc__ or "").partition("\n")[0]
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object as the last line")
    parser.add_argument("--people", type=int, default=40, help="size of the world")
    parser.add_argument("--venues", type=int, default=12, help="whose photographs are the catalogue")
    parser.add_argument("--seed", type=int, default=7, help="another world")
    options = parser.parse_args()
    figures = measure(options.people, options.venues, options.seed)
    print_figures(figures, as_json=options.json)


if __name__ == "__main__":
    main()
