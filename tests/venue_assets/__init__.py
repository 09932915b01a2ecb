"""Tests of the venue assets."""
