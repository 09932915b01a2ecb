"""The text encoder without weights: hashed n-grams of words and letters. It matches words, not meanings.

For machines without a model. "Barn" finds "barns" and "barnyard", and does not find "farmhouse". Queries have to be in
the language of the documents: "Scheune" finds no barn, and what similarity it has is chance. A text without a feature
(stop words, punctuation, emoji) is about as near to one document as to any other; whoever ranks by it has to see that.
Stateless: a text's vector depends on nothing but the text, in any process on any machine.
"""

from __future__ import annotations

import hashlib
import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Final

import numpy as np

from resources.encoders.protocols import Runtime, Vectors
from resources.encoders.vectors import make_space, require_words, unit_rows
from resources.spaces import EmbeddingSpace

DIM: Final = 768
_VERSION: Final = "1"  # to be raised with any change of the features: another version is another space
_WORD: Final = re.compile(r"\w+")
_LETTERS: Final = (3, 4, 5)
_WORD_WEIGHT: Final = 1.0
_PAIR_WEIGHT: Final = 0.7
_LETTERS_WEIGHT: Final = 0.35  # a word has many, and together they should weigh about as much as the word
_PRESENCE: Final = 1e-3
# They stand in every text and say nothing about it; without a corpus there is no inverse frequency to find them by.
_STOP_WORDS: Final = frozenset(
    {
        "a", "an", "and", "are", "as", "at", "be", "by", "for", "from", "has", "have", "in", "is", "it", "its", "of",
        "on", "or", "our", "that", "the", "their", "this", "to", "was", "we", "were", "will", "with", "you", "your",
    }
)  # fmt: skip


class LexicalEncoder:
    """Signed feature hashing (Weinberger et al. 2009, arXiv 0902.2206) of word and letter n-grams, L2-normalised.

    Counts are damped (1 + ln n). Words of one, pairs of neighbours, and 3 to 5 letters of each word with its edges
    marked. The last dimension is nobody's but a small constant's, so that no text has the zero vector.
    """

    space: Final[EmbeddingSpace] = make_space("text", "lexical", f"version {_VERSION}", DIM)
    runtime: Final = Runtime("cpu", "float32", 256)

    def encode_documents(self, texts: Sequence[str]) -> Vectors:
        """Vectors of texts, shape (n, 768).

        Raises:
            ValueError: a text is blank.
        """
        require_words(texts)
        matrix = np.zeros((len(texts), DIM))
        matrix[:, -1] = _PRESENCE
        for row, text in zip(matrix, texts, strict=True):
            for (feature, weight), count in Counter(_features(text)).items():
                column, sign = _slot(feature)
                row[column] += sign * weight * (1 + math.log(count))
        return unit_rows(matrix)

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """The same as of documents."""
        return self.encode_documents(texts)


def _features(text: str) -> Iterator[tuple[str, float]]:
    words = [word for word in _WORD.findall(_folded(text)) if word not in _STOP_WORDS]
    for word in words:
        yield f"w:{word}", _WORD_WEIGHT
        edged = f"<{word}>"
        for length in _LETTERS:
            for start in range(len(edged) - length + 1):
                yield f"c:{edged[start : start + length]}", _LETTERS_WEIGHT
    for one, next_one in pairwise(words):
        yield f"p:{one} {next_one}", _PAIR_WEIGHT


def _folded(text: str) -> str:
    """Lower case without accents: "Château" and "chateau" are one word."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(character for character in decomposed if not unicodedata.combining(character))


@lru_cache(maxsize=1 << 17)
def _slot(feature: str) -> tuple[int, float]:
    digest = int.from_bytes(hashlib.blake2b(feature.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big")
    return (digest >> 1) % (DIM - 1), 1.0 if digest & 1 else -1.0
