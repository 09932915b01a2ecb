"""Encoders of our own making, loaded as an operator's would be: `python:tests.plugins.MODULE:FACTORY`."""
