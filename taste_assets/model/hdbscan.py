"""HDBSCAN (Campello, Moulavi and Sander, PAKDD 2013): clusters of any density, and pins that belong to none."""

from __future__ import annotations

import numpy as np

from taste_assets.model.vectors import Floats, Ints


def hdbscan_labels(rows: Floats, least_pins: int) -> Ints:
    """Cluster of each row, (n,), counted from 0; -1 for rows in no cluster.

    Args:
        rows: (n, d) unit vectors; Euclidean distance, which on these ranks pairs as cosine similarity does.
        least_pins: the smallest cluster, at least 2 and at most n.
    """
    from sklearn.cluster import HDBSCAN

    return np.asarray(HDBSCAN(min_cluster_size=least_pins, copy=True).fit_predict(rows), dtype=np.intp)
