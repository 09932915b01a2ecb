"""Refining a list of 10,000 venues: time from a sentence to an answer, and how much of the exact answer it is.

The catalogue is made up: photographs shaped like CLIP's (`clip_like`), facts in the proportions that sites state them,
people with four tastes and one dislike. Words are read by the rules. Vectors of looks and descriptions are made up as
well, so the time of an encoder is not part of it (each text is encoded once and remembered).

`--accuracy` needs no database: it prints how many of the written requests the rules understand.
"""

from __future__ import annotations

import argparse
import gc
import time
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, Engine, insert, text, update

from benchmarks.clip_like import Vectors, clip_like, made_up_clusters
from benchmarks.figures import print_figures
from benchmarks.photo_databases import SPACE, add_photo_rows, load_vectors, photo_databases, site_of
from benchmarks.refine_accuracy import accuracy, judged, requests
from lookbook.refine import Catalogue, Context, QueryEncoders, Refined, Refinement, catalogue_of, refine, shown_venues
from lookbook.refine.rules.interpreter import RuleInterpreter
from resources.gazetteer import gazetteer
from resources.identity import user_id, venue_id
from resources.schema import current_spaces, taste_clusters, users, venue_facts, venues
from resources.settings import load_settings
from resources.spaces import EmbeddingSpace
from resources.vector_index import IndexPolicy
from resources.vector_index.upkeep import maintain_index

VENUES: Final = 10_000
PHOTOS_PER_VENUE: Final = 15
LIMIT_MS: Final = 150.0
"""Upper bound of the 95th percentile; issue 9."""

_TOP: Final = 20
_PEOPLE: Final = 25
_CLUSTERS: Final = 4
_ROUNDS: Final = 3
_WARM_UP: Final = 10
_TRUTHS: Final = 5
"""Of each question, so many answers are compared with the exact ones."""
_TOWNS: Final = (("Leeds", 53.80, -1.55), ("Bath", 51.38, -2.36), ("York", 53.96, -1.08), ("Bristol", 51.45, -2.59),
                 ("Edinburgh", 55.95, -3.19), ("Cardiff", 51.48, -3.18), ("Oxford", 51.75, -1.26))  # fmt: skip
_AMENITIES: Final = ("parking", "pool", "garden", "chapel", "dance_floor", "accommodation", "bar", "wifi", "lake")
_STYLES: Final = ("barn", "castle", "modern", "rustic", "vineyard", "garden", "industrial", "ballroom")

SAID: Final = (
    "show me my list",
    "for 120 guests",
    "under £9k for 80",
    "outdoor only, under £15k for 120, within two hours of Leeds, more like the first one, less castle",
    "near Bath",
    "within 20 miles of York, must have parking and a chapel",
    "more like the second one",
    "less like number 3, more rustic",
    "no barns, no castles, ideally with a pool",
    "fairy lights and long tables, quiet and secluded",
    "indoors for 150, ideally with a dance floor and a bar",
    "outdoors",
)
"""What is said, each to a fresh list; what they filter leaves from a hundredth to all of the venues."""


class MadeUpEncoders(QueryEncoders):
    """Vectors near a photograph of the catalogue, the same for the same words."""

    def __init__(self, vectors: Vectors) -> None:
        super().__init__(load_settings())
        self._vectors_there = vectors

    def looks(self, texts: Sequence[str], space: EmbeddingSpace) -> Vectors:
        """A photograph of the catalogue, turned a little, for each text."""
        del space
        return np.stack([self._near(said) for said in texts])

    def _near(self, said: str) -> NDArray[np.float32]:
        rng = np.random.default_rng(list(said.encode()))
        vector = self._vectors_there[rng.integers(len(self._vectors_there))] + 0.01 * rng.standard_normal(SPACE.dim)
        return np.asarray(vector / np.linalg.norm(vector), np.float32)


@dataclass(frozen=True, slots=True)
class Asked:
    """One question as the benchmark asks it, and the answer's time."""

    person: uuid.UUID
    wanted: Refinement
    seconds: float
    answer: Refined


