"""What the tests of the demo Pinterest share: a small world, a running server, the official description, Prism."""
