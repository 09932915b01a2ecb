"""The country of a venue by its code, also where its site names only a town; `serving.venues` says by which town."""

from __future__ import annotations

from importlib import import_module
from typing import Final

import sqlalchemy as sa
from alembic import op

from resources.gazetteer import country_code, is_state_elsewhere

revision = "0015"
down_revision = "0014"
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
        'town centre of ' || venues.town_centre || ' (GeoNames)' AS place_evidence,
        venues.country_code, 'country of ' || venues.country_town || ' (GeoNames)' AS country_evidence
    FROM venues
    LEFT JOIN venue_facts AS facts USING (venue_id)
    LEFT JOIN venue_summaries AS summaries USING (venue_id)
    WHERE venues.status IN ('crawled', 'failing') AND venues.crawled_at IS NOT NULL
"""
_COMMENTS: Final = {
    "country_code": "ISO 3166-1 alpha-2: the country that the site states, in any known spelling or in its address (a "
    "British postcode tells it, too), or else that of the town it names; null where nothing tells.",
    "country_evidence": "Where country_code is a town's: which town that is, and that GeoNames says in which country "
    "it is; else null.",
}
# They stand on `serving.venues`, so it cannot be taken away before them.
_DEPENDENT: Final = ("venue_photos", "recommendations")


def upgrade() -> None:
    """Add the columns, fill them, and add to the view its two."""
    op.add_column("venues", sa.Column("country_code", sa.Text(), nullable=True))
    op.add_column("venues", sa.Column("country_town", sa.Text(), nullable=True))
    op.create_check_constraint(
        op.f("ck_venues_country_town_with_code"), "venues", "country_town IS NULL OR country_code IS NOT NULL"
    )
    _fill()
    op.execute(f"CREATE OR REPLACE VIEW serving.venues AS {_VENUES}")
    for column, meaning in _COMMENTS.items():
        op.execute(f"COMMENT ON COLUMN serving.venues.{column} IS {_literal(meaning)}")


def _fill() -> None:
    """Codes for the venues there are, until their next crawl finds them anew.

    A migration may ask the gazetteer, which changes with the code: no table's shape depends on the answer, and whatever
    it knows by then, the next crawl asks it again. SQL has no table of the ways to write a country.
    """
    connection = op.get_bind()
    written = connection.scalars(sa.text("SELECT DISTINCT country FROM venues WHERE country IS NOT NULL")).all()
    codes = {name: code for name in written if (code := country_code(name)) and not is_state_elsewhere(name)}
    by_the_site = """
        UPDATE venues SET country_code = known.code
        FROM unnest(CAST(:names AS text[]), CAST(:codes AS text[])) AS known (name, code)
        WHERE venues.country = known.name
    """
    connection.execute(sa.text(by_the_site), {"names": list(codes), "codes": list(codes.values())})
    # The name of a town whose centre is known ends with its country: Toronto, Ontario, CA.
    op.execute(
        "UPDATE venues SET country_code = right(town_centre, 2), country_town = town_centre"
        " WHERE country_code IS NULL AND town_centre ~ ', [A-Z]{2}$'"
    )


def _literal(words: str) -> str:
    # Alembic runs text through SQLAlchemy, to which a colon before a name is a parameter.
    return "'" + words.replace("'", "''").replace(":", "\\:") + "'"


def downgrade() -> None:
    """Make the view and those that stand on it as they were, and forget what was looked up.

    Postgres takes no column from a view, so they are made anew: rights that an administrator gave on one of them to a
    role of his own have to be given again.
    """
    views = import_module("resources.migrations.versions.0008_serving_views")._VIEWS
    centres = import_module("resources.migrations.versions.0011_town_centres")
    reworded = {"venues": centres._COMMENTS,
                "recommendations": import_module("resources.migrations.versions.0012_wording")._COMMENTS}  # fmt: skip
    for name in reversed(_DEPENDENT):
        op.execute(f"DROP VIEW serving.{name}")
    op.execute("DROP VIEW serving.venues")
    # A crawl looks nothing up that was looked up before, and what was found is about to go.
    op.execute("UPDATE venues SET identity = identity - 'town_rules' WHERE jsonb_exists(identity, 'town_rules')")
    op.drop_constraint(op.f("ck_venues_country_town_with_code"), "venues", type_="check")
    op.drop_column("venues", "country_town")
    op.drop_column("venues", "country_code")
    for name in ("venues", *_DEPENDENT):
        comment, query, columns = views[name]
        op.execute(f"CREATE VIEW serving.{name} AS {centres._VENUES if name == 'venues' else query}")
        op.execute(f"COMMENT ON VIEW serving.{name} IS {_literal(comment)}")
        for column, meaning in (columns | reworded.get(name, {})).items():
            op.execute(f"COMMENT ON COLUMN serving.{name}.{column} IS {_literal(meaning)}")
        op.execute(f"GRANT SELECT ON serving.{name} TO venue_taste_reader")
