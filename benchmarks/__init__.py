"""Speed and quality figures, run by hand and by `make bench`. Each prints a table, and with --json one JSON line."""
