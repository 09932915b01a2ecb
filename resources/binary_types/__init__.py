"""Values in Postgres' own binary form; `resources.database` has every connection know them."""
