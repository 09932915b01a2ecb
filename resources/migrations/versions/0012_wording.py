"""Comments of `serving.recommendations` that say what contributions are shares of, and which words count."""

from __future__ import annotations

from importlib import import_module
from typing import Final

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_COMMENTS: Final = {
    "text_score": "How the person's words order it, in standard deviations likewise; null without words, and where "
    "they tell no venue from another.",
    "matches": "Why: for each taste an object of cluster_id, cluster_index, label, weight, photo_id (the venue's photo "
    "that is nearest to it), similarity (cosine), standing (standard deviations above the average venue), contribution "
    "(share of what the tastes add before dislikes; 0 where none adds), medoid_pin_id, medoid_photo_id. Highest "
    "standing first. Empty where no taste is known.",
    "kind": "taste (from pictures they pinned or rated), words (from preference_text), or curated (nothing known that "
    "they like: venues that together show every look).",
}


def upgrade() -> None:
    """Say it."""
    _comment(_COMMENTS)


def downgrade() -> None:
    """Say what was said before."""
    before = import_module("resources.migrations.versions.0008_serving_views")._VIEWS["recommendations"][2]
    _comment({column: before[column] for column in _COMMENTS})


def _comment(comments: dict[str, str]) -> None:
    for column, meaning in comments.items():
        # Alembic runs text through SQLAlchemy, to which a colon before a name is a parameter.
        words = meaning.replace("'", "''").replace(":", "\\:")
        op.execute(f"COMMENT ON COLUMN serving.recommendations.{column} IS '{words}'")
