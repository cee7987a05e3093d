"""The routes of the desk, found in the app itself, and a real address for each."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from fastapi.routing import APIRoute

from pipeline.web.app import make_app
from tests.web_doors import web_doors


def desk_routes() -> list[tuple[str, str, str]]:
    """Method, path and action of each; '' for one that is open to everybody."""
    with tempfile.TemporaryDirectory() as folder:
        doors = web_doors(Path(folder))
        app = make_app(doors)
        doors.close()
    found = [one for one in _all_routes(app.routes) if one.path.startswith("/desk")]
    return [(method, one.path, _action(one)) for one in found for method in sorted(one.methods or ())]


def _all_routes(routes: Sequence[Any]) -> Iterator[APIRoute]:
    """Also those of routers that were included."""
    for one in routes:
        if isinstance(one, APIRoute):
            yield one
        elif included := getattr(one, "original_router", None):
            yield from _all_routes(included.routes)


def _action(route: APIRoute) -> str:
    named = [getattr(one.call, "action", "") for one in route.dependant.dependencies]
    return next((action for action in named if action), "")


def place(path: str, values: Mapping[str, str] | None = None) -> str:
    """The path with these values in its gaps; else with something that is not there."""
    return re.sub(r"\{(\w+)(?::\w+)?\}", lambda gap: (values or {}).get(gap[1], "7K3M-9QTX"), path)
