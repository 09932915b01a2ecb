"""What a search by a reader needs: vectors of venues' photographs and summaries, their spaces, how each is indexed.

The views are simple enough for the planner to see through, so that a search that asks for one space and orders by
`embedding::halfvec(dim)` uses that space's index on the table beneath.
"""

from __future__ import annotations

from typing import Final

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_VIEWS: Final[dict[str, tuple[str, str, dict[str, str]]]] = {
    "embedding_spaces": (
        "Every embedding space: one model's vectors. Vectors of different spaces must never be compared.",
        """
        SELECT spaces.space_id, spaces.modality, spaces.model, spaces.revision, spaces.dim,
            current.space_id IS NOT NULL AS is_current
        FROM embedding_spaces AS spaces
        LEFT JOIN current_spaces AS current
            ON current.modality = spaces.modality AND current.space_id = spaces.space_id
        """,
        {
            "space_id": "Key. Made of model, revision and dimension.",
            "modality": "image (photographs, and the short texts of a two-tower model) or text (documents).",
            "model": "The encoder, as its setting names it.",
            "revision": "Tells two versions of its weights apart.",
            "dim": "Dimensions of its vectors.",
            "is_current": "Whether tastes and lists are made in it: true for at most one space of each modality.",
        },
    ),
    "index_settings": (
        "How each space is searched, and how well that was seen to work. Without a row nobody has looked: search "
        "exactly.",
        """
        SELECT space_id, kind, rows, m, ef_construction, ef_search, target_recall, measured_recall, p95_ms, built_at
        FROM index_settings
        """,
        {
            "space_id": "A space of serving.embedding_spaces. Unique together with kind.",
            "kind": "exact (there is no index: compare all) or hnsw (order by embedding::halfvec(dim)).",
            "rows": "Vectors in the space when it was looked at.",
            "m": "Of the index; null when exact.",
            "ef_construction": "Of the index; null when exact.",
            "ef_search": "What to set hnsw.ef_search to, to reach the recall below; null when exact.",
            "target_recall": "What was asked for.",
            "measured_recall": "Mean recall@20 at ef_search; 1 when exact.",
            "p95_ms": "95th percentile of a query's time at ef_search; null when exact.",
            "built_at": "When that was measured.",
        },
    ),
    "photo_embeddings": (
        "Vectors of the photographs of serving.venue_photos, a row for each venue that shows one. What people pinned "
        "is not among them.",
        """
        SELECT shown.venue_id, shown.photo_id, shown.position, embedded.space_id, embedded.embedding
        FROM photo_embeddings AS embedded
        JOIN venue_photos AS shown ON shown.photo_id = embedded.photo_id
        JOIN venues ON venues.venue_id = shown.venue_id
        WHERE venues.status IN ('crawled', 'failing') AND venues.crawled_at IS NOT NULL
        """,
        {
            "venue_id": "A venue of serving.venues. Unique together with photo_id and space_id.",
            "photo_id": "A photograph of serving.venue_photos.",
            "position": "Its place on the venue's site, from 0.",
            "space_id": "A space of serving.embedding_spaces. Ask for one: an index holds one space.",
            "embedding": "Of length 1.",
        },
    ),
    "summary_embeddings": (
        "Vectors of the summaries of serving.venues.",
        """
        SELECT embedded.venue_id, embedded.field, embedded.space_id, embedded.embedding
        FROM summary_embeddings AS embedded
        JOIN venues ON venues.venue_id = embedded.venue_id
        WHERE venues.status IN ('crawled', 'failing') AND venues.crawled_at IS NOT NULL
        """,
        {
            "venue_id": "A venue of serving.venues. Unique together with field and space_id.",
            "field": "aesthetic, factual or vibe: the column of serving.venues that was embedded.",
            "space_id": "A space of serving.embedding_spaces. Ask for one: an index holds one space.",
            "embedding": "Of the text as a document, of length 1. Encode what is asked as a query.",
        },
    ),
}


def upgrade() -> None:
    """Create the views with their comments."""
    for name, (comment, query, columns) in _VIEWS.items():
        op.execute(f"CREATE VIEW serving.{name} AS {query}")
        op.execute(f"COMMENT ON VIEW serving.{name} IS {_literal(comment)}")
        for column, meaning in columns.items():
            op.execute(f"COMMENT ON COLUMN serving.{name}.{column} IS {_literal(meaning)}")
        op.execute(f"GRANT SELECT ON serving.{name} TO venue_taste_reader")


def _literal(words: str) -> str:
    # Alembic runs text through SQLAlchemy, to which a colon before a name is a parameter.
    return "'" + words.replace("'", "''").replace(":", "\\:") + "'"


def downgrade() -> None:
    """Take them away."""
    for name in reversed(_VIEWS):
        op.execute(f"DROP VIEW serving.{name}")
