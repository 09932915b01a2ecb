"""Reading a venue's site with a language model: the question, the answer's shape, and what of it is believed.

The model sees one venue's pages and nothing else, as data. Nothing it says is taken on trust: `claims` lets a fact
through only with words of the page that state it, and `voices` a summary only as plain sentences. The rules that read
without a model are `venue_assets.extract`'s, which also judges quotes; `venue_assets.summaries` stores what is read.
"""
