"""Writes all pages that are made from the program: `make pages`."""

from __future__ import annotations

from pathlib import Path

from handbook.reference.pages import PAGES

for path, text in PAGES.items():
    file = Path(__file__).parents[2] / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text(), encoding="utf-8")
