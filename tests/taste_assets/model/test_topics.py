"""What pictures are about: nearer to the words of the subject or of something else, beyond what is ordinary."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from taste_assets.model.labels import label_baseline
from taste_assets.model.topics import Words, off_topic_share
from tests.taste_assets.model.pictures import Vectors, unit

BARN, LOFT, CAT, DOG = np.eye(8, dtype=np.float32)[:4]


def showing(*things: Vectors) -> Vectors:
    """Pictures of these things, with what all pictures share."""
    return unit(np.stack(things).astype(np.float64) + 2 * np.eye(8)[7])


def words(*texts: Vectors) -> Words:
    rows = np.stack(texts).astype(np.float64)
    return Words(rows, label_baseline(showing(BARN, LOFT, BARN, LOFT), rows))


@given(st.lists(st.sampled_from(["barn", "loft", "cat", "dog"]), min_size=1, max_size=12))
def test_the_share_of_pictures_of_something_else(shown: list[str]) -> None:
    things = {"barn": BARN, "loft": LOFT, "cat": CAT, "dog": DOG}
    pictures = showing(*(things[name] for name in shown))
    expected = sum(name in {"cat", "dog"} for name in shown) / len(shown)
    assert off_topic_share(pictures, words(BARN, LOFT), words(CAT, DOG)) == expected


def test_words_that_lie_near_every_picture_say_nothing() -> None:
    """A text about something else that is nearer to all pictures than any other, as short texts are."""
    near_all = unit((np.eye(8)[7] + 0.3 * CAT)[None])[0]
    barns = showing(BARN, BARN, LOFT)
    assert (barns @ near_all > barns @ BARN).all()
    assert off_topic_share(barns, words(BARN, LOFT), words(near_all)) == 0
    assert off_topic_share(showing(CAT), words(BARN, LOFT), words(near_all)) == 1