def fill(engine: Engine, count: int) -> Vectors:
    """A catalogue of this many venues with facts, photographs and an index, and some people; the photos' vectors."""
    venue_of = np.arange(count * PHOTOS_PER_VENUE) // PHOTOS_PER_VENUE
    vectors = clip_like(venue_of)
    ids = add_photo_rows(engine, venue_of)
    load_vectors(engine, ids, vectors)
    with engine.begin() as connection:
        connection.execute(update(venues).values(crawled_at=text("now()")))
        connection.execute(insert(current_spaces).values(modality="image", space_id=SPACE.space_id))
        _add_facts(connection, count)
        _add_people(connection, vectors, venue_of)
    maintain_index(engine, SPACE, IndexPolicy(queries=50))
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE"))
    return vectors


def _add_facts(connection: Connection, count: int) -> None:
    rng = np.random.default_rng(9)
    facts, places = [], []
    for number in range(count):
        one = venue_id(site_of(number))
        town, lat, lon = _TOWNS[rng.integers(len(_TOWNS))]
        north, east = rng.normal(scale=0.4, size=2)
        places.append({"one": one, "name": f"Venue {number}", "city": town, "lat": lat + north, "lon": lon + east})
        stated = rng.random(4) < (0.8, 0.5, 0.6, 0.9)
        facts.append({
            "venue_id": one, "summariser": "s", "source_hash": "h",
            "capacity_max": int(rng.integers(40, 300)) if stated[0] else None,
            "price_min": float(rng.integers(20, 200) * 100) if stated[1] else None,
            "currency": "GBP" if stated[1] else None, "price_unit": "event" if stated[1] else None,
            "setting": str(rng.choice(["indoor", "outdoor", "both"])) if stated[2] else None,
            "amenities": _some(rng, _AMENITIES, 3) if stated[3] else [], "styles": _some(rng, _STYLES, 2),
        })  # fmt: skip
    connection.execute(insert(venue_facts), facts)
    move = text("UPDATE venues SET name = :name, city = :city, country = 'GB', country_code = 'GB',"
                " lat = :lat, lon = :lon WHERE venue_id = :one")  # fmt: skip
    connection.execute(move, places)


def _some(rng: np.random.Generator, words: Sequence[str], count: int) -> list[str]:
    return sorted(str(word) for word in rng.choice(words, size=count, replace=False))


def _add_people(connection: Connection, vectors: Vectors, venue_of: NDArray[np.intp]) -> None:
    rng = np.random.default_rng(1)
    for number in range(_PEOPLE):
        one = user_id(f"p{number}")
        connection.execute(insert(users).values(user_id=one, handle=f"p{number}", bucket=0))
        weights = [*rng.dirichlet(np.full(_CLUSTERS, 3.0)), 1.0]
        for index, vector in enumerate(made_up_clusters(rng, vectors, venue_of, _CLUSTERS + 1)):
            is_liked = index < _CLUSTERS
            connection.execute(insert(taste_clusters).values(
                cluster_id=uuid.uuid5(one, str(index)), user_id=one, cluster_index=index, weight=weights[index],
                polarity="positive" if is_liked else "negative", space_id=SPACE.space_id, dim=SPACE.dim,
                medoid_vector=vector, centroid_vector=vector, pin_count=5, label="castle" if index == 1 else "beach",
                created_at=text("now()"), updated_at=text("now()"),
            ))  # fmt: skip


