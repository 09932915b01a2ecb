"""Alembic migrations of the pipeline's tables and the serving schema."""
