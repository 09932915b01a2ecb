"""From boards and ratings to taste clusters, recommendations, matches and reports."""
