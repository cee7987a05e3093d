"""A decision → the letter: its values, its message, dates in words, links."""
