"""Everything with a handle to the outside: settings, database, photo store, model runtimes, identity.

Assets, sensors and the lookbook import from here; nothing here imports them.
"""
