"""Lists made in blocks and layers are those of a brute-force reading of the definitions in float64."""

from __future__ import annotations

from typing import Literal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from taste_assets.model import recommend as module
from taste_assets.model.catalogue import Catalogue, catalogue_of
from taste_assets.model.lists import ListOptions, merged, mixed_queries, mmr, slots
from taste_assets.model.max_sim import best_photos, best_similarities, mean_of_best
from taste_assets.model.recommend import RecommendOptions, recommend
from taste_assets.model.scoring import PersonTaste, Strategy
from taste_assets.model.strategies import mixture
from taste_assets.model.wishes import Fit

DIM = 6
NOBODY = np.zeros((0, DIM), np.float32)


def unit(rng: np.random.Generator, *shape: int) -> NDArray[np.float32]:
    vectors = rng.standard_normal((*shape, DIM)).astype(np.float32)
    normed: NDArray[np.float32] = vectors / np.linalg.norm(vectors, axis=-1, keepdims=True)
    return normed


def catalogue(rng: np.random.Generator, venues: int) -> tuple[Catalogue, NDArray[np.float32], NDArray[np.intp]]:
    venue_of = rng.permutation(np.concatenate([np.arange(venues), rng.integers(0, venues, rng.integers(0, 60))]))
    photos = unit(rng, len(venue_of))
    return catalogue_of(photos, venue_of, venues), photos, venue_of


def person(rng: np.random.Generator, liked: int, disliked: int = 0) -> PersonTaste:
    weights = [rng.dirichlet(np.ones(count)) if count else np.zeros(0) for count in (liked, disliked)]
    return PersonTaste(unit(rng, liked), weights[0], unit(rng, disliked), weights[1])


@given(seed=st.integers(0, 2**32), venues=st.integers(1, 30), queries=st.integers(1, 5))
def test_the_best_photo_of_every_venue_is_found(seed: int, venues: int, queries: int) -> None:
    rng = np.random.default_rng(seed)
    laid_out, photos, venue_of = catalogue(rng, venues)
    asked = unit(rng, queries)
    products = asked.astype(np.float64) @ photos.T.astype(np.float64)
    each = [np.flatnonzero(venue_of == venue) for venue in range(venues)]
    best = np.stack([products[:, rows].max(axis=1) for rows in each], axis=1)
    np.testing.assert_allclose(best_similarities(asked, laid_out), best, atol=1e-6)
    three = np.stack([np.sort(products[:, rows], axis=1)[:, -3:].mean(axis=1) for rows in each], axis=1)
    np.testing.assert_allclose(mean_of_best(asked, laid_out, 3), three, atol=1e-6)
    found = best_photos(asked, laid_out, np.arange(venues))
    np.testing.assert_allclose(found.similarity, best, atol=1e-12)
    assert (venue_of[found.row] == np.arange(venues)).all()
    np.testing.assert_allclose(np.take_along_axis(products, found.row, axis=1), best)


