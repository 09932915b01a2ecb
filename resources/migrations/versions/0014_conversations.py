"""What people ask for in their own words, kept for the app they say it to, which alone may read it."""

from __future__ import annotations

from importlib import import_module
from typing import Final

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSON

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

# As in 0010: a definer's rights must not meet a caller's objects.
_KEEP: Final = """
    CREATE FUNCTION serving.keep_conversation(person uuid, spoken json)
    RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    BEGIN
        IF NOT EXISTS (SELECT FROM public.users WHERE user_id = person) THEN
            RAISE no_data_found USING MESSAGE = 'there is no such person';
        ELSIF octet_length(spoken\\:\\:text) > 10000000 THEN
            RAISE invalid_parameter_value USING MESSAGE = 'a conversation is at most ten megabytes long';
        ELSIF spoken IS NULL THEN
            DELETE FROM public.refine_conversations WHERE user_id = person;
        ELSE
            INSERT INTO public.refine_conversations AS kept (user_id, conversation, changed_at)
            VALUES (person, spoken, now())
            ON CONFLICT (user_id) DO UPDATE SET conversation = excluded.conversation, changed_at = excluded.changed_at
            WHERE kept.conversation\\:\\:text <> excluded.conversation\\:\\:text;
        END IF;
        RETURN found;
    END $$
"""
_KEPT: Final = """
    CREATE FUNCTION serving.kept_conversation(person uuid)
    RETURNS json LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
    RETURN (SELECT conversation FROM public.refine_conversations WHERE user_id = person)
"""
_FUNCTIONS: Final = {
    "keep_conversation(uuid, json)": (
        _KEEP,
        "Keep what a person asks for in plain words in place of what was kept before, in the app's own form; null for "
        "nothing. True if that changed anything. It goes with the person. Error 22023 beyond ten megabytes, P0002 for "
        "a person that is not served.",
    ),
    "kept_conversation(uuid)": (_KEPT, "What was kept of a person by serving.keep_conversation; null for nothing."),
}


def upgrade() -> None:
    """Create the table and its two functions."""
    op.create_table(
        "refine_conversations",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        # Not JSONB, which has no room for every character that a person can type.
        sa.Column("conversation", JSON(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.user_id"], name="fk_refine_conversations_user_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", name="pk_refine_conversations"),
    )
    literal = import_module("resources.migrations.versions.0010_serving_history_and_writing")._literal
    for signature, (definition, comment) in _FUNCTIONS.items():
        op.execute(definition)
        op.execute(f"COMMENT ON FUNCTION serving.{signature} IS {literal(comment)}")
        # Everybody may call a new function, unless that is taken back.
        op.execute(f"REVOKE ALL ON FUNCTION serving.{signature} FROM PUBLIC")
        op.execute(f"GRANT EXECUTE ON FUNCTION serving.{signature} TO venue_taste_app")


def downgrade() -> None:
    """Take them away."""
    for signature in _FUNCTIONS:
        op.execute(f"DROP FUNCTION serving.{signature}")
    op.drop_table("refine_conversations")
