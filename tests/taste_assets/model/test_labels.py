from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from taste_assets.model.labels import UNNAMED, LabelBaseline, label_baseline, label_clusters
from taste_assets.model.vocabulary import AESTHETICS
from tests.taste_assets.model.pictures import unit

CLIP = Path(__file__).resolve().parents[4] / "shared" / "material" / "embeddings" / "clip_b32"
NAMES = ["barn", "loft", "beach"]


def world(count: int = 200, seed: int = 0) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Texts and pictures on two sides of a gap; `loft` is worded so that all pictures lie nearer to it."""
    rng = np.random.default_rng(seed)
    themes = rng.normal(size=(3, 64)) / 8
    texts = unit(np.eye(64)[0] * 2 + themes + np.array([[0], [1], [0]]) * np.eye(64)[1])
    kinds = rng.integers(0, 3, count)
    photos = unit(np.eye(64)[1] * 2 + themes[kinds] + rng.normal(size=(count, 64)) * 0.05)
    return texts, photos, kinds


def test_labels_are_told_apart_though_one_text_is_nearer_to_everything() -> None:
    texts, photos, kinds = world()
    assert ((photos @ texts.T).argmax(axis=1) == 1).mean() > 0.9
    centroids = unit(np.stack([photos[kinds == kind].mean(axis=0) for kind in range(3)]).astype(np.float64))
    baseline = LabelBaseline((photos @ texts.T).mean(axis=0), np.full(3, 0.01))
    found = label_clusters(centroids, NAMES, texts, baseline)
    assert [label.name for label in found] == NAMES
    assert all(0.5 <= label.margin <= 1 for label in found)


def test_a_small_lead_leaves_a_cluster_unnamed() -> None:
    texts = np.eye(3)
    between = unit(np.array([[1.0, 0.999, 0.0]]))
    (label,) = label_clusters(between, NAMES, texts, LabelBaseline(np.zeros(3), np.full(3, 0.01)))
    assert (label.name, label.nearest) == (UNNAMED, "barn")
    assert label.margin < 0.1


def test_what_is_ordinary_in_the_catalogue_is_unnamed() -> None:
    texts, ordinary = np.eye(3), unit(np.array([[0.6, 0.3, 0.1]]))
    wide = LabelBaseline(np.array([0.5, 0.5, 0.5]), np.full(3, 0.3))
    narrow = LabelBaseline(wide.middle, np.full(3, 0.1))
    assert label_clusters(ordinary, NAMES, texts, wide)[0].name == UNNAMED
    assert label_clusters(ordinary, NAMES, texts, narrow)[0].name == "barn"


def test_the_baseline_is_the_median_and_the_spread_below_it() -> None:
    rng = np.random.default_rng(0)
    cosines = np.clip(rng.normal(0.25, 0.02, size=20_000), -1, 1)
    photos = np.stack([cosines, np.sqrt(1 - cosines**2)], axis=1)
    baseline = label_baseline(photos, np.eye(2)[:1])
    assert baseline.middle == pytest.approx([0.25], abs=1e-3)
    assert baseline.spread == pytest.approx([0.02], abs=1e-3)


@pytest.mark.parametrize(("names", "texts"), [(["one"], np.eye(1, 3)), (NAMES, np.eye(2, 3)), (NAMES, np.eye(3, 4))])
def test_shapes_that_do_not_fit_are_refused(names: list[str], texts: np.ndarray) -> None:
    with pytest.raises(ValueError, match="do not fit"):
        label_clusters(np.eye(2, 3), names, texts, label_baseline(np.eye(1, texts.shape[1]), texts))


def test_the_vocabulary_names_every_aesthetic_once_and_describes_it() -> None:
    names = [aesthetic.name for aesthetic in AESTHETICS]
    assert len(set(names)) == len(names) == 17
    prompts = [prompt for aesthetic in AESTHETICS for prompt in aesthetic.prompts]
    assert len(set(prompts)) == len(prompts)
    assert all(len(aesthetic.prompts) >= 2 for aesthetic in AESTHETICS)
    assert all(len(prompt.split()) < 60 for prompt in prompts)


@pytest.mark.skipif(not CLIP.is_dir(), reason="needs ../shared/material/embeddings, real CLIP vectors")
def test_real_photographs_get_the_captions_people_wrote() -> None:
    photos = np.load(CLIP / "image_embeddings.npy")[::5]
    captions = unit(np.load(CLIP / "text_embeddings.npy").reshape(100, 5, 512).mean(axis=1).astype(np.float64))
    names = [str(number) for number in range(16)]
    known, rest = photos[:16], photos[16:]
    found = label_clusters(known, names, captions[:16], label_baseline(rest, captions[:16]))
    assert sum(label.name == name for label, name in zip(found, names, strict=True)) >= 14
    strangers = label_clusters(rest, names, captions[:16], label_baseline(rest, captions[:16]))
    assert np.mean([label.name == UNNAMED for label in strangers]) > 0.5
