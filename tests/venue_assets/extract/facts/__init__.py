"""Facts read by rule."""
