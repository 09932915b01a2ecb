"""Real HTTP servers on loopback for the parties the demo world is made of. Only serving belongs here."""
