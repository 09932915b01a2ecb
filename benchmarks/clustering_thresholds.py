"""Where the thresholds of taste modelling come from: measured on made-up people and, where present, real CLIP vectors.

`docs/clustering.md` quotes what this prints. The real vectors are in ../shared/material/embeddings, beside the project.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from benchmarks.clustering import Person, make_people
from benchmarks.figures import print_figures
from taste_assets.model.chance import measure_chance
from taste_assets.model.clusters import cluster_many
from taste_assets.model.labels import UNNAMED, label_baseline, label_clusters
from taste_assets.model.medoid import centroid
from taste_assets.model.taste import ClusteringOptions, Pins, Taste
from taste_assets.model.vectors import mean_similarity, unit_rows

_CLIP: Final = Path(__file__).resolve().parents[2] / "shared" / "material" / "embeddings" / "clip_b32"
_PEOPLE: Final = 400
_PLAIN: Final = ClusteringOptions(consolidate=False)
_SAME_TASTE_SHARES: Final = (0.2, 0.25, 0.3, 0.35, 0.4)
_NEVER: Final = 2.0
_DRAWN: Final = (10, 25, 40, 60)
_NEVER_DIVIDED: Final = ClusteringOptions(least_silhouette=1.0)
_FLOORS: Final = (0.15, 0.18, 0.2, 0.22, 0.25)
_WARD_CUTS: Final = (1.4, 1.5, 1.6, 1.7, 1.8, 1.9, 2.0)
_LEAST_PINS: Final = (2, 3, 4, 5)
_WORDS: Final = 16

_Figures = dict[str, float]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one JSON object as the last line")
    options = parser.parse_args()
    people = make_people(_PEOPLE, seed=21)
    figures = {
        **_silhouette_floor(people),
        **_consolidation(people),
        **_other_methods(people[:150]),
        **_same_taste(people),
    }
    if _CLIP.is_dir():
        figures |= _real_photographs() | _real_captions()
    else:
        sys.stdout.write(f"{_CLIP} is absent: made-up people only\n")
    print_figures({name: round(value, 4) for name, value in figures.items()}, as_json=options.json)


def _silhouette_floor(people: list[Person]) -> _Figures:
    tastes = cluster_many([Pins(person.vectors) for person in people], _PLAIN)
    best = np.array([taste.silhouette for taste in tastes], np.float64)
    one = np.array([person.tastes.max() == 0 for person in people])
    figures = {}
    for floor in _FLOORS:
        figures[f"silhouette_{floor}_divides_one_taste"] = float((best[one] >= floor).mean())
        figures[f"silhouette_{floor}_misses_several"] = float((best[~one] < floor).mean())
    return figures


def _consolidation(people: list[Person]) -> _Figures:
    """What joining alike clusters does, by how alike; and what chance reaches among all these people's pins."""
    pins = [Pins(person.vectors) for person in people]
    one = np.array([person.tastes.max() == 0 for person in people])
    several = [person for person in people if person.tastes.max() > 0]
    figures = {}
    for share in (*_SAME_TASTE_SHARES, _NEVER):
        tastes = cluster_many(pins, ClusteringOptions(same_taste_share=share, least_members=1))
        divided = np.array([taste.shape == "clustered" for taste in tastes])
        name = f"joined_at_{share}" if share != _NEVER else "never_joined"
        figures[f"{name}_divides_one_taste"] = float(divided[one].mean())
        figures[f"{name}_misses_several"] = float((~divided[~one]).mean())
        figures[f"{name}_rand_index"] = _agreement(several, [taste for taste, is_one in zip(tastes, one, strict=True)
                                                             if not is_one])  # fmt: skip
    options = _as_used(np.concatenate([person.vectors for person in people[::10]]))
    figures |= {f"made_up_chance_silhouette_{one.pictures}": one.silhouette for one in options.chance}
    as_used = np.array([taste.shape == "clustered" for taste in cluster_many(pins, options)])
    return figures | {"as_used_misses_several": float((~as_used[~one]).mean())}


def _as_used(catalogue: NDArray[Any]) -> ClusteringOptions:
    """The options of a run whose venues show these photographs."""
    options = ClusteringOptions(unrelated_similarity=mean_similarity(unit_rows(catalogue)))
    return replace(options, chance=measure_chance(catalogue, options.most_clusters, options.restarts))


def _other_methods(people: list[Person]) -> _Figures:
    several = [person for person in people if person.tastes.max() > 0]
    pins = [Pins(person.vectors) for person in several]
    figures = {"kmeans_rand_index": _agreement(several, cluster_many(pins, _PLAIN))}
    for cut in _WARD_CUTS:
        tastes = cluster_many(pins, ClusteringOptions(method="ward", ward_cut=cut))
        figures[f"ward_{cut}_rand_index"] = _agreement(several, tastes)
    for least in _LEAST_PINS:
        tastes = cluster_many(pins, ClusteringOptions(method="hdbscan", hdbscan_least_pins=least))
        figures[f"hdbscan_{least}_rand_index"] = _agreement(several, tastes)
    return figures


