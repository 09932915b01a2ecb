"""What pages show, read from `serving` and nothing else. One file for each thing; all take a reader's connection.

    people      who somebody is, how current their list is
    tastes      a person's tastes with their history
    venues      a person's list with its reasons; one venue with its facts
    alike       people with a similar taste
    starting    photographs to rate, and what was rated
    photos      which pictures somebody may see

The results are pydantic models: the JSON API answers with them as they are, and templates read them.
"""
