"""Tables of the venue side: sites, what a crawl stored of them, and what was read out of it."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Double,
    ForeignKey,
    Index,
    Integer,
    SmallInteger,
    Table,
    Text,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from resources.identity import VENUE_BUCKETS
from resources.schema_columns import (
    bucket_columns,
    metadata,
    now_column,
    one_of,
    sha256_check,
    time_column,
    venue_column,
)

venues = Table(
    "venues",
    metadata,
    Column("venue_id", Uuid, primary_key=True),
    Column("site_url", Text, nullable=False, unique=True),
    Column("name", Text),
    *bucket_columns(VENUE_BUCKETS),
    Column("lat", Double),
    Column("lon", Double),
    Column("city", Text),
    Column("region", Text),
    Column("country", Text),
    Column("status", Text, nullable=False, server_default="listed"),
    now_column("first_seen_at"),
    time_column("crawled_at"),
    Column("start_url", Text),
    Column("source", Text, nullable=False, server_default="command"),
    Column("crawl_note", Text),
    Column("identity", JSONB, nullable=False, server_default=text("'{}'::jsonb")),
    Column("site_files", JSONB, nullable=False, server_default=text("'[]'::jsonb")),
    # Where the site states no position: the town whose centre `lat` and `lon` are, as GeoNames has it.
    Column("town_centre", Text),
    # ISO 3166-1 alpha-2; and the town that told it, as GeoNames has it, where the site's own words do not.
    Column("country_code", Text),
    Column("country_town", Text),
    CheckConstraint("lat BETWEEN -90 AND 90", name="lat_range"),
    CheckConstraint("lon BETWEEN -180 AND 180", name="lon_range"),
    CheckConstraint("(lat IS NULL) = (lon IS NULL)", name="lat_with_lon"),
    CheckConstraint("town_centre IS NULL OR lat IS NOT NULL", name="town_centre_with_lat"),
    CheckConstraint("country_town IS NULL OR country_code IS NOT NULL", name="country_town_with_code"),
    one_of("status", "listed", "crawled", "failing", "retired"),
    one_of("source", "file", "command"),
    Index(None, "bucket"),
)

venue_pages = Table(
    "venue_pages",
    metadata,
    venue_column(primary_key=True),
    Column("url", Text, primary_key=True),
    Column("status", SmallInteger, nullable=False),
    Column("etag", Text),
    Column("last_modified", Text),
    Column("content_sha256", Text),
    Column("markdown", Text),
    time_column("fetched_at", nullable=False),
    Column("position", Integer, nullable=False, server_default="0"),
    Column("rejection", Text),
    Column("extraction", JSONB),
    sha256_check("content_sha256"),
)

photos = Table(
    "photos",
    metadata,
    Column("photo_id", Text, primary_key=True),
    Column("mime", Text, nullable=False),
    Column("width", Integer, nullable=False),
    Column("height", Integer, nullable=False),
    Column("phash", Text),
    Column("bytes", Integer, nullable=False),
    sha256_check("photo_id"),
    CheckConstraint("width > 0 AND height > 0 AND bytes > 0", name="size_positive"),
)

venue_photos = Table(
    "venue_photos",
    metadata,
    venue_column(primary_key=True),
    Column("photo_id", Text, ForeignKey("photos.photo_id"), primary_key=True),
    Column("source_url", Text, nullable=False),
    Column("page_url", Text, nullable=False),
    Column("alt_text", Text),
    Column("position", Integer, nullable=False),
    # By hash: an id is 64 letters long, and a search looks up thousands.
    Index(None, "photo_id", postgresql_using="hash"),
)

venue_photo_files = Table(
    "venue_photo_files",
    metadata,
    venue_column(primary_key=True),
    Column("source_url", Text, primary_key=True),
    # No foreign key: a file that was refused as a duplicate has an id too, and its photo is not stored.
    Column("photo_id", Text),
    Column("rejection", Text),
    Column("rejection_detail", Text),
    # A `PhotoMemory` of the crawler: validators and measurements that spare the next crawl a download.
    Column("memory", JSONB, nullable=False),
    CheckConstraint("photo_id IS NOT NULL OR rejection IS NOT NULL", name="photo_or_reason"),
)

site_readings = Table(
    "site_readings",
    metadata,
    venue_column(primary_key=True),
    # Reader, model and prompt version. One row each, so that a change of model can be compared and taken back.
    Column("summariser", Text, primary_key=True),
    Column("source_hash", Text, nullable=False),
    # A `SiteReading`; null when the reading failed, and then `failure` says why.
    Column("result", JSONB(none_as_null=True)),
    Column("failure", Text),
    Column("input_tokens", Integer, nullable=False, server_default="0"),
    Column("output_tokens", Integer, nullable=False, server_default="0"),
    time_column("read_at", nullable=False),
    sha256_check("source_hash"),
    CheckConstraint("num_nonnulls(result, failure) = 1", name="result_or_failure"),
)

venue_summaries = Table(
    "venue_summaries",
    metadata,
    venue_column(primary_key=True),
    Column("aesthetic", Text),
    Column("factual", Text),
    Column("vibe", Text),
    Column("summariser", Text, nullable=False),
    Column("source_hash", Text, nullable=False),
)

venue_facts = Table(
    "venue_facts",
    metadata,
    venue_column(primary_key=True),
    Column("capacity_min", Integer),
    Column("capacity_max", Integer),
    Column("seated_max", Integer),
    Column("standing_max", Integer),
    Column("price_min", Double),
    Column("price_max", Double),
    Column("currency", Text),
    Column("price_unit", Text),
    Column("price_on_application", Boolean),
    Column("setting", Text),
    Column("address", Text),
    # Words of `venue_assets.extract.facts.vocabulary`; `other_*` are the site's own words beyond it.
    Column("amenities", ARRAY(Text), nullable=False, server_default="{}"),
    Column("styles", ARRAY(Text), nullable=False, server_default="{}"),
    Column("other_amenities", ARRAY(Text), nullable=False, server_default="{}"),
    Column("other_styles", ARRAY(Text), nullable=False, server_default="{}"),
    # Column name -> list of {value, quote, page_url}; "conflicts" holds what the site says against them.
    Column("evidence", JSONB, nullable=False, server_default=text("'{}'::jsonb")),
    Column("summariser", Text, nullable=False),
    Column("source_hash", Text, nullable=False),
    CheckConstraint("capacity_min > 0", name="capacity_min_positive"),
    CheckConstraint("capacity_max > 0 AND capacity_max >= coalesce(capacity_min, 0)", name="capacity_range"),
    CheckConstraint("seated_max > 0", name="seated_max_positive"),
    CheckConstraint("standing_max > 0", name="standing_max_positive"),
    CheckConstraint("price_min >= 0", name="price_min_not_negative"),
    CheckConstraint("price_max >= 0 AND price_max >= coalesce(price_min, 0)", name="price_range"),
    CheckConstraint("currency ~ '^[A-Z]{3}$'", name="currency_iso4217"),
    one_of("setting", "indoor", "outdoor", "both"),
    one_of("price_unit", "event", "person", "day", "hour"),
)
