"""Topics, grants and the calendar, changed in config.toml: checked as at the start, kept with who and why, undone."""