def test_blocks_of_venues_give_what_one_block_gives(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(3)
    laid_out, _, _ = catalogue(rng, 29)
    whole = best_similarities(unit(np.random.default_rng(4), 5), laid_out)
    monkeypatch.setattr("taste_assets.model.max_sim.VENUE_BLOCK", 4)
    np.testing.assert_allclose(best_similarities(unit(np.random.default_rng(4), 5), laid_out), whole, atol=1e-6)


@settings(deadline=None)
@given(
    seed=st.integers(0, 2**32), venues=st.integers(1, 40), liked=st.integers(1, 4), disliked=st.integers(0, 2),
    has_text=st.booleans(), has_wishes=st.booleans(), order=st.sampled_from(["proportional", "merge", "plain"]),
)  # fmt: skip
def test_a_list_is_the_brute_force_list(
    seed: int, venues: int, liked: int, disliked: int, has_text: bool, has_wishes: bool,
    order: Literal["proportional", "merge", "plain"],
) -> None:  # fmt: skip
    rng = np.random.default_rng(seed)
    laid_out, photos, venue_of = catalogue(rng, venues)
    somebody = person(rng, liked, disliked)
    text = rng.random(venues) if has_text else None
    fit = Fit(rng.random(venues) < 0.7, rng.random(venues)) if has_wishes else None
    somebody = PersonTaste(
        somebody.liked, somebody.liked_weights, somebody.disliked, somebody.disliked_weights, text, fit
    )
    options = RecommendOptions("weighted_max_sim", length=venues, lists=ListOptions(order=order, mean_mix=1))
    (found,) = recommend([somebody], laid_out, options)

    def best(vectors: NDArray[np.float32]) -> NDArray[np.float64]:
        products = vectors.astype(np.float64) @ photos.T.astype(np.float64)
        return np.stack([products[:, venue_of == venue].max(axis=1) for venue in range(venues)], axis=1)

    def z(values: NDArray[np.float64], together: bool = False) -> NDArray[np.float64]:
        axis = None if together else -1
        spread = values.std(axis=axis, keepdims=True)
        scaled: NDArray[np.float64] = (values - values.mean(axis=axis, keepdims=True)) / np.where(
            spread < 1e-9, np.inf, spread
        )
        return scaled

    allowed = np.flatnonzero(fit.allowed) if fit else np.arange(venues)
    assert set(found.venues) == set(allowed)
    if len(allowed) == 0:
        return
    mean = somebody.liked_weights @ somebody.liked
    mixed = somebody.liked + (mean / np.linalg.norm(mean) if order != "plain" else 0)
    mixed = (mixed / np.linalg.norm(mixed, axis=1, keepdims=True)).astype(np.float32)
    against = 0.25 * (somebody.disliked_weights @ best(somebody.disliked))
    stored = somebody.liked_weights @ best(somebody.liked) - against
    np.testing.assert_allclose(found.score, stored[found.venues], atol=1e-6)
    np.testing.assert_allclose(found.photos.similarity, best(somebody.liked)[:, found.venues], atol=1e-6)
    assert (found.text is None) == (text is None)
    similarities = (best(mixed) - against)[:, allowed]
    places = np.searchsorted(allowed, found.venues)
    np.testing.assert_allclose(found.standing, z(similarities)[:, places], atol=1e-4)

    together = order == "proportional"
    channel = stored[allowed][None] if order == "plain" else similarities
    channel = z(channel, together)
    if text is not None:
        channel = z(0.7 * channel + 0.3 * z(text[allowed]), together)
    if fit is not None:
        channel = channel - 0.5 * fit.unknown[allowed]
    if order == "proportional":
        served, left = np.zeros(liked), np.ones(len(allowed), bool)
        likelihood = np.exp(channel / 0.5)
        for place in places:
            score = (somebody.liked_weights / (2 * served + 1)) @ likelihood
            assert score[place] >= score[left].max() * (1 - 1e-4)
            served += somebody.liked_weights * likelihood[:, place] / (somebody.liked_weights @ likelihood[:, place])
            left[place] = False
        return
    if order == "merge":
        # Ranks of float32 numbers may swap within a rounding error; then the two merged scores need not be near.
        gaps = np.diff(np.sort(channel, axis=1), axis=1)
        if (gaps < 1e-5).any():
            return
        ranks = (-channel).argsort(axis=1).argsort(axis=1) + 1
        score = somebody.liked_weights @ (1 / (5 + ranks))
    else:
        (score,) = channel
    by_place = score[np.searchsorted(allowed, found.venues)]
    assert (np.diff(by_place) <= 1e-5).all()


@settings(deadline=None)
@given(
    seed=st.integers(0, 2**32), venues=st.integers(1, 30), liked=st.integers(1, 4), disliked=st.integers(0, 3),
    strategy=st.sampled_from(["max", "top3", "top5", "average_vector", "best_score", "sum_scores"]),
)  # fmt: skip
def test_a_venue_scores_as_its_best_photo_under_every_strategy(
    seed: int, venues: int, liked: int, disliked: int, strategy: Strategy
) -> None:
    rng = np.random.default_rng(seed)
    laid_out, photos, venue_of = catalogue(rng, venues)
    somebody = person(rng, liked, disliked)
    options = RecommendOptions(strategy=strategy, length=venues, lists=ListOptions(order="plain"))
    (found,) = recommend([somebody], laid_out, options)
    plus = somebody.liked.astype(np.float64) @ photos.T.astype(np.float64)
    minus = somebody.disliked.astype(np.float64) @ photos.T.astype(np.float64)

    def of(venue: int) -> float:
        mine = venue_of == venue
        near, far = plus[:, mine], minus[:, mine]
        if strategy == "sum_scores":
            return float((near.sum(axis=0) - far.sum(axis=0)).max())
        if strategy == "average_vector":
            query = somebody.liked.mean(axis=0) * (2 if disliked else 1)
            query = query - (somebody.disliked.mean(axis=0) if disliked else 0)
            return float((photos[mine] @ (query / np.linalg.norm(query))).max())
        if strategy == "best_score":
            scores = []
            for photo in range(near.shape[1]):
                liking = near[:, photo].max()
                hating = far[:, photo].max() if disliked else -np.inf
                value = liking if liking > hating else hating
                squashed = 0.5 * (value / (1 + abs(value)) + 1)
                scores.append(squashed if liking > hating else -squashed)
            return float(max(scores))
        if strategy == "max":
            return float(near.max() - (0.25 * far.max() if disliked else 0))
        count = int(strategy.removeprefix("top"))
        nearest = np.sort(near, axis=1)[:, -count:].mean(axis=1)
        disliked_most = np.sort(far, axis=1)[:, -count:].mean(axis=1)
        return float(somebody.liked_weights @ nearest - 0.25 * (somebody.disliked_weights @ disliked_most))

    scores = np.array([of(venue) for venue in range(venues)])
    assert (np.diff(scores[found.venues]) <= 1e-5).all()
    assert sorted(found.venues.tolist()) == list(range(venues))


@given(seed=st.integers(0, 2**32), clusters=st.integers(1, 5), venues=st.integers(1, 20))
def test_the_mixture_is_the_formula_and_lies_between_its_limits(seed: int, clusters: int, venues: int) -> None:
    rng = np.random.default_rng(seed)
    similarities, weights = rng.random((clusters, venues)), rng.dirichlet(np.ones(clusters))
    spread = similarities.std() if clusters * venues > 1 else 1.0
    scaled = (similarities - similarities.mean()) / max(spread, 1e-12)
    np.testing.assert_allclose(mixture(similarities, weights), np.log(weights @ np.exp(scaled / 0.5)), atol=1e-9)
    hot = 1e3 * mixture(similarities, weights, 1e3)
    np.testing.assert_allclose(hot, weights @ scaled, atol=0.02)
    cold = 1e-3 * mixture(similarities, weights + 1e-3, 1e-3)
    np.testing.assert_allclose(cold, scaled.max(axis=0), atol=0.02)


def test_the_mixture_prefers_what_serves_one_taste_well_to_what_serves_both_a_little() -> None:
    similarities = np.array([[0.9, 0.6, 0.3, 0.3], [0.3, 0.6, 0.9, 0.3]])
    order = np.argsort(-mixture(similarities, np.array([0.6, 0.4]))).tolist()
    assert order == [0, 2, 1, 3]
    rng = np.random.default_rng(12)
    laid_out, _, _ = catalogue(rng, 15)
    (found,) = recommend([person(rng, 3, 1)], laid_out, RecommendOptions(strategy="mixture"))
    assert sorted(found.venues.tolist()) == list(range(15))
    assert found.standing.shape == (3, 15)


def test_words_alone_order_a_list_and_no_score_below_the_least_is_listed() -> None:
    rng = np.random.default_rng(9)
    laid_out, _, _ = catalogue(rng, 12)
    words = rng.random(12)
    somebody = PersonTaste(NOBODY, np.zeros(0), NOBODY, np.zeros(0), text=words)
    (found,) = recommend([somebody], laid_out)
    assert found.venues.tolist() == np.argsort(-words).tolist()
    assert found.visual is None
    assert found.standing.shape == (0, 12)
    np.testing.assert_allclose(found.score, np.sort(words)[::-1])
    (few,) = recommend([somebody], laid_out, RecommendOptions(min_score=float(np.median(words))))
    assert few.venues.tolist() == found.venues.tolist()[:6]
    taste = person(rng, 2, 1)
    (all_venues,) = recommend([taste], laid_out)
    least = float(np.median(all_venues.score))
    (some,) = recommend([taste], laid_out, RecommendOptions(min_score=least))
    assert 0 < len(some.venues) < 12
    assert (some.score >= least - 1e-6).all()
    assert set(some.venues) == set(all_venues.venues[all_venues.score >= least - 1e-6])


def test_without_venues_lists_are_empty() -> None:
    nothing = catalogue_of(NOBODY, np.zeros(0, np.intp), 0)
    (found,) = recommend([person(np.random.default_rng(0), 2)], nothing)
    assert len(found.venues) == len(found.score) == 0


@pytest.mark.parametrize(
    "wrong", [{"length": 0}, {"dislike": -1.0}, {"temperature": 0.0}, {"text_weight": float("nan")}]
)
def test_options_refuse_what_cannot_be(wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError, match=next(iter(wrong))):
        RecommendOptions(**wrong)  # type: ignore[arg-type]


def test_a_list_does_not_depend_on_who_else_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(5)
    laid_out, _, _ = catalogue(rng, 20)
    people = [person(rng, count, count % 2) for count in (1, 4, 2, 3, 1)]
    together = [found.venues.tolist() for found in recommend(people, laid_out)]
    monkeypatch.setattr(module, "QUERIES_AT_ONCE", 3)
    assert [found.venues.tolist() for found in recommend(people, laid_out)] == together
    alone = [next(iter(recommend([somebody], laid_out))).venues.tolist() for somebody in people]
    assert alone == together


def test_somebody_without_a_taste_has_no_order() -> None:
    rng = np.random.default_rng(6)
    laid_out, _, _ = catalogue(rng, 3)
    with pytest.raises(ValueError, match="without a liked cluster"):
        list(recommend([PersonTaste(NOBODY, np.zeros(0), NOBODY, np.zeros(0))], laid_out))


def test_both_tastes_of_a_person_with_two_lead_the_merge_and_the_middle_does_not() -> None:
    """The reason for it all: great barns and great lofts, not the mediocre middle."""
    axis = np.eye(DIM, dtype=np.float32)
    middle = (axis[0] + axis[1]) / np.sqrt(2)
    photos = np.stack([axis[0], axis[1], middle, axis[2]])
    laid_out = catalogue_of(photos, np.arange(4), 4)
    two = PersonTaste(axis[:2], np.array([0.5, 0.5]), NOBODY, np.zeros(0))
    (found,) = recommend([two], laid_out, RecommendOptions(lists=ListOptions("merge", mean_mix=0)))
    assert set(found.venues[:2].tolist()) == {0, 1}
    assert found.venues[3] == 3


@given(seed=st.integers(0, 2**32), clusters=st.integers(1, 5), venues=st.integers(1, 40), length=st.integers(1, 50))
def test_slots_are_dealt_in_proportion_and_no_venue_twice(seed: int, clusters: int, venues: int, length: int) -> None:
    rng = np.random.default_rng(seed)
    similarities, weights = rng.random((clusters, venues)), rng.dirichlet(np.ones(clusters)) + 1e-3
    chosen = slots(similarities, weights, length)
    assert len(set(chosen.tolist())) == len(chosen) == min(length, venues)
    assert chosen[0] == similarities[weights.argmax()].argmax()


def test_slots_serve_a_rare_taste() -> None:
    similarities = np.stack([np.linspace(1, 0, 100), np.linspace(0, 1, 100)])
    chosen = slots(similarities, np.array([0.9, 0.1]), 20)
    assert int((chosen >= 80).sum()) == 2


def test_mmr_without_diversity_is_the_plain_order_and_with_it_turns_to_the_other_taste() -> None:
    profiles = np.array([[2.0, -1.0], [1.9, -1.0], [-1.0, 1.0]])
    scores = np.array([3.0, 2.9, 1.0])
    assert mmr(scores, profiles, 3, 0.0).tolist() == [0, 1, 2]
    assert mmr(scores, profiles, 2, 0.7).tolist() == [0, 2]


@given(seed=st.integers(0, 2**32), clusters=st.integers(1, 5), mix=st.floats(0, 3))
def test_mixed_queries_are_of_unit_length(seed: int, clusters: int, mix: float) -> None:
    rng = np.random.default_rng(seed)
    centroids, weights = unit(rng, clusters), rng.dirichlet(np.ones(clusters))
    queries = mixed_queries(centroids, weights, mix)
    np.testing.assert_allclose(np.linalg.norm(queries, axis=1), 1, atol=1e-6)
    if clusters == 1 or mix == 0:
        np.testing.assert_allclose(queries, centroids, atol=1e-6)


def test_the_merge_is_the_formula() -> None:
    similarities = np.array([[0.9, 0.5, 0.1], [0.2, 0.3, 0.8]])
    expected = [0.6 / 6 + 0.4 / 8, 0.6 / 7 + 0.4 / 7, 0.6 / 8 + 0.4 / 6]
    assert merged(similarities, np.array([0.6, 0.4])) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("photos", "venue_of", "venues", "complaint"),
    [
        (np.eye(2, DIM), [0], 1, "need vectors"),
        (np.eye(2, DIM), [0, 1], 1, "venue_of must be"),
        (np.eye(2, DIM), [0, 0], 2, "venue 1 has no photo"),
        (np.eye(2, DIM) * 2, [0, 1], 2, "unit length"),
        (np.full((1, DIM), np.nan), [0], 1, "unit length"),
    ],
)
def test_a_catalogue_refuses_what_cannot_be_ranked(
    photos: NDArray[np.float64], venue_of: list[int], venues: int, complaint: str
) -> None:
    with pytest.raises(ValueError, match=complaint):
        catalogue_of(photos, np.array(venue_of), venues)


@pytest.mark.parametrize("wrong", [{"rrf_k": -1}, {"mean_mix": -0.1}, {"diversity": 1.5}])
def test_list_options_refuse_what_cannot_be(wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError, match=next(iter(wrong))):
        ListOptions(**wrong)  # type: ignore[arg-type]
