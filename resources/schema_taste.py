"""Tables of people, what they pinned and rated, the tastes found in it, and what is recommended to them."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    Double,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSON, JSONB
from sqlalchemy.schema import SchemaItem

from resources.identity import USER_BUCKETS
from resources.schema_columns import (
    bucket_columns,
    metadata,
    now_column,
    one_of,
    space_columns,
    time_column,
    unit_vector,
    user_column,
    venue_column,
)

users = Table(
    "users",
    metadata,
    Column("user_id", Uuid, primary_key=True),
    Column("handle", Text, nullable=False, unique=True),
    *bucket_columns(USER_BUCKETS),
    now_column("connected_at"),
    Column("preferences", JSONB, nullable=False, server_default=text("'{}'::jsonb")),
    Column("preference_text", Text),
    # Ratings count as r - tau; null: the default of `taste_assets.model.ratings`.
    Column("rating_tau", Double),
    # Whether others may be told that they share this person's taste.
    Column("shares_taste", Boolean, nullable=False, server_default=text("false")),
    # Counts what could change this person's taste. Triggers raise it, whoever writes pins, ratings or words.
    Column("taste_version", BigInteger, nullable=False, server_default="0"),
    CheckConstraint("rating_tau BETWEEN 0 AND 5", name="rating_tau_range"),
    Index(None, "bucket"),
)

pinterest_accounts = Table(
    "pinterest_accounts",
    metadata,
    user_column(),
    Column("account_id", Text, nullable=False),
    # Fernet tokens under TOKEN_KEY; never the tokens themselves.
    Column("access_token", LargeBinary, nullable=False),
    Column("refresh_token", LargeBinary, nullable=False),
    time_column("access_expires_at", nullable=False),
    time_column("refresh_expires_at", nullable=False),
    time_column("polled_at"),
    time_column("poll_due_at", nullable=False),
    Column("failures", Integer, nullable=False, server_default="0"),
    Column("last_error", Text),
    CheckConstraint("failures >= 0", name="failures_not_negative"),
    UniqueConstraint("account_id"),
    Index(None, "poll_due_at"),
)

boards = Table(
    "boards",
    metadata,
    user_column(),
    Column("board_id", Text, primary_key=True),
    Column("name", Text),
    Column("pin_count", Integer, nullable=False, server_default="0"),
    time_column("board_pins_modified_at"),
    Column("fingerprint", Text),
    Column("synced_fingerprint", Text),
    Column("source", Text, nullable=False, server_default="pinterest"),
    # The folder of a board that is one; null for Pinterest.
    Column("source_url", Text),
    one_of("source", "pinterest", "folder"),
    CheckConstraint("pin_count >= 0", name="pin_count_not_negative"),
)

pins = Table(
    "pins",
    metadata,
    user_column(),
    Column("pin_id", Text, primary_key=True),
    Column("board_id", Text, nullable=False),
    Column("photo_id", Text, ForeignKey("photos.photo_id")),
    time_column("pinned_at", nullable=False),
    # Why the pin has no photo: a video, a file that is gone, bytes that are no picture.
    Column("rejection", Text),
    # Only with PIN_RETENTION=full.
    Column("title", Text),
    Column("alt_text", Text),
    CheckConstraint("num_nonnulls(photo_id, rejection) <= 1", name="photo_or_rejection"),
    ForeignKeyConstraint(["user_id", "board_id"], ["boards.user_id", "boards.board_id"], ondelete="CASCADE"),
    Index(None, "user_id", "board_id"),
    Index(None, "photo_id"),
)

ratings = Table(
    "ratings",
    metadata,
    user_column(primary_key=False),
    Column("photo_id", Text, ForeignKey("photos.photo_id", ondelete="CASCADE")),
    venue_column(nullable=True),
    Column("rating", SmallInteger, nullable=False),
    time_column("rated_at", nullable=False),
    CheckConstraint("rating BETWEEN 0 AND 5", name="rating_range"),
    CheckConstraint("num_nonnulls(photo_id, venue_id) = 1", name="one_subject"),
    UniqueConstraint("user_id", "photo_id", "venue_id", postgresql_nulls_not_distinct=True),
    Index(None, "photo_id"),
    Index(None, "venue_id"),
)

taste_clusters = Table(
    "taste_clusters",
    metadata,
    Column("cluster_id", Uuid, primary_key=True),
    user_column(primary_key=False),
    Column("cluster_index", SmallInteger, nullable=False),
    Column("polarity", Text, nullable=False),
    *space_columns(primary_key=False),
    *unit_vector("medoid_vector"),
    *unit_vector("centroid_vector"),
    Column("medoid_pin_id", Text),
    Column("medoid_photo_id", Text),
    Column("weight", Double, nullable=False),
    Column("pin_count", Integer, nullable=False),
    Column("label", Text),
    Column("label_margin", Double),
    now_column("created_at"),
    now_column("updated_at"),
    one_of("polarity", "positive", "negative"),
    CheckConstraint("cluster_index >= 0", name="cluster_index_not_negative"),
    CheckConstraint("weight BETWEEN 0 AND 1", name="weight_range"),
    CheckConstraint("pin_count >= 0", name="pin_count_not_negative"),
    UniqueConstraint("user_id", "polarity", "cluster_index"),
)

taste_cluster_members = Table(
    "taste_cluster_members",
    metadata,
    Column("cluster_id", Uuid, ForeignKey("taste_clusters.cluster_id", ondelete="CASCADE"), primary_key=True),
    Column("photo_id", Text, ForeignKey("photos.photo_id", ondelete="CASCADE"), primary_key=True),
    Column("pin_id", Text),
    # What the member weighs before its age is counted: 1 for a pin, r - tau for a rating.
    Column("weight", Double, nullable=False),
    time_column("added_at", nullable=False),
    Index(None, "photo_id"),
)

taste_states = Table(
    "taste_states",
    metadata,
    user_column(),
    # What `users.taste_version` was when this was found: where they differ, the person is due.
    Column("taste_version", BigInteger, nullable=False),
    Column("space_id", Text, ForeignKey("embedding_spaces.space_id", ondelete="CASCADE"), nullable=False),
    Column("inputs_hash", Text, nullable=False),
    Column("method", Text, nullable=False),
    Column("treatment", Text, nullable=False),
    Column("silhouette", Double),
    Column("cluster_count", Integer, nullable=False),
    Column("pin_count", Integer, nullable=False),
    Column("run_id", Text, nullable=False),
    time_column("clustered_at", nullable=False),
    one_of("treatment", "clustered", "uniform", "scattered", "cold_start", "words", "none"),
)

taste_history = Table(
    "taste_history",
    metadata,
    # A taste over time. Not a foreign key: its past outlives the cluster.
    Column("cluster_id", Uuid, primary_key=True),
    Column("recorded_at", DateTime(timezone=True), primary_key=True),
    user_column(primary_key=False),
    Column("polarity", Text, nullable=False),
    Column("label", Text),
    Column("weight", Double, nullable=False),
    Column("pin_count", Integer, nullable=False),
    # Cosine distance of the centroid from where it was before; null for a new taste.
    Column("drift", Double),
    Index(None, "user_id", "recorded_at"),
)

recommendations = Table(
    "recommendations",
    metadata,
    user_column(),
    Column("rank", Integer, primary_key=True),
    venue_column(),
    Column("score", Double, nullable=False),
    Column("visual_score", Double),
    Column("text_score", Double),
    Column("matches", JSONB, nullable=False, server_default=text("'[]'::jsonb")),
    Column("strategy", Text, nullable=False),
    Column("parameters", JSONB, nullable=False, server_default=text("'{}'::jsonb")),
    Column("space_id", Text, ForeignKey("embedding_spaces.space_id")),
    Column("inputs_hash", Text, nullable=False),
    Column("run_id", Text, nullable=False),
    time_column("generated_at", nullable=False),
    CheckConstraint("rank >= 1", name="rank_from_one"),
    UniqueConstraint("user_id", "venue_id"),
    Index(None, "venue_id"),
)

taste_matches = Table(
    "taste_matches",
    metadata,
    user_column(),
    Column("rank", Integer, primary_key=True),
    user_column("other_user_id", primary_key=False),
    Column("score", Double, nullable=False),
    Column("matches", JSONB, nullable=False, server_default=text("'[]'::jsonb")),
    Column("strategy", Text, nullable=False),
    Column("parameters", JSONB, nullable=False, server_default=text("'{}'::jsonb")),
    Column("space_id", Text, ForeignKey("embedding_spaces.space_id")),
    Column("inputs_hash", Text, nullable=False),
    Column("run_id", Text, nullable=False),
    time_column("generated_at", nullable=False),
    CheckConstraint("rank >= 1", name="rank_from_one"),
    CheckConstraint("user_id <> other_user_id", name="not_oneself"),
    UniqueConstraint("user_id", "other_user_id"),
    Index(None, "other_user_id"),
)


def _list_state() -> tuple[SchemaItem, ...]:
    """What a person's list was made from, so that nothing is made again from the same."""
    return (
        user_column(),
        Column("inputs_hash", Text, nullable=False),
        Column("space_id", Text, ForeignKey("embedding_spaces.space_id"), nullable=False),
        Column("list_length", Integer, nullable=False),
        Column("run_id", Text, nullable=False),
        time_column("generated_at", nullable=False),
        CheckConstraint("list_length >= 0", name="list_length_not_negative"),
    )


recommendation_states = Table(
    "recommendation_states",
    metadata,
    *_list_state(),
    Column("kind", Text, nullable=False),
    # The latest change of taste that the list knows: where the person's tastes are younger, the list is stale.
    time_column("taste_as_of"),
    # Of preferences and words, likewise.
    Column("wishes_md5", Text, nullable=False),
    # Of the venues, as far as they concern this person: `taste_assets.venue_catalogue.CatalogueVersion`.
    Column("catalogue_hash", Text, nullable=False),
    one_of("kind", "taste", "words", "curated"),
)

taste_match_states = Table("taste_match_states", metadata, *_list_state())

refine_conversations = Table(
    "refine_conversations",
    metadata,
    user_column(),
    # In the form of the app that keeps it there. Not JSONB, which has no room for every character a person can type.
    Column("conversation", JSON, nullable=False),
    time_column("changed_at", nullable=False),
)
