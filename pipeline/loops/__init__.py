"""A rehearsal against mail loops: the guard as it is configured, opposite machines that answer whatever they get."""
