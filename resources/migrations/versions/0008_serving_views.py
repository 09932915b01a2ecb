"""Which list a person has and what it was made from; the views that apps read, with a comment on every column.

The comments are the contract: `docs/serving.md` repeats them, and a test compares the two.
"""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_LISTS: Final = ("recommendations", "taste_matches")
_STATES: Final = ("recommendation_states", "taste_match_states")

_VIEWS: Final[dict[str, tuple[str, str, dict[str, str]]]] = {
    "venues": (
        "Every venue that can be recommended, one row each. A venue that is retired is gone at once.",
        """
        SELECT venues.venue_id, venues.site_url, venues.name, facts.address, venues.city, venues.region,
            venues.country, venues.lat, venues.lon,
            facts.capacity_min, facts.capacity_max, facts.seated_max, facts.standing_max,
            facts.price_min, facts.price_max, facts.currency, facts.price_unit, facts.price_on_application,
            facts.setting, facts.amenities, facts.styles, facts.other_amenities, facts.other_styles, facts.evidence,
            summaries.aesthetic, summaries.factual, summaries.vibe, summaries.summariser,
            (SELECT count(*) FROM venue_photos AS shown WHERE shown.venue_id = venues.venue_id) AS photo_count,
            venues.status = 'failing' AS site_is_failing, venues.first_seen_at, venues.crawled_at
        FROM venues
        LEFT JOIN venue_facts AS facts USING (venue_id)
        LEFT JOIN venue_summaries AS summaries USING (venue_id)
        -- A site that is down keeps its place: what was last read of it still holds.
        WHERE venues.status IN ('crawled', 'failing') AND venues.crawled_at IS NOT NULL
        """,
        {
            "venue_id": "Key. Made from the site's address, so it stays the same for ever.",
            "site_url": "Canonical address of the venue's site, https. Unique.",
            "name": "As the site names itself in a form that a crawl can trust; null where it does not.",
            "address": "Postal address as the site writes it; null where it gives none.",
            "city": "Town; null where unknown.",
            "region": "State, county or province; null where unknown.",
            "country": "Country as the site writes it; null where unknown.",
            "lat": "Degrees north, WGS 84, -90 to 90; null together with lon.",
            "lon": "Degrees east, WGS 84, -180 to 180; null together with lat.",
            "capacity_min": "Fewest guests the site takes; null where it does not say.",
            "capacity_max": "Most guests the site takes; null where it does not say.",
            "seated_max": "Most seated guests; null where it does not say.",
            "standing_max": "Most standing guests; null where it does not say.",
            "price_min": "Lowest price the site states, in currency per price_unit; null where it states none.",
            "price_max": "Highest price the site states, in currency per price_unit; null where it states none.",
            "currency": "Of both prices, ISO 4217; null where none is stated.",
            "price_unit": "What a price is for: event, person, day or hour; null where not stated.",
            "price_on_application": "Whether the site says that prices are given on request; null where it does not.",
            "setting": "indoor, outdoor or both; null where the site does not say.",
            "amenities": "Words of the vocabulary of amenities that the site states; null where no facts were read.",
            "styles": "Words of the vocabulary of styles that the site states; null where no facts were read.",
            "other_amenities": "Amenities in the site's own words, beyond the vocabulary.",
            "other_styles": "Styles in the site's own words, beyond the vocabulary.",
            "evidence": "For each fact's column a list of {value, quote, page_url}: the site's own words for it.",
            "aesthetic": "How it looks, in a few sentences; null where no page could be read.",
            "factual": "What it offers, in a few sentences; null where no page could be read.",
            "vibe": "How it feels, in a few sentences; null where no page could be read.",
            "summariser": "Who wrote the three summaries: extractive/VERSION (by rule) or a language model.",
            "photo_count": "Photographs in serving.venue_photos; may be 0.",
            "site_is_failing": "True while the site cannot be read; all else is then as it was last read.",
            "first_seen_at": "When the venue was first listed.",
            "crawled_at": "When its site was last read with success. Never null.",
        },
    ),
    "venue_photos": (
        "The photographs of every venue of serving.venues, in the site's order.",
        """
        SELECT shown.venue_id, shown.position, shown.photo_id, shown.source_url, shown.page_url, shown.alt_text,
            photos.mime, photos.width, photos.height
        FROM venue_photos AS shown
        JOIN photos USING (photo_id)
        JOIN serving.venues USING (venue_id)
        """,
        {
            "venue_id": "A venue of serving.venues. Unique together with photo_id.",
            "position": "Place on the site, from 0; the most prominent photograph first.",
            "photo_id": "SHA-256 of the file, 64 hexadecimal digits: its name in the photo store.",
            "source_url": "Where the file was found.",
            "page_url": "The page that shows it.",
            "alt_text": "The site's words for it; null where it has none.",
            "mime": "Media type of the stored file.",
            "width": "Pixels.",
            "height": "Pixels.",
        },
    ),
    "people": (
        "Everybody who has been registered, one row each. Personal data: whoever reads this must have a reason.",
        """
        SELECT users.user_id, users.handle, users.connected_at, users.preferences, users.preference_text,
            users.shares_taste, states.treatment,
            (SELECT count(*) FROM boards WHERE boards.user_id = users.user_id) AS board_count,
            (SELECT count(*) FROM pins WHERE pins.user_id = users.user_id) AS pin_count,
            (SELECT count(*) FROM ratings WHERE ratings.user_id = users.user_id) AS rating_count
        FROM users
        LEFT JOIN taste_states AS states USING (user_id)
        """,
        {
            "user_id": "Key. Made from the handle, so it stays the same for ever.",
            "handle": "The name under which the app registered the person. Unique, case-sensitive.",
            "connected_at": "When they were registered.",
            "preferences": "What they ask of a venue besides its looks; keys under Preferences in this document.",
            "preference_text": "What they say they like, in their own words; null where they said nothing.",
            "shares_taste": "Whether others may be told that they share this person's taste.",
            "treatment": "What was made of their pins: clustered, uniform (one taste), scattered (none to be seen: ask "
            "them), cold_start (few pins), words (from preference_text alone), none; null before the first look.",
            "board_count": "Boards read.",
            "pin_count": "Pins read, those without a usable picture included.",
            "rating_count": "Ratings given.",
        },
    ),
    "taste_clusters": (
        "What each person likes and dislikes: one row for each taste. The weights of a person's tastes of one polarity "
        "sum to 1.",
        """
        SELECT user_id, polarity, cluster_index, cluster_id, label, label_margin, weight, pin_count, medoid_pin_id,
            medoid_photo_id, space_id, centroid_vector, medoid_vector, created_at, updated_at
        FROM taste_clusters
        """,
        {
            "user_id": "A person of serving.people.",
            "polarity": "positive (liked) or negative (disliked).",
            "cluster_index": "Place among the person's tastes of one polarity, from 0, the largest first.",
            "cluster_id": "Key. A taste keeps it when it is found again in other pins.",
            "label": "Name from the vocabulary of aesthetics, or unnamed; null before it was named.",
            "label_margin": "How much nearer the label is than the next one, in cosine similarity; null without label.",
            "weight": "Share of what the person likes (or dislikes) at present, 0 to 1.",
            "pin_count": "Pictures it was found in; 0 for a taste from words.",
            "medoid_pin_id": "The pin that stands for it; null for tastes from ratings or words.",
            "medoid_photo_id": "The picture that stands for it (SHA-256 of the file); null for a taste from words.",
            "space_id": "Embedding space of both vectors. Vectors of different spaces must never be compared.",
            "centroid_vector": "Mean direction of its pictures, length 1.",
            "medoid_vector": "Vector of the picture that stands for it, length 1.",
            "created_at": "When this taste was first found.",
            "updated_at": "When a value of this row last changed.",
        },
    ),
    "recommendations": (
        "Each person's list of venues, best first. A list is replaced whole: a reader sees the old one or the new one, "
        "never parts of both. A venue that is retired leaves every list at once.",
        """
        SELECT listed.user_id,
            row_number() OVER (PARTITION BY listed.user_id ORDER BY listed.rank)::integer AS rank,
            listed.venue_id, listed.score, listed.visual_score, listed.text_score, listed.matches, states.kind,
            listed.strategy, listed.parameters, listed.space_id, listed.run_id, listed.generated_at
        FROM recommendations AS listed
        JOIN recommendation_states AS states USING (user_id)
        JOIN serving.venues USING (venue_id)
        """,
        {
            "user_id": "A person of serving.people. Unique together with rank, and with venue_id.",
            "rank": "From 1 without gaps. The order of the list: sort by this, not by score.",
            "venue_id": "A venue of serving.venues.",
            "score": "For kind taste and words: weighted sum over the person's tastes of the cosine similarity to the "
            "venue's most similar photo, less that of what they dislike; for words that no picture encoder could "
            "read, cosine similarity of the words to the venue's best summary; for curated, the share of the catalogue "
            "that the venue adds. Comparable within one list only.",
            "visual_score": "How the pictures alone order it, in standard deviations above the person's average venue; "
            "null where pictures had no say.",
            "text_score": "How the person's words order it, in standard deviations likewise; null without words.",
            "matches": "Why: for each taste an object of cluster_id, cluster_index, label, weight, photo_id (the "
            "venue's photo that is nearest to it), similarity (cosine), standing (standard deviations above the "
            "average venue), contribution (share of the score, summing to 1), medoid_pin_id, medoid_photo_id. Highest "
            "standing first. Empty where no taste is known.",
            "kind": "taste (from pictures they pinned or rated), words (from preference_text), or curated (nothing "
            "known: venues that together show every look).",
            "strategy": "How the list was ordered, by name.",
            "parameters": "All options of the strategy.",
            "space_id": "Embedding space of the similarities.",
            "run_id": "Dagster run that made the list.",
            "generated_at": "When the list was made. The same for a whole list.",
        },
    ),
    "taste_matches": (
        "People with a similar taste, best first. Both sides have agreed (shares_taste); who withdraws is gone at "
        "once, from both sides. Replaced whole, as lists are.",
        """
        SELECT listed.user_id,
            row_number() OVER (PARTITION BY listed.user_id ORDER BY listed.rank)::integer AS rank,
            listed.other_user_id, other.handle AS other_handle, listed.score, listed.matches, listed.strategy,
            listed.parameters, listed.space_id, listed.run_id, listed.generated_at
        FROM taste_matches AS listed
        JOIN users AS asking ON asking.user_id = listed.user_id
        JOIN users AS other ON other.user_id = listed.other_user_id
        WHERE asking.shares_taste AND other.shares_taste
        """,
        {
            "user_id": "A person of serving.people. Unique together with rank, and with other_user_id.",
            "rank": "From 1 without gaps.",
            "other_user_id": "A person of serving.people, never the same one.",
            "other_handle": "Their handle.",
            "score": "Weighted sum over the person's tastes of the cosine similarity to the other's nearest taste, "
            "less what one likes and the other dislikes. Comparable within one list only.",
            "matches": "Why: for each taste an object of cluster_id, label, weight, other_cluster_id, other_label, "
            "similarity (cosine). Highest weight times similarity first.",
            "strategy": "How people were compared, by name.",
            "parameters": "All options of the strategy.",
            "space_id": "Embedding space of the similarities.",
            "run_id": "Dagster run that made the list.",
            "generated_at": "When the list was made. The same for a whole list.",
        },
    ),
    "freshness": (
        "How current each person's taste and list are, one row for everybody of serving.people.",
        """
        SELECT users.user_id,
            coalesce(taste.taste_version = users.taste_version, false) AS taste_is_current, taste.clustered_at,
            coalesce(
                lists.taste_as_of IS NOT DISTINCT FROM greatest(
                    taste.clustered_at,
                    (SELECT max(updated_at) FROM taste_clusters AS found WHERE found.user_id = users.user_id)
                )
                AND lists.wishes_md5 = md5(users.preferences::text || chr(10) || coalesce(users.preference_text, '')),
                false
            ) AS list_is_current,
            lists.kind AS list_kind, lists.list_length, lists.generated_at AS list_generated_at,
            matched.generated_at AS matches_generated_at
        FROM users
        LEFT JOIN taste_states AS taste USING (user_id)
        LEFT JOIN recommendation_states AS lists USING (user_id)
        LEFT JOIN taste_match_states AS matched USING (user_id)
        """,
        {
            "user_id": "A person of serving.people. Key.",
            "taste_is_current": "Whether the tastes were found in all that the person has pinned, rated and said. "
            "Never null.",
            "clustered_at": "When tastes were last found; null before the first time.",
            "list_is_current": "Whether the list was made from the tastes, preferences and words as they are. Never "
            "null. Does not look at venues: a crawl that changed some is followed by new lists.",
            "list_kind": "taste, words or curated, as in serving.recommendations; null before the first list.",
            "list_length": "Venues the list was made with; null before the first list. More than are shown where "
            "venues have since been retired.",
            "list_generated_at": "When the list was made; null before the first list.",
            "matches_generated_at": "When the list of similar people was made; null for who does not share.",
        },
    ),
}


