"""Where the files lie that Firstline ships: config.toml, templates, training data."""

from __future__ import annotations

from pathlib import Path

SHIPPED = ("config.toml", "templates", "training_data")


def find_shipped() -> Path:
    """The folder that holds them: inside the installed package, or the root of a checkout."""
    package = Path(__file__).parent.parent
    inside = package / "starter"
    return inside if inside.exists() else package.parent
