"""Checking a `PictureSpec`, and the random stream that a spec alone decides."""

from __future__ import annotations

from hashlib import blake2b
from random import Random

from demo.aesthetics import BY_SLUG, OFF_TOPIC, SCENES
from demo.world.model import PictureSpec

SMALLEST_SIDE = 16
LARGEST_SIDE = 4096
_WEIGHT_TOLERANCE = 1e-6


def check(spec: PictureSpec) -> None:
    """Raise a `ValueError` that names what is wrong with `spec`, if anything is."""
    _check_mixture(spec.mixture)
    if spec.scene not in SCENES:
        raise ValueError(f"unknown scene {spec.scene!r}: one of {', '.join(SCENES)}")
    if spec.seed < 0:
        raise ValueError(f"seed must not be negative: {spec.seed}")
    for side, pixels in (("width", spec.width), ("height", spec.height)):
        if not SMALLEST_SIDE <= pixels <= LARGEST_SIDE:
            raise ValueError(f"{side} must be {SMALLEST_SIDE} to {LARGEST_SIDE} pixels, not {pixels}")


def _check_mixture(mixture: tuple[tuple[str, float], ...]) -> None:
    if not mixture:
        raise ValueError("mixture is empty: name at least one aesthetic")
    slugs = [slug for slug, _ in mixture]
    for slug in slugs:
        if slug not in BY_SLUG and slug not in OFF_TOPIC:
            raise ValueError(f"unknown aesthetic or subject {slug!r} in mixture")
    if len(set(slugs)) != len(slugs):
        raise ValueError(f"mixture names an aesthetic twice: {slugs}")
    if len(slugs) > 1 and any(slug in OFF_TOPIC for slug in slugs):
        raise ValueError(f"an off-topic subject cannot be mixed: {slugs}")
    if any(not weight > 0 for _, weight in mixture):
        raise ValueError(f"mixture weights must be positive: {mixture}")
    total = sum(weight for _, weight in mixture)
    if abs(total - 1.0) > _WEIGHT_TOLERANCE:
        raise ValueError(f"mixture weights must sum to 1, not {total:g}")


def stream(spec: PictureSpec, purpose: str) -> Random:
    """A random stream for one purpose, equal in every process; the size of the picture has no part in it."""
    mixture = ",".join(f"{slug}:{weight:.6f}" for slug, weight in spec.mixture)
    key = f"{purpose}|{mixture}|{spec.scene}|{spec.seed}"
    return Random(int.from_bytes(blake2b(key.encode(), digest_size=8).digest(), "big"))
