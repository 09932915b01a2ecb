"""The made-up world: venue sites, people, boards, the servers that show them, and a tiny CLIP.

Nothing outside `demo/` imports this package except the command line and the tests: the lineage meets the
demo world only over HTTP and through open_clip's own loader, exactly as it meets the real one.
"""