def _agreement(people: list[Person], tastes: list[Taste]) -> float:
    from sklearn.metrics import adjusted_rand_score

    pairs = zip(people, tastes, strict=True)
    return float(np.mean([adjusted_rand_score(person.tastes, taste.labels) for person, taste in pairs]))


def _same_taste(people: list[Person]) -> _Figures:
    """Similarity of a taste's centroid to its own and to others' of the person when a sixth of the pins is new."""
    same, other = [], []
    rng = np.random.default_rng(0)
    for person in people:
        rows, had = unit_rows(person.vectors), rng.permutation(len(person.tastes)) < len(person.tastes) * 5 // 6
        known = [taste for taste in np.unique(person.tastes) if np.count_nonzero(had & (person.tastes == taste)) >= 4]
        before = np.stack([centroid(rows[had & (person.tastes == taste)]) for taste in known])
        after = np.stack([centroid(rows[person.tastes == taste]) for taste in known])
        similarities, itself = before @ after.T, np.eye(len(known), dtype=bool)
        same.append(similarities[itself])
        other.append(similarities[~itself])
    return {
        "same_taste_similarity_min": float(np.concatenate(same).min()),
        "same_taste_similarity_p1": float(np.percentile(np.concatenate(same), 1)),
        "other_taste_similarity_p99": float(np.percentile(np.concatenate(other), 99)),
        "other_taste_similarity_max": float(np.concatenate(other).max()),
    }


def _real_photographs() -> _Figures:
    """Unrelated photographs, and each photograph with the nine nearest, from two collections."""
    figures = {}
    rng = np.random.default_rng(0)
    for name, file in (("flickr", "image_embeddings.npy"), ("photos377", "photos377.npy")):
        photos = np.unique(np.load(_CLIP / file), axis=0)
        figures[f"{name}_mean_similarity"] = mean_similarity(unit_rows(photos))
        nearest = np.argsort(-(photos @ photos.T), axis=1)[:, :10]
        alike = np.array([mean_similarity(unit_rows(photos[places])) for places in nearest])
        figures[f"{name}_ten_alike_similarity_median"] = float(np.median(alike))
        figures[f"{name}_ten_alike_uniform"] = _uniform([Pins(photos[places]) for places in nearest])
        for count in (10, 60):
            unrelated = [Pins(photos[rng.choice(len(photos), count, replace=False)]) for _ in range(100)]
            figures[f"{name}_{count}_unrelated_uniform"] = _uniform(unrelated)
        options = _as_used(photos)
        figures |= {f"{name}_chance_silhouette_{one.pictures}": one.silhouette for one in options.chance}
        for count in _DRAWN:
            drawn = [Pins(photos[rng.choice(len(photos), count, replace=False)]) for _ in range(60)]
            figures[f"{name}_{count}_unrelated_divided"] = _divided(drawn, _PLAIN)
            figures[f"{name}_{count}_unrelated_divided_as_used"] = _divided(drawn, options)
        tastes = cluster_many(unrelated, _PLAIN)
        for floor in _FLOORS:
            divided = [(taste.silhouette or 0) >= floor for taste in tastes]
            figures[f"{name}_60_unrelated_divided_at_{floor}"] = float(np.mean(divided))
    return figures


def _divided(people: list[Pins], options: ClusteringOptions) -> float:
    return float(np.mean([taste.shape == "clustered" for taste in cluster_many(people, options)]))


def _uniform(people: list[Pins]) -> float:
    return float(np.mean([taste.shape == "uniform" for taste in cluster_many(people, _NEVER_DIVIDED)]))


def _real_captions() -> _Figures:
    """16 photographs' captions as a vocabulary, for these photographs and for 16 that it has no words for."""
    photos = np.load(_CLIP / "image_embeddings.npy")[::5]
    texts = np.load(_CLIP / "text_embeddings.npy").reshape(len(photos), -1, photos.shape[1]).mean(axis=1)
    texts /= np.linalg.norm(texts, axis=1, keepdims=True)
    counts = np.array(list(_named(photos, texts)))
    return {
        "labels_named": float(counts[:, 0].mean()),
        "labels_right_of_named": float(counts[:, 1].sum() / counts[:, 0].sum()),
        "labels_strangers_named": float(counts[:, 2].mean()),
    }


def _named(photos: NDArray[Any], texts: NDArray[Any]) -> Iterator[tuple[float, float, float]]:
    rng = np.random.default_rng(1)
    names = [str(number) for number in range(_WORDS)]
    for _ in range(200):
        order = rng.permutation(len(photos))
        known, strangers, rest = order[:_WORDS], order[_WORDS : 2 * _WORDS], order[2 * _WORDS :]
        baseline = label_baseline(photos[np.concatenate([known, rest])], texts[known])
        found = label_clusters(photos[known], names, texts[known], baseline)
        wrong = label_clusters(photos[strangers], names, texts[known], baseline)
        yield (
            float(np.mean([label.name != UNNAMED for label in found])),
            float(np.mean([label.name == name for label, name in zip(found, names, strict=True)])),
            float(np.mean([label.name != UNNAMED for label in wrong])),
        )


if __name__ == "__main__":
    main()