def upgrade() -> None:
    """Create the states, and the views with their comments."""
    for table in _LISTS:
        op.add_column(table, sa.Column("parameters", JSONB(), server_default=sa.text("'{}'::jsonb"), nullable=False))
    _create_state(
        "recommendation_states",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("taste_as_of", sa.DateTime(timezone=True)),
        sa.Column("wishes_md5", sa.Text(), nullable=False),
        sa.Column("catalogue_hash", sa.Text(), nullable=False),
        sa.CheckConstraint("kind IN ('taste', 'words', 'curated')", name=op.f("ck_recommendation_states_kind_known")),
    )
    _create_state("taste_match_states")
    for name, (comment, query, columns) in _VIEWS.items():
        op.execute(f"CREATE VIEW serving.{name} AS {query}")
        op.execute(f"COMMENT ON VIEW serving.{name} IS {_literal(comment)}")
        for column, meaning in columns.items():
            op.execute(f"COMMENT ON COLUMN serving.{name}.{column} IS {_literal(meaning)}")
        op.execute(f"GRANT SELECT ON serving.{name} TO venue_taste_reader")


def _create_state(name: str, *own: sa.schema.SchemaItem) -> None:
    op.create_table(
        name,
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("inputs_hash", sa.Text(), nullable=False),
        sa.Column("space_id", sa.Text(), nullable=False),
        sa.Column("list_length", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.Text(), nullable=False),
        sa.Column("generated_at", sa.DateTime(timezone=True), nullable=False),
        *own,
        sa.CheckConstraint("list_length >= 0", name=op.f(f"ck_{name}_list_length_not_negative")),
        sa.ForeignKeyConstraint(["user_id"], ["users.user_id"], name=op.f(f"fk_{name}_user_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["space_id"], ["embedding_spaces.space_id"], name=op.f(f"fk_{name}_space_id")),
        sa.PrimaryKeyConstraint("user_id", name=op.f(f"pk_{name}")),
    )


def _literal(words: str) -> str:
    # Alembic runs text through SQLAlchemy, to which a colon before a name is a parameter.
    return "'" + words.replace("'", "''").replace(":", "\\:") + "'"


def downgrade() -> None:
    """Take them away."""
    for name in reversed(_VIEWS):  # they stand on one another
        op.execute(f"DROP VIEW serving.{name}")
    for table in _STATES:
        op.drop_table(table)
    for table in _LISTS:
        op.drop_column(table, "parameters")
