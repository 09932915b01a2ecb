"""The world's people and places as plain values, and the truth about who suits what."""
