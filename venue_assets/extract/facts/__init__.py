"""Facts about a venue read from its site by rule, each with the words that state it; `read.read_facts` is the entry.

From text to numbers, amounts and statements, one kind of fact per module; `merge` decides between statements. Pure:
strings and values only, no HTML, no files, no network, no model. The words of amenities and styles, and the rules in
plain English, are in docs/facts.md.
"""
