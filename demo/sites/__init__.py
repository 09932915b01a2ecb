"""The venues' web sites: planned once per venue, then rendered, painted, served and told the truth about."""
