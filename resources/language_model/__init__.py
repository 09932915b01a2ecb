"""The language model of LANGUAGE_MODEL: where it answers, how it is asked, what an answer cost.

What it is asked about venues is `venue_assets`' business; nothing here knows what a venue is.
"""
