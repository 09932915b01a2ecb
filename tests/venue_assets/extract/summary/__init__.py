"""Summaries without a model."""
