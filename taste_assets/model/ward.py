"""Ward's clustering with a distance cut, the method of PinnerSage (Pal et al., KDD 2020)."""

from __future__ import annotations

import numpy as np

from taste_assets.model.vectors import Floats, Ints


def ward_labels(rows: Floats, distance_cut: float) -> Ints:
    """Cluster of each row, (n,), counted from 0: merges by least increase of variance while that costs at most the cut.

    The distance of two clusters is sqrt(2 |A||B| / (|A| + |B|)) times the distance of their means, as in SciPy's
    `linkage` and scikit-learn's `AgglomerativeClustering`; between two vectors it is their Euclidean distance,
    sqrt(2 - 2 s).

    Args:
        rows: (n, d) unit vectors, n >= 2.
        distance_cut: merges that would cost more are not made.
    """
    from scipy.cluster.hierarchy import fcluster, linkage  # type: ignore[import-untyped]

    labels: Ints = fcluster(linkage(rows, "ward"), distance_cut, "distance").astype(np.intp) - 1
    return labels
