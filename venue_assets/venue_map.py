"""The asset `venue_map`: a picture of all venues by likeness, for people who look at Dagster. It writes no table."""

# No `from __future__ import annotations` in asset modules: Dagster reads the parameters' annotations themselves.
import base64
import io
import uuid
from typing import Final

import dagster as dg
import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageOps
from sqlalchemy import Connection, select

from resources.database_resource import DatabaseResource
from resources.photo_store import PhotoStore
from resources.photo_store_resource import PhotoStoreResource
from resources.schema import photo_embeddings, venue_centroids, venue_photos, venues
from resources.spaces import EmbeddingSpace, current_space
from resources.vectors import photo_vectors

_SIDE: Final = 900  # pixels
_MARGIN: Final = 40
_TILE: Final = 56
_DOT: Final = 4
_QUALITY: Final = 75


@dg.asset(
    group_name="venues", kinds={"numpy", "jpeg"}, owners=["team:venue-taste"], deps=["venue_centroids", "venue_photos"]
)
def venue_map(database: DatabaseResource, photo_store: PhotoStoreResource) -> dg.MaterializeResult[None]:
    """All venues on a plane, alike ones near each other: the two main directions of their centroids.

    Each venue is the photograph nearest to its centroid where there is room for it, else a dot.
    """
    with database.engine.connect() as connection:
        space = current_space(connection, "image")
        if space is None:
            return dg.MaterializeResult(
                metadata={"venues": 0, "map": dg.MetadataValue.md("no image space is complete")}
            )
        ids, centroids = _centroids(connection, space)
        if len(ids) < 3:
            return _no_map(len(ids), "too few venues have a centroid")
        places, explained = principal_plane(centroids)
        picture = draw_map(places, ids, centroids, connection, space, photo_store.open())
    return dg.MaterializeResult(
        metadata={
            "venues": len(ids),
            "space": space.space_id,
            "variance shown": float(explained),
            "map": dg.MetadataValue.md(f"![venues by likeness](data:image/jpeg;base64,{picture})"),
        }
    )


def _no_map(count: int, reason: str) -> dg.MaterializeResult[None]:
    return dg.MaterializeResult(metadata={"venues": count, "map": dg.MetadataValue.md(reason)})


def principal_plane(vectors: npt.NDArray[np.float32]) -> tuple[npt.NDArray[np.float64], float]:
    """Coordinates in the plane of greatest variance, and the share of the variance that it shows.

    Principal component analysis by singular value decomposition of the centred rows. The sign of each axis is chosen
    so that its largest coordinate is positive: the same map every time.

    Args:
        vectors: (n, dim), n at least 3.

    Returns:
        (n, 2) coordinates, and the share, 0 to 1.
    """
    centred = vectors - vectors.mean(axis=0, dtype=np.float64)
    left, singular, _ = np.linalg.svd(centred, full_matrices=False)
    places = left[:, :2] * singular[:2]
    largest = np.abs(places).argmax(axis=0)
    places = places * np.where(places[largest, [0, 1]] < 0, -1.0, 1.0)
    total = float(np.sum(singular**2))
    return places, float(np.sum(singular[:2] ** 2)) / total if total else 1.0


def draw_map(
    places: npt.NDArray[np.float64],
    ids: list[uuid.UUID],
    centroids: npt.NDArray[np.float32],
    connection: Connection,
    space: EmbeddingSpace,
    store: PhotoStore,
) -> str:
    """The map as a JPEG in base64."""
    span = np.ptp(places, axis=0)
    unit = (places - places.min(axis=0)) / np.where(span > 0, span, 1)
    spots = _MARGIN + unit * (_SIDE - 2 * _MARGIN)
    sheet = Image.new("RGB", (_SIDE, _SIDE), "white")
    draw = ImageDraw.Draw(sheet)
    pictured = _with_room(spots)
    for number in pictured:
        photo = _typical_photo(connection, space, ids[number], centroids[number])
        tile = ImageOps.fit(Image.open(io.BytesIO(store.get(photo))).convert("RGB"), (_TILE, _TILE))
        x, y = np.clip(spots[number] - _TILE / 2, 0, _SIDE - _TILE)
        sheet.paste(tile, (int(x), int(y)))
    for x, y in np.delete(spots, pictured, axis=0):
        draw.ellipse((x - _DOT, y - _DOT, x + _DOT, y + _DOT), fill="#3d5a80", outline="white")
    encoded = io.BytesIO()
    sheet.save(encoded, "JPEG", quality=_QUALITY)
    return base64.b64encode(encoded.getvalue()).decode()


def _with_room(spots: npt.NDArray[np.float64]) -> list[int]:
    """Venues whose thumbnails do not touch each other, taken in the order of their ids."""
    chosen: list[int] = []
    for number, spot in enumerate(spots):
        if np.all(np.abs(spots[chosen] - spot).max(axis=1) >= _TILE):
            chosen.append(number)
    return chosen


def _centroids(connection: Connection, space: EmbeddingSpace) -> tuple[list[uuid.UUID], npt.NDArray[np.float32]]:
    stored = venue_centroids.c
    rows = connection.execute(
        select(stored.venue_id, stored.embedding)
        .join(venues, venues.c.venue_id == stored.venue_id)
        .where(stored.space_id == space.space_id, venues.c.status != "retired")
        .order_by(stored.venue_id)
    ).all()
    matrix = np.array([row.embedding for row in rows], dtype=np.float32).reshape(len(rows), space.dim)
    return [row.venue_id for row in rows], matrix


def _typical_photo(
    connection: Connection, space: EmbeddingSpace, venue: uuid.UUID, centroid: npt.NDArray[np.float32]
) -> str:
    shown = select(venue_photos.c.photo_id).where(
        venue_photos.c.venue_id == venue,
        venue_photos.c.photo_id.in_(
            select(photo_embeddings.c.photo_id).where(photo_embeddings.c.space_id == space.space_id)
        ),
    )
    found = photo_vectors(connection, space.space_id, connection.scalars(shown).all())
    return found.photo_ids[int(np.argmax(found.matrix @ centroid))]
