"""Tests of the pure functions from bytes to values."""
