"""Pictures for the documentation, made by the tests that come by what they show: `make pictures`."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any


def picture(page: Any, name: str, *, width: int = 1200, height: int = 800) -> None:
    """As docs/pictures/NAME.png, where PICTURES names that folder; else nothing."""
    folder = os.environ.get("PICTURES")
    if not folder:
        return
    page.set_viewport_size({"width": width, "height": height})
    page.evaluate("window.scrollTo(0, 0)")
    page.screenshot(path=Path(folder) / f"{name}.png")
    page.set_viewport_size({"width": 1200, "height": 900})
