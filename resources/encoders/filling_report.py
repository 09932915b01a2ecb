"""How an asset that fills a space goes about it and what it tells Dagster: the same for venues' photos and for pins.

What is encoded, and how, is `filling`'s business; which pictures, the asset's.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Final, Literal

import dagster as dg
from sqlalchemy import Engine

from resources.encoders.filling import Filled, fill_space
from resources.encoders.protocols import ImageEncoder
from resources.partitions import PARTITION_ROWS
from resources.photo_store import PhotoStore
from resources.spaces import adopt_first_space

ENCODER_POOL: Final = "encoder"
"""Concurrency pool of runs that load a model: two at a time share the same cores and memory for no gain."""

_SHOWN: Final = 50

Pictures = Literal["photos", "pictures"]


def fill_with_log(
    log: logging.Logger,
    engine: Engine,
    store: PhotoStore,
    encoder: ImageEncoder,
    missing: Sequence[str],
    what: Pictures,
) -> Filled:
    """Encode what is missing, saying how far it is and what has no vector; the first space filled becomes current.

    With nothing missing no model is loaded.
    """
    filled = Filled()
    if missing:
        log.info("%d %s lack a vector in %s", len(missing), what, encoder.space.space_id)

        def say(so_far: Filled) -> None:
            done, total, speed = len(so_far.written), len(missing), so_far.photos_per_second
            log.info("%d of %d %s, %.1f a second", done, total, what, speed)

        filled = fill_space(engine, store, encoder, missing, say)
    for photo_id, reason in list(_failures(filled).items())[:_SHOWN]:
        log.warning("%s of %s has no vector: %s", photo_id, what, reason)
    with engine.begin() as connection:
        if adopt_first_space(connection, encoder.space):
            log.info("readers now compare photos in %s", encoder.space.space_id)
    return filled


def filling_metadata(
    encoder: ImageEncoder, filled: Filled, mine: frozenset[str], what: Pictures, *, rows: int
) -> dict[str, dg.MetadataValue]:
    """What a run did for the pictures of one bucket, `mine`; speed, device and precision are the whole run's.

    Args:
        encoder: that filled the space.
        filled: by the whole run.
        mine: ids of the bucket's pictures.
        what: to call them.
        rows: how many of them have a vector now.
    """
    written = mine.intersection(filled.written)
    failed = {photo: why for photo, why in _failures(filled).items() if photo in mine}
    done: dict[str, dg.MetadataValue] = {
        PARTITION_ROWS: dg.MetadataValue.int(rows),
        "space": dg.MetadataValue.text(encoder.space.space_id),
        "model": dg.MetadataValue.text(encoder.space.model),
        what: dg.MetadataValue.int(len(mine)),
        "embedded now": dg.MetadataValue.int(len(written)),
        "skipped": dg.MetadataValue.int(len(mine) - len(written) - len(failed)),
        "failed now": dg.MetadataValue.int(len(failed)),
        "failures": dg.MetadataValue.json(dict(list(failed.items())[:_SHOWN])),
    }
    if filled.seconds:
        done |= {
            f"{what} per second": dg.MetadataValue.float(filled.photos_per_second),
            "device": dg.MetadataValue.text(encoder.runtime.device),
            "dtype": dg.MetadataValue.text(encoder.runtime.dtype),
        }
    return done


def _failures(filled: Filled) -> dict[str, str]:
    return filled.unreadable | filled.absent
