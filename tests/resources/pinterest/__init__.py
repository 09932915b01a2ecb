"""The Pinterest client against the demo server, the official description and bodies that were recorded."""
