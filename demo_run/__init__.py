"""`venue-taste demo`: the lineage, run for real on the made-up world, and what came of it.

Stands beside `cli.py` because it sees both the demo world and the assets, which know nothing of each other.

    place     where the world lies, serving it, the environment that leads the assets to it
    people    the world's people become ours: accounts, words, wishes, ratings
    steps     the assets, in order, on a Dagster instance
    report    what was found, for people to read
"""
