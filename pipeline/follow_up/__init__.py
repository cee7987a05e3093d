"""Watching tickets: promises that are due, what moved, and what has gone quiet."""
