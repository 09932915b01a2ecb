"""Hashed n-grams: the same everywhere, similar for similar words, never the zero vector."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from resources.encoders.lexical import LexicalEncoder
from resources.encoders.protocols import TextEncoder

PROJECT = Path(__file__).resolve().parents[3]


def encode(*texts: str) -> np.ndarray:
    return LexicalEncoder().encode_documents(texts)


@given(st.lists(st.text().filter(str.strip), min_size=1, max_size=4))
def test_every_text_has_a_unit_vector_that_depends_on_it_alone(texts: list[str]) -> None:
    together = encode(*texts)
    assert together.shape == (len(texts), 768)
    assert together.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(together, axis=1), 1, atol=1e-6)
    np.testing.assert_array_equal(together, np.concatenate([encode(text) for text in texts]))


def test_another_process_makes_the_same_vectors() -> None:
    script = "from resources.encoders.lexical import LexicalEncoder as E; import sys; " \
             "sys.stdout.write(E().encode_documents(['a stone barn by the sea']).tobytes().hex())"  # fmt: skip
    outputs = {
        subprocess.run(
            [sys.executable, "-c", script], cwd=PROJECT, capture_output=True, text=True, check=True,
            env={**os.environ, "PYTHONHASHSEED": seed},
        ).stdout
        for seed in ("1", "2")
    }  # fmt: skip
    assert outputs == {encode("a stone barn by the sea").tobytes().hex()}


def test_what_shares_words_is_nearer_than_what_does_not() -> None:
    query, *found = encode(
        "rustic barns with string lights",
        "A rustic barn strung with lights.",
        "The barnyard is lit.",
        "A hotel ballroom.",
    )
    scores = [float(query @ vector) for vector in found]
    assert scores == sorted(scores, reverse=True)
    assert scores[0] > 0.4
    assert abs(scores[2]) < 0.15


def test_case_accents_and_small_words_do_not_matter() -> None:
    one, other = encode("The Château of the VALLEY", "château valley".replace("â", "a"))
    assert one @ other == pytest.approx(1, abs=1e-6)


def test_it_is_a_text_encoder_and_refuses_blanks() -> None:
    assert isinstance(LexicalEncoder(), TextEncoder)
    assert LexicalEncoder.space.dim == 768
    assert LexicalEncoder.space.model == "lexical"
    assert LexicalEncoder().encode_queries([]).shape == (0, 768)
    with pytest.raises(ValueError, match="blank"):
        encode("fine", "  ")
