"""The checks of a template, one a file: `(bench, looked) → findings`. table.py lists them in order."""
