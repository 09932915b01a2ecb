"""Summaries of a venue's site in three voices without a model: the site's own sentences, chosen by plain rules.

`extractive.extractive_reading` is the entry. Pure: pages in, a reading out; no files, no network, no randomness.
"""
