"""Venues whose site names a town and no position stand at the town's centre; `serving.venues` says which they are."""

from __future__ import annotations

from importlib import import_module
from typing import Final

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_VENUES: Final = """
    SELECT venues.venue_id, venues.site_url, venues.name, facts.address, venues.city, venues.region,
        venues.country, venues.lat, venues.lon,
        facts.capacity_min, facts.capacity_max, facts.seated_max, facts.standing_max,
        facts.price_min, facts.price_max, facts.currency, facts.price_unit, facts.price_on_application,
        facts.setting, facts.amenities, facts.styles, facts.other_amenities, facts.other_styles, facts.evidence,
        summaries.aesthetic, summaries.factual, summaries.vibe, summaries.summariser,
        (SELECT count(*) FROM venue_photos AS shown WHERE shown.venue_id = venues.venue_id) AS photo_count,
        venues.status = 'failing' AS site_is_failing, venues.first_seen_at, venues.crawled_at,
        CASE WHEN venues.town_centre IS NOT NULL THEN 'town' WHEN venues.lat IS NOT NULL THEN 'stated' END
            AS place_precision,
        'town centre of ' || venues.town_centre || ' (GeoNames)' AS place_evidence
    FROM venues
    LEFT JOIN venue_facts AS facts USING (venue_id)
    LEFT JOIN venue_summaries AS summaries USING (venue_id)
    WHERE venues.status IN ('crawled', 'failing') AND venues.crawled_at IS NOT NULL
"""
_COMMENTS: Final = {
    "place_precision": "What lat and lon are: stated (the site gives them) or town (the centre of the town that the "
    "site names, which may be some kilometres away); null where there are none.",
    "place_evidence": "Where they are a town's: which town that is, and that GeoNames says where it is; else null.",
}
# They stand on `serving.venues`, so it cannot be taken away before them.
_DEPENDENT: Final = ("venue_photos", "recommendations")


def upgrade() -> None:
    """Add the column, and to the view its two."""
    op.add_column("venues", sa.Column("town_centre", sa.Text(), nullable=True))
    op.create_check_constraint(
        op.f("ck_venues_town_centre_with_lat"), "venues", "town_centre IS NULL OR lat IS NOT NULL"
    )
    op.execute(f"CREATE OR REPLACE VIEW serving.venues AS {_VENUES}")
    for column, meaning in _COMMENTS.items():
        op.execute(f"COMMENT ON COLUMN serving.venues.{column} IS {_literal(meaning)}")


def _literal(words: str) -> str:
    # Alembic runs text through SQLAlchemy, to which a colon before a name is a parameter.
    return "'" + words.replace("'", "''").replace(":", "\\:") + "'"


def downgrade() -> None:
    """Make the view and those that stand on it as they were, and take positions that no site stated away.

    Postgres takes no column from a view, so they are made anew: rights that an administrator gave on one of them to a
    role of his own have to be given again.
    """
    views = import_module("resources.migrations.versions.0008_serving_views")._VIEWS
    for name in reversed(_DEPENDENT):
        op.execute(f"DROP VIEW serving.{name}")
    op.execute("DROP VIEW serving.venues")
    op.execute("UPDATE venues SET lat = NULL, lon = NULL, town_centre = NULL WHERE town_centre IS NOT NULL")
    op.drop_constraint(op.f("ck_venues_town_centre_with_lat"), "venues", type_="check")
    op.drop_column("venues", "town_centre")
    for name in ("venues", *_DEPENDENT):
        comment, query, columns = views[name]
        op.execute(f"CREATE VIEW serving.{name} AS {query}")
        op.execute(f"COMMENT ON VIEW serving.{name} IS {_literal(comment)}")
        for column, meaning in columns.items():
            op.execute(f"COMMENT ON COLUMN serving.{name}.{column} IS {_literal(meaning)}")
        op.execute(f"GRANT SELECT ON serving.{name} TO venue_taste_reader")