def ask_all(engine: Engine, encoders: QueryEncoders, catalogue: Catalogue, rounds: int = _ROUNDS) -> Iterator[Asked]:
    """Every person says everything in turn; reading the words is part of the time."""
    interpreter = RuleInterpreter()
    for turn in range(rounds):
        for person in range(_PEOPLE):
            one = user_id(f"p{person}")
            said = SAID[(person + turn) % len(SAID)]
            with engine.connect() as connection:
                connection.execute(text("SET LOCAL ROLE venue_taste_reader"))
                shown = [row.venue_id for row in refine(connection, one, Refinement(), encoders, limit=_TOP).rows]
                context = Context(catalogue, shown_venues(catalogue, shown))
            with engine.connect() as connection:
                connection.execute(text("SET LOCAL ROLE venue_taste_reader"))
                started = time.perf_counter()
                wanted = interpreter.read(said, context).refinement()
                answer = refine(connection, one, wanted, encoders, limit=_TOP)
                yield Asked(one, wanted, time.perf_counter() - started, answer)


def measure(engine: Engine, count: int) -> dict[str, Any]:
    """Figures for a catalogue of this many venues; `engine` is on an empty database."""
    encoders = MadeUpEncoders(fill(engine, count))
    return figures(engine, encoders)


def figures(engine: Engine, encoders: QueryEncoders) -> dict[str, Any]:
    """Figures for a filled database."""
    started = time.perf_counter()
    gazetteer()
    gazetteer_s = time.perf_counter() - started
    with engine.connect() as connection:
        started = time.perf_counter()
        catalogue = catalogue_of(connection)
        catalogue_s = time.perf_counter() - started
    warm = ask_all(engine, encoders, catalogue, 1)
    for _, _ in zip(range(_WARM_UP), warm, strict=False):
        pass
    gc.collect()
    gc.freeze()  # as the lookbook does: a full collection would pass over the whole gazetteer
    asked = list(ask_all(engine, encoders, catalogue))
    milliseconds = np.array([one.seconds for one in asked]) * 1e3
    recalls, exact_ms = [], []
    for one in asked[: len(SAID) * _TRUTHS]:
        with engine.connect() as connection:
            started = time.perf_counter()
            exact = refine(connection, one.person, one.wanted, encoders, limit=_TOP, search="exact")
            exact_ms.append((time.perf_counter() - started) * 1e3)
        truth = {row.venue_id for row in exact.rows}
        recalls.append(len(truth & {row.venue_id for row in one.answer.rows}) / max(len(truth), 1))
    by_index = [recall for recall, one in zip(recalls, asked, strict=False) if one.answer.how.search == "index"]
    return {
        "venues": len(catalogue.names),
        "p50_ms": round(float(np.median(milliseconds)), 1),
        "p95_ms": round(float(np.quantile(milliseconds, 0.95)), 1),
        "limit_ms": LIMIT_MS,
        "within_limit": bool(np.quantile(milliseconds, 0.95) < LIMIT_MS),
        "recall_at_20": round(float(np.mean(recalls)), 4),
        "recall_at_20_by_index": round(float(np.mean(by_index)), 4) if by_index else None,
        "by_index_share": round(float(np.mean([one.answer.how.search == "index" for one in asked])), 3),
        "compared_mean": round(float(np.mean([one.answer.how.compared for one in asked]))),
        "exact_p50_ms": round(float(np.median(exact_ms)), 1),
        "catalogue_ms": round(catalogue_s * 1e3, 1),
        "gazetteer_once_ms": round(gazetteer_s * 1e3, 1),
    }


def rule_figures() -> dict[str, Any]:
    """Accuracy of the rules on each set of written requests."""
    written = requests()
    sets = dict.fromkeys(request["set"] for request in written)
    interpreter = RuleInterpreter()
    return {
        name: accuracy(list(judged(interpreter, [request for request in written if request["set"] == name])))
        for name in sets
    }


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.refine", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--venues", type=int, default=VENUES, help="venues in the catalogue, 15 photographs each")
    parser.add_argument("--accuracy", action="store_true", help="how many written requests the rules understand, only")
    parser.add_argument("--json", action="store_true", help="print one JSON object as the last line")
    options = parser.parse_args()
    if options.accuracy:
        found = rule_figures()
    else:
        with photo_databases([options.venues]) as engines:
            found = measure(engines[options.venues], options.venues)
    print_figures(found, as_json=options.json)


if __name__ == "__main__":
    main()
