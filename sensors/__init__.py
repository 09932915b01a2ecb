"""What makes the assets run by themselves: changes of taste, times of day, and a word to somebody when a run fails."""
