"""The reply templates: from the files in `templates/` to a letter."""
