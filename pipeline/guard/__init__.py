"""May a robot answer this mail? A table of rules, each a small function that leaves its reason."""
