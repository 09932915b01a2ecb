"""How tastes changed, and what people rated, as views; the two things an app may write, as functions of a role.

The reader stays a reader. An app that lets people rate is given `venue_taste_app` as well, which may call these
functions and can neither read nor write a table: what they check (a rating from 0 to 5, of something that is served)
is checked whoever calls.
"""

from __future__ import annotations

from typing import Final

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_VIEWS: Final[dict[str, tuple[str, str, dict[str, str]]]] = {
    "taste_history": (
        "How each person's tastes changed: a line for every time a taste was new, had changed, or had ended. Lines are "
        "never altered; they go only with the person.",
        """
        SELECT user_id, cluster_id, recorded_at, polarity, label, weight, pin_count, drift FROM taste_history
        """,
        {
            "user_id": "A person of serving.people.",
            "cluster_id": "The taste; of one that has ended, no longer in serving.taste_clusters.",
            "recorded_at": "When tastes were found. Unique together with cluster_id.",
            "polarity": "positive (liked) or negative (disliked).",
            "label": "Its name then; null before it was named.",
            "weight": "Its share then, 0 to 1; 0 where it had ended. Between lines weights also age, day by day.",
            "pin_count": "Pictures it was found in then.",
            "drift": "Cosine distance of its mean direction from the one before, 0 to 2; null for a new taste.",
        },
    ),
    "ratings": (
        "What people rated, the latest rating of each subject.",
        """
        SELECT user_id, venue_id, photo_id, rating, rated_at FROM ratings
        """,
        {
            "user_id": "A person of serving.people.",
            "venue_id": "The venue that was rated; null where it was a photograph. It may have been retired since.",
            "photo_id": "The photograph that was rated; null where it was a venue.",
            "rating": "0 (never) to 5 (this one).",
            "rated_at": "When.",
        },
    ),
}

# search_path is pinned and every name is qualified: a definer's rights must not meet a caller's objects.
_RATE: Final = """
    CREATE FUNCTION serving.rate(person uuid, stars integer, venue uuid DEFAULT NULL, photo text DEFAULT NULL)
    RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    DECLARE written bigint;
    BEGIN
        IF num_nonnulls(venue, photo) <> 1 THEN
            RAISE invalid_parameter_value USING MESSAGE = 'rate a venue or a photo, one of them';
        ELSIF stars NOT BETWEEN 0 AND 5 THEN
            RAISE invalid_parameter_value USING MESSAGE = 'a rating goes from 0 to 5';
        ELSIF NOT EXISTS (SELECT FROM public.users WHERE user_id = person) THEN
            RAISE no_data_found USING MESSAGE = 'there is no such person';
        ELSIF stars IS NULL THEN
            DELETE FROM public.ratings
            WHERE user_id = person AND venue_id IS NOT DISTINCT FROM venue AND photo_id IS NOT DISTINCT FROM photo;
        ELSIF NOT EXISTS (
            SELECT FROM serving.venues WHERE venue_id = venue
            UNION ALL SELECT FROM serving.venue_photos WHERE photo_id = photo
        ) THEN
            RAISE no_data_found USING MESSAGE = 'there is no such venue or photo';
        ELSE
            INSERT INTO public.ratings AS stored (user_id, venue_id, photo_id, rating, rated_at)
            VALUES (person, venue, photo, stars, now())
            ON CONFLICT (user_id, photo_id, venue_id) DO UPDATE
            SET rating = excluded.rating, rated_at = excluded.rated_at WHERE stored.rating <> excluded.rating;
        END IF;
        GET DIAGNOSTICS written = ROW_COUNT;
        RETURN written > 0;
    END $$
"""
_SHARE: Final = """
    CREATE FUNCTION serving.share_taste(person uuid, shares boolean)
    RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    BEGIN
        IF NOT EXISTS (SELECT FROM public.users WHERE user_id = person) THEN
            RAISE no_data_found USING MESSAGE = 'there is no such person';
        END IF;
        UPDATE public.users SET shares_taste = shares WHERE user_id = person AND shares_taste <> shares;
        RETURN found;
    END $$
"""
_FUNCTIONS: Final = {
    "rate(uuid, integer, uuid, text)": (
        _RATE,
        "Store what a person thinks of a venue or of a photograph: 0 (never) to 5 (this one), null to take it back. "
        "True if that changed anything; the next run finds their tastes again. Error 22023 for values it cannot take, "
        "P0002 for a person, venue or photograph that is not served.",
    ),
    "share_taste(uuid, boolean)": (
        _SHARE,
        "Store whether others may be told that they share this person's taste. True if that changed anything. Taking "
        "it back works at once in serving.taste_matches. Error P0002 for a person that is not served.",
    ),
}


def upgrade() -> None:
    """Create views, role and functions."""
    for name, (comment, query, columns) in _VIEWS.items():
        op.execute(f"CREATE VIEW serving.{name} AS {query}")
        op.execute(f"COMMENT ON VIEW serving.{name} IS {_literal(comment)}")
        for column, meaning in columns.items():
            op.execute(f"COMMENT ON COLUMN serving.{name}.{column} IS {_literal(meaning)}")
        op.execute(f"GRANT SELECT ON serving.{name} TO venue_taste_reader")
    # As in 0003: roles belong to the whole server.
    op.execute(
        """
        DO $$ BEGIN
            IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'venue_taste_app') THEN
                CREATE ROLE venue_taste_app NOLOGIN;
            END IF;
        EXCEPTION WHEN duplicate_object OR unique_violation THEN
            NULL;
        END $$
        """
    )
    op.execute("GRANT USAGE ON SCHEMA serving TO venue_taste_app")
    for signature, (definition, comment) in _FUNCTIONS.items():
        op.execute(definition)
        op.execute(f"COMMENT ON FUNCTION serving.{signature} IS {_literal(comment)}")
        # Everybody may call a new function, unless that is taken back.
        op.execute(f"REVOKE ALL ON FUNCTION serving.{signature} FROM PUBLIC")
        op.execute(f"GRANT EXECUTE ON FUNCTION serving.{signature} TO venue_taste_app")


def _literal(words: str) -> str:
    # Alembic runs text through SQLAlchemy, to which a colon before a name is a parameter.
    return "'" + words.replace("'", "''").replace(":", "\\:") + "'"


def downgrade() -> None:
    """Take them away, and the role unless another database of the server still uses it."""
    for signature in _FUNCTIONS:
        op.execute(f"DROP FUNCTION serving.{signature}")
    for name in reversed(_VIEWS):
        op.execute(f"DROP VIEW serving.{name}")
    op.execute("REVOKE USAGE ON SCHEMA serving FROM venue_taste_app")
    op.execute(
        """
        DO $$ BEGIN
            DROP ROLE venue_taste_app;
        EXCEPTION WHEN dependent_objects_still_exist OR undefined_object OR insufficient_privilege THEN
            NULL;
        END $$
        """
    )
