"""Config → live doors, and whether they work."""
